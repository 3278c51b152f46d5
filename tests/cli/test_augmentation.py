"""The choice of a policy by the commands that train classifiers, and the picture of all operations."""

import json
import re

import pytest

from gansynth_isa.cli import augmentation_sheet, classify, experiment
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls

SIZE = ("--dataset=mb", "--mel_bins=8", "--classifier=cnn", "--classifier_steps=2", "--classifier_batch_size=6")
MIXUP = "--augmentation=mixup_image_pool"


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=2, test_files=3)
    return folder


def test_classify_trains_by_the_policy_that_is_asked_for_and_keeps_it(recordings, tmp_path, capfd):
    arguments = ["classify", *SIZE, f"--data_dir={recordings}", f"--output_dir={tmp_path}", "--method=augmented"]
    assert run_command(classify.main, [*arguments, MIXUP, "--mixup_alpha=0.4"]) == 0
    assert "2 steps of 6, augmentation mixup_image_pool" in capfd.readouterr().out
    configuration = json.loads((tmp_path / "result.json").read_text())["configuration"]
    assert (configuration["augmentation"], configuration["mixup_alpha"]) == ("mixup_image_pool", 0.4)
    assert run_command(classify.main, arguments) == 2
    expected = "holds another classifier (augmentation: mixup_image_pool -> spectrogram; mixup_alpha: 0.4 -> 0.2)"
    assert expected in capfd.readouterr().err


def test_experiment_trains_by_the_policy_that_is_asked_for_and_keeps_it(recordings, tmp_path, capfd):
    arguments = ["experiment", *SIZE, f"--data_dir={recordings}", f"--output_dir={tmp_path}", "--levels=2"]
    arguments += ["--methods=augmented", "--trials=1", "--num_resolutions=2", "--start_height=16", "--start_width=4"]
    assert run_command(experiment.main, [*arguments, MIXUP]) == 0
    assert "augmentation mixup_image_pool" in capfd.readouterr().out
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 1
    assert run_command(experiment.main, arguments) == 2
    expected = "holds another experiment (augmentation: mixup_image_pool -> spectrogram)"
    assert expected in capfd.readouterr().err


@pytest.mark.parametrize("command", [classify, experiment])
@pytest.mark.parametrize(
    ("flag", "message"),
    [
        (
            "--augmentation=spectogram",
            "augmentation: expected one of spectrogram, mixup_image_pool, got 'spectogram'; "
            "did you mean 'spectrogram'?",
        ),
        ("--mixup_alpha=0", "mixup_alpha: expected more than 0, got 0"),
    ],
)
def test_value_that_there_is_not_is_refused_in_one_line(command, flag, message, recordings, tmp_path, capfd):
    arguments = [*SIZE, f"--data_dir={recordings}", f"--output_dir={tmp_path / 'none'}", flag]
    assert run_command(command.main, ["command", *arguments]) == 2
    assert capfd.readouterr().err.strip() == f"error: {message}"
    assert not (tmp_path / "none").exists()


def test_sheet_is_a_small_picture_and_the_command_names_its_clips(recordings, tmp_path, capfd):
    path = tmp_path / "new" / "sheet.png"
    arguments = [*SIZE, f"--data_dir={recordings}", "--feature_cache_dir="]
    assert run_command(augmentation_sheet.main, ["sheet", *arguments, f"--picture={path}"]) == 0
    assert path.read_bytes()[:4] == b"\x89PNG" and path.stat().st_size < 300_000
    line = capfd.readouterr().out.splitlines()[-1]
    clip, partner = re.fullmatch(rf"{re.escape(str(path))}: (\S+), mixed with (\S+)", line).groups()
    assert (recordings / clip).is_file() and clip.split("/")[-2] != partner.split("/")[-2]
    assert run_command(augmentation_sheet.main, ["sheet", *arguments]) == 2
    assert "picture: expected a PNG file to write, got nothing" in capfd.readouterr().err
