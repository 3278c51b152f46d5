"""The class loss with a margin, against its formula clip by clip in NumPy."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.losses.data_to_data import data_to_data_cross_entropy

LABELS = np.array([0, 0, 1, 2])
ANGLES = np.array([0.0, 0.4, 1.3, 2.9])  # of features in the plane
PROXY_ANGLES = np.array([0.1, 1.0, -2.0])


def unit(angles: np.ndarray) -> np.ndarray:
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1).astype(np.float32)


def by_hand(angles: np.ndarray, labels: np.ndarray, margin: float, temperature: float) -> float:
    losses = []
    for angle, label in zip(angles, labels, strict=True):
        own = np.exp(min(np.cos(angle - PROXY_ANGLES[label]) - margin, 0) / temperature)
        others = [np.cos(angle - other) for other, theirs in zip(angles, labels, strict=True) if theirs != label]
        away = sum(np.exp(max(cosine - (1 - margin), 0) / temperature) for cosine in others)
        losses.append(-np.log(own / (own + away)))
    return float(np.mean(losses))


def loss_of(angles: np.ndarray, labels: np.ndarray, **settings) -> float:
    cosines = unit(angles) @ unit(PROXY_ANGLES).T
    return float(data_to_data_cross_entropy(tf.one_hot(labels, 3), cosines, tf.constant(unit(angles)), **settings))


@pytest.mark.parametrize(("margin", "temperature"), [(0.98, 0.5), (0.8, 1.0)])
def test_loss_of_known_vectors_matches_its_formula(margin, temperature):
    expected = by_hand(ANGLES, LABELS, margin, temperature)
    assert loss_of(ANGLES, LABELS, margin=margin, temperature=temperature) == pytest.approx(expected, rel=1e-5)


def test_margin_and_temperature_are_those_of_the_paper():
    assert loss_of(ANGLES, LABELS) == pytest.approx(by_hand(ANGLES, LABELS, 0.98, 0.5), rel=1e-5)


def test_loss_in_groups_is_the_mean_of_the_groups():
    halves = [by_hand(ANGLES[part], LABELS[part], 0.98, 0.5) for part in (slice(0, 2), slice(2, 4))]
    assert loss_of(ANGLES, LABELS, num_groups=2) == pytest.approx(np.mean(halves), rel=1e-5)


def test_feature_within_the_margin_of_its_proxy_is_drawn_no_nearer():
    angles = tf.Variable(PROXY_ANGLES[:1] + np.arccos(0.99), dtype=tf.float32)
    with tf.GradientTape() as tape:
        features = tf.stack([tf.cos(angles), tf.sin(angles)], axis=-1)
        loss = data_to_data_cross_entropy(tf.one_hot([0], 3), features @ unit(PROXY_ANGLES).T, features)
    assert float(loss) == pytest.approx(0.0, abs=1e-6)
    assert float(tape.gradient(loss, angles)[0]) == 0.0
