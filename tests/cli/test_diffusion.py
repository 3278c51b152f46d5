"""Latent diffusion through the commands, at a size of seconds."""

import json

import pytest

from gansynth_isa.cli import export, generate, round_trip, train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls

SIZE = (
    *("--dataset=mb", "--mel_bins=8", "--generator=diffusion", "--diffusion_latents=components"),
    *("--diffusion_filters=4", "--diffusion_images=64", "--diffusion_steps=2", "--classifier_steps=20"),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=4, test_files=6)
    return (*SIZE, f"--data_dir={folder}", "--feature_cache_dir=")


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("diffusion") / "run"
    assert run_command(train.main, ["train", *data, f"--train_root_dir={folder}"]) == 0
    return folder


def test_clips_are_written_and_the_sampler_is_exported_without_the_recordings(trained, tmp_path):
    arguments = (f"--train_root_dir={trained}", f"--output_dir={tmp_path / 'S'}", "--samples_per_class=4")
    assert run_command(generate.main, ["generate", *arguments]) == 0
    metadata = json.loads((tmp_path / "S" / "metadata.json").read_text())
    assert (metadata["generator"], metadata["diffusion_steps"]) == ("diffusion", 2)
    arguments = (f"--train_root_dir={trained}", f"--export_dir={tmp_path / 'X'}", "--format=keras")
    assert run_command(export.main, ["export", *arguments]) == 0
    assert (tmp_path / "X" / "generator.keras").exists()
    assert "Latent diffusion in 11 latents by principal components" in (tmp_path / "X" / "MODEL_CARD.md").read_text()


@pytest.mark.slow
def test_ceiling_is_printed_and_written(trained, data, tmp_path, capfd):
    arguments = (f"--train_root_dir={trained}", f"--output_dir={tmp_path}", "--instrument_trials=1")
    assert run_command(round_trip.main, ["round_trip", *data, *arguments]) == 0
    assert "ceiling (1: nothing of worth is lost): " in capfd.readouterr().out
    assert json.loads((tmp_path / "ceiling.json").read_text())["ceiling"] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--diffusion_latents=autoencodr",), "did you mean 'autoencoder'?"),
        (
            ("--diffusion_latents=autoencoder", "--mel_bins=6", "--diffusion_reduction=4"),
            "divisor of the 32 frames and 6",
        ),
        (("--diffusion_steps=1",), "diffusion_steps: expected at least 2, got 1"),
        (("--diffusion_label_drop=0", "--diffusion_guidance=2"), "diffusion_guidance: expected 1 where"),
        (("--init_from=elsewhere",), "init_from: expected nothing for the kind diffusion"),
        (("--strategy=mirrored",), "strategy: expected 'none' for the kind diffusion"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2_before_anything_is_written(data, tmp_path, capfd, arguments, message):
    assert run_command(train.main, ["train", *data, *arguments, f"--train_root_dir={tmp_path / 'G'}"]) == 2
    error = capfd.readouterr().err
    assert message in error and error.count("\n") == 1
    assert not (tmp_path / "G").exists()


def test_ceiling_of_other_features_or_of_a_kind_without_latents_is_refused(trained, data, tmp_path, capfd):
    arguments = (f"--train_root_dir={trained}", "--hop_length=256")
    assert run_command(round_trip.main, ["round_trip", *data, *arguments]) == 2
    assert "hop_length: expected 512 as the generator was trained with, got 256" in capfd.readouterr().err
    arguments = ("--generator=smote", f"--train_root_dir={tmp_path / 'smote'}")
    assert run_command(train.main, ["train", *data, *arguments]) == 0
    assert run_command(round_trip.main, ["round_trip", *data, *arguments]) == 2
    assert "the kind smote has no latents that clips could go through" in capfd.readouterr().err
