"""gansynth_isa_classify --method=auto, from recordings to an exported model."""

import json
import signal

import pytest

from gansynth_isa.cli import classify, experiment, export
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls
from gansynth_isa.errors import Interrupted

SIZE = ("--dataset=mb", "--mel_bins=8", "--classifier_steps=3", "--classifier=cnn", "--samples_per_class=4")
AUTO = (
    "--method=auto",
    "--auto_default=augmented",
    "--auto_candidates=augmented,gaussian_augmented",
    "--auto_minutes=0.45",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=3, test_files=6)
    return (*SIZE, f"--data_dir={folder}", f"--feature_cache_dir={tmp_path_factory.mktemp('cache')}")


@pytest.fixture(scope="module")
def classifier(data, tmp_path_factory):
    """Folder of a classifier that was chosen."""
    folder = tmp_path_factory.mktemp("classifier") / "C"
    assert run_command(classify.main, ["classify", *data, *AUTO, f"--output_dir={folder}"]) == 0
    return folder


def test_result_has_the_choice_its_evidence_and_the_settings_that_were_asked_for(classifier):
    result = json.loads((classifier / "result.json").read_text())
    choice = result["choice"]
    assert choice["default"] == "augmented" and choice["chosen"] in ("augmented", "gaussian_augmented")
    assert [each["name"] for each in choice["candidates"]] == ["augmented", "gaussian_augmented"]
    assert all(len(each["accuracies"]) == choice["rounds"] * choice["trials"] for each in choice["candidates"])
    assert result["configuration"]["method"] == "auto" and result["steps"] == 3
    log = (classifier / "log.txt").read_text()
    assert "left-out accuracy" in log and f"auto: takes {choice['chosen']}: {choice['reason']}" in log
    assert (classifier / "model.keras").exists() and not (classifier / "generators").exists()


def test_same_command_again_says_that_it_is_finished_and_another_generator_is_refused(classifier, data, capfd):
    again = ["classify", *data, *AUTO, f"--output_dir={classifier}"]
    assert run_command(classify.main, again) == 0
    assert "finished, nothing to do" in capfd.readouterr().out
    assert run_command(classify.main, [*again, "--gaussian_components=3"]) == 2
    assert "holds another classifier (synthetic clips: others)" in capfd.readouterr().err


def test_chosen_classifier_is_exported_like_any(classifier, tmp_path):
    flags = [f"--classifier_dir={classifier}", f"--export_dir={tmp_path / 'X'}", "--format=keras"]
    assert run_command(export.main, ["export", *flags]) == 0
    assert list((tmp_path / "X").glob("*.keras"))


def test_dry_run_prints_what_would_be_compared_and_writes_nothing(data, tmp_path, capfd):
    flags = [*data, *AUTO, f"--output_dir={tmp_path / 'C'}", "--dry_run"]
    assert run_command(classify.main, ["classify", *flags]) == 0
    expected = "auto: augmented against gaussian_augmented; 3 rounds of left-out recordings x 1 trial of 3 steps"
    assert expected in capfd.readouterr().out
    assert not (tmp_path / "C").exists()


def test_one_recording_per_class_takes_the_default_and_says_so(data, tmp_path, capfd):
    flags = [*data, *AUTO, "--clips_per_class=1", f"--output_dir={tmp_path / 'C'}"]
    assert run_command(classify.main, ["classify", *flags]) == 0
    said = [line for line in capfd.readouterr().out.splitlines() if "'broken' has 1 recording or group" in line]
    assert len(said) == 1 and said[0].startswith("auto: takes augmented without a comparison: class")
    assert json.loads((tmp_path / "C" / "result.json").read_text())["choice"]["chosen"] == "augmented"


@pytest.mark.parametrize(
    ("signal_of", "status", "text"),
    [
        (KeyboardInterrupt(), 130, "stopped by SIGINT"),
        (Interrupted(signal.SIGTERM, "stopped by SIGTERM"), 143, "stopped by SIGTERM"),
    ],
)
def test_choice_that_is_stopped_says_what_the_same_command_goes_on_with(
    data, tmp_path, capfd, monkeypatch, signal_of, status, text
):
    def stopped(*_):
        raise signal_of

    monkeypatch.setattr("gansynth_isa.choosing.folder.train_in_folder", stopped)
    assert run_command(classify.main, ["classify", *data, *AUTO, f"--output_dir={tmp_path / 'C'}"]) == status
    expected = f"{text}; the same command goes on: it keeps the generators that are trained, and compares anew\n"
    assert capfd.readouterr().err == expected


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--auto_candidates=gausian",), "auto_candidates: expected some of baseline, augmented, "),
        (("--auto_default=gausian",), "auto_default: expected some of baseline, augmented, "),
        (("--auto_candidates=gausian",), "did you mean 'gaussian'?"),
        (("--auto_candidates=gaussian:pretrian",), "did you mean 'pretrain'?"),
        (("--budget=paper",), "budget: expected 'equal' for --method=auto"),
        (("--auto_minutes=0",), "auto_minutes: expected more than 0, got 0"),
        (("--gaussian_sharing=2",), "gaussian_sharing: expected at most 1"),
    ],
)
def test_wrong_usage_is_one_line_and_nothing_is_written(data, tmp_path, capfd, flags, message):
    command = ["classify", *data, "--method=auto", f"--output_dir={tmp_path / 'C'}", *flags]
    assert run_command(classify.main, command) == 2
    error = capfd.readouterr().err
    assert error.count("\n") == 1 and message in error
    assert not (tmp_path / "C").exists()


def test_experiment_plans_the_kinds_that_a_choice_may_take_and_refuses_unknown_ones(data, tmp_path, capfd):
    command = ["experiment", *data, "--levels=2", f"--output_dir={tmp_path / 'E'}", "--methods=auto,baseline"]
    assert run_command(experiment.main, [*command, "--dry_run"]) == 0
    output = capfd.readouterr().out
    assert "each Gaussian:" in output and "each GAN:" not in output
    assert run_command(experiment.main, [*command, "--auto_candidates=gausian"]) == 2
    assert "did you mean 'gaussian'?" in capfd.readouterr().err
    assert not (tmp_path / "E").exists()
