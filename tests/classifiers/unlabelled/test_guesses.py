"""Ramp, alignment, labels, losses and averages, against numbers that were worked out by hand."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers.unlabelled.guesses import (
    Alignment,
    WeightAverage,
    confident_labels,
    consistency_loss,
    decay_of,
    label_loss,
    ramp,
)


@pytest.mark.parametrize(
    ("step", "expected"), [(0, 0.0), (9, 0.0), (10, math.exp(-5)), (20, math.exp(-1.25)), (30, 1.0), (99, 1.0)]
)
def test_ramp_rises_as_the_exponential_of_a_square_after_its_start(step, expected):
    assert float(ramp(tf.constant(step), start=10, length=20)) == pytest.approx(expected, rel=1e-6)


def test_ramp_without_length_is_a_step():
    assert [float(ramp(tf.constant(step), start=2, length=0)) for step in (0, 1, 2, 3)] == [0.0, 0.0, 1.0, 1.0]


def test_alignment_divides_by_the_running_mean_of_the_guesses():
    align = Alignment(np.array([0.5, 0.5]), decay=0.5)
    # The mean moves from (0.5, 0.5) half the way to the batch's (0.7, 0.3): (0.6, 0.4).
    aligned = align(tf.constant([[0.8, 0.2], [0.6, 0.4]])).numpy()
    first = np.array([0.8 * 0.5 / 0.6, 0.2 * 0.5 / 0.4])
    np.testing.assert_allclose(align.mean_guess.numpy(), [0.6, 0.4], rtol=1e-6)
    np.testing.assert_allclose(aligned, [first / first.sum(), [0.5, 0.5]], rtol=1e-6)


def test_alignment_with_a_rare_class_makes_it_rarer():
    align = Alignment(np.array([0.9, 0.1]), decay=0.0)
    aligned = align(tf.constant([[0.5, 0.5]])).numpy()
    np.testing.assert_allclose(aligned, [[0.9, 0.1]], rtol=1e-6)


def test_labels_are_given_from_the_threshold_on():
    guesses = tf.constant([[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]])
    np.testing.assert_array_equal(confident_labels(guesses, 0.75), [[1, 0], [0, 0], [0, 1]])
    np.testing.assert_array_equal(confident_labels(guesses, 0.8), [[0, 0], [0, 0], [0, 1]])


def test_label_loss_counts_clips_without_a_label_as_none():
    targets = tf.constant([[1.0, 0.0], [0.0, 0.0]])
    probabilities = tf.constant([[0.25, 0.75], [0.9, 0.1]])
    assert float(label_loss(targets, probabilities)) == pytest.approx(math.log(4) / 2, rel=1e-6)


def test_label_loss_of_an_impossible_label_is_finite():
    assert float(label_loss(tf.constant([[1.0, 0.0]]), tf.constant([[0.0, 1.0]]))) == pytest.approx(-math.log(1e-7))


def test_consistency_loss_is_the_mean_squared_distance():
    teacher, student = tf.constant([[0.9, 0.1], [0.5, 0.5]]), tf.constant([[0.6, 0.4], [0.5, 0.5]])
    assert float(consistency_loss(teacher, student)) == pytest.approx((0.09 + 0.09) / 2, rel=1e-5)


def test_half_life_says_how_much_of_an_average_is_old():
    assert decay_of(1.0) == 0.5
    assert decay_of(20.0) ** 20 == pytest.approx(0.5)


def test_weight_average_starts_with_the_weights_and_follows_them_by_its_half_life():
    def network():
        return keras.Sequential([keras.Input((1,)), keras.layers.Dense(1), keras.layers.BatchNormalization()])

    trained, average = network(), network()
    trained.set_weights([np.full(weight.shape, 1.0) for weight in trained.get_weights()])
    weights = WeightAverage(trained, average, half_life_steps=1.0)
    assert all((weight == 1.0).all() for weight in average.get_weights())
    for value, expected in ((3.0, 2.0), (0.0, 1.0), (0.0, 0.5)):
        trained.set_weights([np.full(weight.shape, value) for weight in trained.get_weights()])
        weights.update()
        assert [float(weight.max()) for weight in average.get_weights()] == [expected] * 6
