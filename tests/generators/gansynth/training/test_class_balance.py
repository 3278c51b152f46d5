"""Classes of different size in the training of a GAN: how often they are shown, and asked for."""

import dataclasses
import itertools

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.latents import GENERATOR_UPDATE, StepSeed
from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.gansynth.training.real_clips import RealClips
from gansynth_isa.generators.gansynth.training.run import describe_run
from gansynth_isa.generators.gansynth.training.state import GanState

NUM_BATCHES = 200


@pytest.fixture(params=["none", "balanced"])
def scarce(request, tiny_config, tiny_clips):
    """(what a run on one clip of a class and three of the other is about, the clips, share of the scarce class)."""
    kept = [np.flatnonzero(tiny_clips.labels == 0)[0], *np.flatnonzero(tiny_clips.labels == 1)]
    clips = tiny_clips.select(np.array(kept))
    training = dataclasses.replace(tiny_config.training, gan_class_balance=request.param)
    description = describe_run(dataclasses.replace(tiny_config, training=training), clips)
    return description, clips, {"none": 1 / 4, "balanced": 1 / 2}[request.param]


@pytest.fixture
def first_stage(scarce):
    config = scarce[0].config
    return stage_plan(config.training, config.network)[0]


def test_scarce_class_is_among_real_clips_as_often_as_the_balance_says(scarce, first_stage):
    description, clips, share = scarce
    assert description.class_counts == (1, 3)
    real = RealClips(description, clips)
    batches = real.batches(real.at(first_stage), first_stage, 0)
    labels = np.concatenate([labels for _, labels in itertools.islice(batches, NUM_BATCHES)])
    # Epochs hold exactly these shares; the last one may be cut.
    assert labels[:, 0].mean() == pytest.approx(share, abs=6 / len(labels))


def test_labels_of_fakes_have_the_shares_of_the_real_clips(scarce, first_stage):
    description, _, share = scarce
    np.testing.assert_allclose(description.class_shares, [share, 1 - share])
    state = GanState(description.config, first_stage, description.class_shares, description.num_channels)
    drawn = (StepSeed(0, tf.constant(step, tf.int64)) for step in range(NUM_BATCHES))
    labels = np.concatenate([state._fakes(seed, GENERATOR_UPDATE)[1] for seed in drawn])
    # Four deviations of the mean of as many draws.
    assert labels[:, 0].mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / len(labels)))


def test_training_with_another_balance_is_another_training(scarce):
    description = scarce[0]
    before = dataclasses.replace(description.config.training, gan_class_balance="none")
    other = dataclasses.replace(description, config=dataclasses.replace(description.config, training=before))
    wanted = [] if description.config.training == before else ["gan_class_balance: none -> balanced"]
    assert other.changes(description) == wanted
