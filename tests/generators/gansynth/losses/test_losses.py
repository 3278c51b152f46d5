"""Losses against hand computations."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.adversarial.gradient_penalty import gradient_penalty, interpolate
from gansynth_isa.generators.adversarial.wasserstein import (
    discriminator_wasserstein,
    generator_wasserstein,
    real_score_penalty,
)
from gansynth_isa.generators.gansynth.losses.auxiliary_class import class_accuracy, class_cross_entropy


def test_wasserstein_losses_of_known_scores_match_hand_computation():
    real, fake = tf.constant([[1.0], [3.0]]), tf.constant([[0.5], [-1.5]])
    assert float(generator_wasserstein(fake)) == pytest.approx(0.5)
    assert float(discriminator_wasserstein(real, fake)) == pytest.approx(-2.5)
    assert float(real_score_penalty(real)) == pytest.approx(5.0)


def test_gradient_penalty_of_known_slopes_is_mean_squared_distance_to_target():
    gradients = np.zeros((2, 1, 2, 1), np.float32)
    gradients[0, 0, :, 0] = [3.0, 4.0]
    gradients[1, 0, :, 0] = [0.0, 1.0]
    assert float(gradient_penalty(gradients)) == pytest.approx(((5 - 1) ** 2 + 0) / 2)
    assert float(gradient_penalty(gradients, 2.0, 0.5)) == pytest.approx(((1.25 - 1) ** 2 + (0.25 - 1) ** 2) / 2)


def test_gradient_penalty_at_zero_gradient_has_finite_derivative():
    gradients = tf.zeros((2, 2, 2, 1))
    with tf.GradientTape() as tape:
        tape.watch(gradients)
        penalty = gradient_penalty(gradients)
    assert float(penalty) == pytest.approx(1.0, abs=1e-5)
    assert np.all(np.isfinite(tape.gradient(penalty, gradients)))


def test_interpolate_at_both_ends_gives_real_and_fake():
    real, fake = tf.ones((1, 2, 2, 1)), tf.fill((1, 2, 2, 1), 5.0)
    assert float(tf.reduce_max(interpolate(real, fake, 0.0))) == 1.0
    assert float(tf.reduce_min(interpolate(real, fake, 1.0))) == 5.0


def test_class_losses_of_known_logits_match_softmax():
    logits = tf.constant([[0.0, np.log(3.0)], [0.0, 0.0]], tf.float32)
    labels = tf.constant([[0.0, 1.0], [1.0, 0.0]])
    assert float(class_cross_entropy(labels, logits)) == pytest.approx((np.log(4 / 3) + np.log(2)) / 2, rel=1e-5)
    assert float(class_accuracy(labels, logits)) == pytest.approx(1.0)
