"""Two-channel clips through every command, at a size of seconds."""

import json

import numpy as np
import pytest
import soundfile

from gansynth_isa.cli import classify, evaluate, export, generate, predict, train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic
from gansynth_isa.data.simulation.writer import simulate_balls

pytestmark = pytest.mark.slow
CLASSES = ("broken", "coated", "eloxed")
SIZE = (
    "--dataset=mb", "--data_type=mel", "--sample_rate=8000", "--fft_length=256", "--hop_length=64", "--mel_bins=8",
    "--frames=32", "--num_resolutions=2", "--start_height=16", "--start_width=4", "--fmap_max=4",
    "--latent_vector_size=8", "--stable_stage_num_images=16", "--transition_stage_num_images=16",
    "--moving_average_half_life_images=8", "--classifier_steps=4", "--clips_per_class=3", "--feature_cache_dir=",
)  # fmt: skip


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=3, test_files=3)
    return folder


@pytest.fixture(scope="module")
def folder(recordings, tmp_path_factory):
    """Holds `gan`, a finished training, and `clips`, what it generated, audible too."""
    folder = tmp_path_factory.mktemp("two_channels")
    arguments = [*SIZE, f"--data_dir={recordings}", f"--train_root_dir={folder / 'gan'}"]
    assert run_command(train.main, ["train", *arguments]) == 0
    clips = [f"--train_root_dir={folder / 'gan'}", f"--output_dir={folder / 'clips'}", "--samples_per_class=3"]
    assert run_command(generate.main, ["generate", *clips, "--wav"]) == 0
    return folder


def test_training_knows_its_channels_and_has_a_range_for_each(folder):
    experiment = json.loads((folder / "gan" / "experiment.json").read_text())
    assert experiment["num_channels"] == 2 and experiment["configuration"]["features"]["data_type"] == "mel"
    assert len(experiment["normalizer"]["scale"]) == 2
    assert len(set(experiment["normalizer"]["scale"])) == 2


def test_generated_clips_know_their_data_type_and_stay_within_the_range_of_each_channel(folder):
    clips = read_synthetic(folder / "clips")
    assert clips.data_type == "mel" and clips.spectrograms.shape == (9, 32, 8, 2)
    assert clips.metadata["shape"] == [32, 8, 2]
    assert clips.spectrograms[..., 0].min() < -2.0 and np.abs(clips.spectrograms[..., 1]).max() < 8.0


def test_generated_clips_can_be_heard(folder):
    files = sorted((folder / "clips" / "wav").iterdir())
    assert [path.name for path in files[:4]] == [
        f"synthetic-{number:05d}-{name}.wav" for number, name in enumerate((*CLASSES, "broken"))
    ]
    assert len(files) == 9
    for path in files:
        sound, sample_rate = soundfile.read(path)
        assert sample_rate == 8000 and len(sound) == 31 * 64 + 256  # what the frames cover of 0.4 s
        assert 0.85 < np.abs(sound).max() < 0.95


def test_generating_again_without_wav_leaves_no_sound_of_other_clips(folder, tmp_path):
    arguments = [f"--train_root_dir={folder / 'gan'}", f"--output_dir={tmp_path}", "--samples_per_class=1"]
    assert run_command(generate.main, ["generate", *arguments, "--wav"]) == 0
    assert (tmp_path / "wav").is_dir()
    assert run_command(generate.main, ["generate", *arguments, "--seed=1"]) == 0
    assert not (tmp_path / "wav").exists()


def test_classifier_of_two_channels_is_trained_exported_and_asked(folder, recordings, tmp_path, capfd):
    arguments = [*SIZE, f"--data_dir={recordings}", "--method=gan_augmented", f"--synthetic_dir={folder / 'clips'}"]
    assert run_command(classify.main, ["classify", *arguments, f"--output_dir={tmp_path / 'C'}"]) == 0
    exporting = [f"--classifier_dir={tmp_path / 'C'}", f"--export_dir={tmp_path / 'X'}"]
    assert run_command(export.main, ["export", *exporting]) == 0
    file = str(next(path for path in sorted(recordings.rglob("*.wav"))))
    capfd.readouterr()
    answers = []
    for model in ("C", "X"):
        assert run_command(predict.main, ["predict", f"--model={tmp_path / model}", "--json", file]) == 0
        answers.append(json.loads(capfd.readouterr().out)["predictions"][0]["probabilities"])
    first, second = answers
    assert set(first) == set(CLASSES)
    assert first == pytest.approx(second, abs=1e-5)


def test_evaluate_measures_two_channels(folder, recordings, capfd):
    arguments = [*SIZE, f"--data_dir={recordings}", f"--synthetic_dir={folder / 'clips'}"]
    assert run_command(evaluate.main, ["evaluate", *arguments]) == 0
    assert "relative spread" in capfd.readouterr().out


def test_synthetic_clips_of_another_data_type_are_refused_in_one_line(folder, recordings, tmp_path, capfd):
    arguments = [*SIZE, "--data_type=log_mel", f"--data_dir={recordings}", f"--synthetic_dir={folder / 'clips'}"]
    assert run_command(classify.main, ["classify", *arguments, "--method=gan", f"--output_dir={tmp_path / 'C'}"]) == 2
    error = capfd.readouterr().err
    assert "expected clips of data_type log_mel, got mel" in error and error.count("\n") == 1


@pytest.mark.parametrize("command", [train, classify])
def test_linear_data_with_mel_bins_are_refused_in_one_line(command, recordings, tmp_path, capfd):
    arguments = ["--data_type=linear", "--mel_bins=64", f"--data_dir={recordings}", f"--output_dir={tmp_path}"]
    assert run_command(command.main, ["command", *arguments]) == 2
    error = capfd.readouterr().err
    assert "mel_bins: expected fft_length / 2 = 1024 for data_type linear" in error and error.count("\n") == 1
