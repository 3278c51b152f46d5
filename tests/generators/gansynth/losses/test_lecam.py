"""The penalty on distances of scores, and its moving averages, against hand computation."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.config import TrainingConfig
from gansynth_isa.generators.gansynth.losses.lecam import lecam_penalty, moved_averages
from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.training.moment import Batch, Moment
from gansynth_isa.generators.gansynth.training.step import GanStep

REAL, FAKE = tf.constant([[3.0], [0.0]]), tf.constant([[-1.0], [5.0]])


def test_penalty_counts_how_far_reals_score_above_the_average_fake_and_fakes_below_the_average_real():
    averages = tf.constant([2.0, 1.0, 1.0])
    # Reals above 1: 2 and none. Fakes below 2: 3 and none.
    assert float(lecam_penalty(REAL, FAKE, averages)) == pytest.approx((2.0**2 + 0) / 2 + (3.0**2 + 0) / 2)


def test_averages_that_are_not_filled_yet_count_as_what_they_hold():
    half = tf.constant([1.0, 0.5, 0.5])
    assert float(lecam_penalty(REAL, FAKE, half)) == pytest.approx(6.5)
    assert float(lecam_penalty(REAL, FAKE, tf.zeros(3))) == 0.0


def test_moving_averages_of_two_steps_weigh_the_newer_more():
    averages = tf.zeros(3)
    for real, fake in ((1.0, -1.0), (3.0, 5.0)):
        averages = moved_averages(averages, tf.constant(real), tf.constant(fake))
    expected = np.array([0.99 * 1.0 + 3.0, 0.99 * -1.0 + 5.0, 0.99 + 1.0]) * 0.01
    np.testing.assert_allclose(averages, expected, rtol=1e-5)


def test_penalty_of_a_weight_is_least_where_scores_are_apart_as_it_says():
    weight, gaps = 0.1, np.linspace(0.0, 10.0, 101)
    # The averages follow the scores: the slope of -gap + weight * penalty at averages that are where the scores are.
    slopes = []
    for gap in gaps:
        scores = tf.constant([[gap]], tf.float32), tf.zeros((1, 1))
        with tf.GradientTape() as tape:
            tape.watch(scores[0])
            loss = -tf.reduce_sum(scores[0]) + weight * lecam_penalty(*scores, tf.constant([gap, 0.0, 1.0], tf.float32))
        slopes.append(abs(float(tape.gradient(loss, scores[0])[0, 0])))
    assert gaps[np.argmin(slopes)] == pytest.approx(1 / (2 * weight))


def step_with(lecam_weight: float) -> GanStep:
    shape = {"num_classes": 2, "start_resolution": (2, 4), "filters": (4, 4), "num_blocks": 1}
    generator, average = (Generator(latent_vector_size=3, name=name, **shape) for name in ("generator", "average"))
    return GanStep(generator, Discriminator(**shape), average, TrainingConfig(lecam_weight=lecam_weight), 1.0, 0.9)


def test_step_weighs_the_penalty_and_moves_the_averages_afterwards():
    step, moment = step_with(0.5), Moment(tf.constant(0.0))
    latents, labels = tf.random.stateless_normal((4, 3), (0, 1)), tf.one_hot([0, 1, 0, 1], 2)
    reals = Batch(tf.random.stateless_uniform((4, 2, 4, 1), (0, 2), -1, 1), labels)
    fraction = tf.fill((4, 1, 1, 1), 0.5)
    losses, _ = step.discriminator_step(latents, labels, reals, fraction, moment)
    assert float(losses["lecam"]) == 0.0
    expected = [0.01 * float(losses["real_score"]), 0.01 * float(losses["fake_score"]), 0.01]
    np.testing.assert_allclose(step.score_averages, expected, rtol=1e-5)
    step.score_averages.assign([1.0, -1.0, 1.0])
    fakes = Batch(step.generator(latents, labels), labels)
    losses = step.discriminator_losses(fakes, reals, fraction, moment)
    plain = step_with(0.0)
    for ours, theirs in zip(plain.discriminator.variables, step.discriminator.variables, strict=True):
        ours.assign(theirs)
    without = plain.discriminator_losses(fakes, reals, fraction, moment)
    assert plain.score_averages is None and "lecam" not in without
    difference = float(losses["discriminator_loss"] - without["discriminator_loss"])
    assert difference == pytest.approx(0.5 * float(losses["lecam"]), rel=1e-4)
    assert float(losses["lecam"]) > 0
