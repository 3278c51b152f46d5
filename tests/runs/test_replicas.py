"""Two replicas on one machine against one device with the same groups, in a process of its own."""

import dataclasses
import json
import subprocess
import sys

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig, TrainingConfig
from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.gansynth.training.sharing import check_shares, with_fixed_groups

# Logical devices can only be made before TensorFlow starts.
TWO_DEVICES = """
import json, shutil, sys
from pathlib import Path

import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.runs.checkpoints import checkpoint_image
from gansynth_isa.checks.crash_battery import run_differences
from gansynth_isa.generators.gansynth.training.run import train_gan
from gansynth_isa.runs.replicas import make_replicas
from gansynth_isa.validation import from_dict

folder = Path(sys.argv[1])
config = from_dict(GanConfig, json.loads(sys.argv[2]))
names = tuple(f"{index}.wav" for index in range(6))
clips = ClipSet(
    spectrograms=np.random.default_rng(0).normal(size=(6, 4, 8, 1)).astype(np.float32),
    labels=np.array([1, 1, 1, 0, 0, 0], np.int32), class_names=("loud", "quiet"), recordings=names, groups=names,
    splits=(None,) * 6, digests={name: f"{index:064d}" for index, name in enumerate(names)}, num_ignored=0,
)
train_gan(config, clips, folder / "one", Console())
replicas = make_replicas("mirrored", print)
train_gan(config, clips, folder / "two", Console(), replicas=replicas)
shutil.copytree(folder / "two", folder / "resumed")
for path in (folder / "resumed").glob("stage_*/checkpoint-*.npz"):
    if checkpoint_image(path) > 80:
        path.unlink()
train_gan(config, clips, folder / "resumed", Console(), replicas=replicas)
print(json.dumps([replicas.num_replicas, run_differences(folder / "two", folder / "resumed")]))
"""
LOSSES = (
    "generator_loss", "generator_wasserstein", "fake_class_loss", "discriminator_loss", "discriminator_wasserstein",
    "gradient_penalty", "real_score_penalty", "real_class_loss",
)  # fmt: skip
# Settings of network and training that the original does not have.
BEYOND = (
    {"noise_inputs": True, "class_conditioning": "margin", "latent_normalization": "apart"},
    {"gan_augmentation_probability": 0.5, "lecam_weight": 0.1, "class_loss_ramp_images": 80},
)


def largest_difference(one: list[dict], two: list[dict]) -> float:
    """The largest difference of any loss at any step, relative to that loss."""
    return max(abs(a[name] - b[name]) / abs(a[name]) for a, b in zip(one, two, strict=True) for name in LOSSES)


@pytest.mark.slow
@pytest.mark.parametrize(("network", "training"), [({}, {}), BEYOND], ids=["original", "levers"])
def test_two_devices_train_as_one_with_the_same_groups_and_resume_exactly(network, training, tiny_config, tmp_path):
    training = dataclasses.replace(
        tiny_config.training, train_progressive=False, batch_size_schedule=(8,), minibatch_groups=2,
        stable_stage_num_images=160, save_summaries_num_images=8, save_checkpoints_num_images=80, **training,
    )  # fmt: skip
    network = dataclasses.replace(tiny_config.network, **network)
    config = json.dumps(dataclasses.asdict(dataclasses.replace(tiny_config, network=network, training=training)))
    run = [sys.executable, "-c", TWO_DEVICES, str(tmp_path), config]
    output = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    num_replicas, differences = json.loads(output.splitlines()[-1])
    assert num_replicas == 2
    assert differences == []
    rows = [
        [json.loads(line) for line in (tmp_path / name / "metrics.jsonl").read_text().splitlines()]
        for name in ("one", "two")
    ]
    assert len(rows[0]) == 20
    assert largest_difference(*rows) < 1e-4


def test_groups_default_to_one_per_replica_and_stay_as_the_run_was_started():
    config = GanConfig()
    assert with_fixed_groups(config, None, 4).training.minibatch_groups == 4
    stored = dataclasses.replace(config, training=TrainingConfig(minibatch_groups=8))
    assert with_fixed_groups(config, stored, 4).training.minibatch_groups == 8
    assert with_fixed_groups(stored, None, 4) is stored


@pytest.mark.parametrize(
    ("batch_sizes", "groups", "num_replicas", "message"),
    [
        ((8, 6), 4, 4, "batch_size_schedule: expected multiples of 4, at least 8, .* 4 replicas .* got 6"),
        ((4,), 4, 2, "batch_size_schedule: expected multiples of 4, at least 8, .* 4 groups .* got 4"),
        ((8,), 3, 2, "minibatch_groups: expected a multiple of the 2 replicas, got 3"),
    ],
)
def test_batches_that_cannot_be_shared_are_refused(tiny_config, batch_sizes, groups, num_replicas, message):
    training = dataclasses.replace(tiny_config.training, batch_size_schedule=batch_sizes)
    with pytest.raises(InputError, match=message):
        check_shares(stage_plan(training, tiny_config.network), groups, num_replicas)


def test_batches_of_whole_groups_are_shared(tiny_config):
    training = dataclasses.replace(tiny_config.training, batch_size_schedule=(8, 16))
    check_shares(stage_plan(training, tiny_config.network), 4, 2)
