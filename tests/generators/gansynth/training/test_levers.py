"""The settings beyond the original's, through a whole tiny run: growth, resume, generation, export, bfloat16."""

import dataclasses
import shutil

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.checks.crash_battery import run_differences
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.pipeline import gan_batches
from gansynth_isa.export.exporting import export_generator
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.gansynth.training.run import train_gan
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.generators.generation import load_generator
from gansynth_isa.runs.checkpoints import checkpoint_image, list_checkpoints, load_checkpoint

# Between them they hold every setting that the original does not have.
LEVERS = {
    "projection": {
        "noise_inputs": True,
        "class_conditioning": "projection",
        "latent_normalization": "apart",
        "class_loss_ramp_images": 20,
        "gan_augmentation_probability": 0.5,
        "lecam_weight": 0.1,
    },
    "margin": {
        "class_conditioning": "margin",
        "generator_ac_loss_weight": 1.0,
        "discriminator_ac_loss_weight": 1.0,
        "gan_augmentation_probability": 0.5,
        "gan_augmentation_shift": "padded",
    },
}


def with_settings(config: GanConfig, settings: dict) -> GanConfig:
    """The configuration with these settings of network and training."""
    network = {name: value for name, value in settings.items() if name in config.network.__dataclass_fields__}
    training = {name: value for name, value in settings.items() if name not in network}
    return dataclasses.replace(
        config,
        network=dataclasses.replace(config.network, **network),
        training=dataclasses.replace(config.training, **training),
    )


@pytest.fixture(scope="module", params=LEVERS)
def levers(request, tiny_config):
    """The configuration of a tiny run with some of them."""
    return with_settings(tiny_config, LEVERS[request.param])


@pytest.fixture(scope="module")
def run(levers, tiny_clips, tmp_path_factory):
    """Folder of a finished run with them; tests must not change it."""
    folder = tmp_path_factory.mktemp("levers") / "run"
    train_gan(levers, tiny_clips, folder, Console(), show_reports=False)
    return folder


def test_run_with_levers_resumed_in_a_transition_equals_one_that_was_never_stopped(run, levers, tiny_clips, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    for path in (tmp_path / "run").glob("stage_*/checkpoint-*.npz"):
        if checkpoint_image(path) > 24:
            path.unlink()
    train_gan(levers, tiny_clips, tmp_path / "run", Console(), show_reports=False)
    assert run_differences(run, tmp_path / "run") == []


def test_run_with_levers_is_another_than_the_original(run, tiny_run):
    ours, theirs = (load_checkpoint(list_checkpoints(folder / "stage_00002")[-1]) for folder in (run, tiny_run))
    shared = [name for name in theirs if name.startswith("generator/")]
    assert any(np.abs(ours[name] - theirs[name]).max() > 1e-6 for name in shared)


def test_saved_model_of_a_run_with_levers_makes_the_clips_of_the_package(run, tmp_path):
    trained = load_generator(run, for_export=True)
    labels = (np.arange(40) % 2).astype(np.int32)
    clips = trained.clips(labels, seed=7)
    np.testing.assert_array_equal(trained.clips(labels[30:], seed=7, first=30), clips[30:])
    export_generator(trained, "saved_model", tmp_path / "X")
    generate = tf.saved_model.load(str(tmp_path / "X")).signatures["generate"]
    exported = generate(class_index=tf.constant(labels), seed=tf.constant(7))["log_mel"].numpy()
    np.testing.assert_allclose(exported, clips, atol=1e-4)


def test_losses_with_levers_in_bfloat16_track_float32(levers):
    means = {}
    for precision in ("float32", "bfloat16"):
        config = with_settings(levers, {"mixed_precision": precision})
        stage = stage_plan(config.training, config.network)[1]
        state = GanState(config, stage, np.array([0.5, 0.5]), num_channels=1)
        images = np.random.default_rng(0).uniform(-0.8, 0.8, (12, *stage.resolution, 1)).astype(np.float32)
        batches = iter(gan_batches(images, np.eye(2, dtype=np.float32)[np.arange(12) % 2], 4, seed=0))
        state.train(batches, 4)
        means[precision] = state.mean_losses()
    for name in ("generator_loss", "discriminator_loss"):
        assert means["bfloat16"][name] == pytest.approx(means["float32"][name], rel=0.1, abs=0.1), name
