"""Means whose differences are smoothed, against sums by hand and classes that are known."""

import numpy as np
import pytest

from gansynth_isa.generators.gaussian.class_means import ClassMeans, error_left, likeliest_smoothing
from gansynth_isa.generators.gaussian.class_rows import ClassRows

SHAPE = (16, 12, 1)
LABELS = np.arange(8) % 2


def clips_of(differences, noise, seed=0, num_clips=8):
    """Clips of two classes that differ by (frames, mel_bins), with noise of each value."""
    rng, labels = np.random.default_rng(seed), np.arange(num_clips) % 2
    values = np.where(labels[:, None, None] == 1, differences, 0.0) + noise * rng.normal(size=(num_clips, *SHAPE[:2]))
    return ClassRows(values.reshape(num_clips, -1).astype(np.float32), labels, np.arange(num_clips), 2, SHAPE)


def chosen(clips):
    return likeliest_smoothing(clips, clips.rounds())


def test_differences_are_smoothed_by_a_bell_and_the_mean_of_all_is_not():
    rows = np.zeros((3, 192), np.float32)
    rows[:2, 5 * 12 + 3] = 6.0  # the first class, of two clips; with the third clip 4 on average
    rows += np.arange(192)
    rows[1] += 0.5  # every value varies within the class
    means = ClassMeans.of(ClassRows(rows, np.array([0, 0, 1]), np.arange(3), 2, SHAPE))
    smoothed = means.smoothed(1.0).reshape(2, 16, 12)
    bell = np.exp(-0.5 * np.array([0.0, 1.0, 2.0]) ** 2)
    bell /= bell[0] + 2 * np.sum(np.exp(-0.5 * np.arange(1, 5) ** 2.0))
    overall = np.arange(192).reshape(16, 12) + 0.5 / 3
    overall[5, 3] += 4.0
    wanted = overall[5:8, 3] + 2.0 * bell + 0.5 / 2 - 0.5 / 3
    np.testing.assert_allclose(smoothed[0, 5:8, 3], wanted, atol=1e-3)


def test_values_that_are_constant_within_classes_stay_as_they_are():
    clips = clips_of(0.0, noise=1.0)
    clips.rows.reshape(8, *SHAPE)[:, :4] = -13.0
    smoothed = ClassMeans.of(clips).smoothed(8.0).reshape(2, *SHAPE)
    np.testing.assert_array_equal(smoothed[:, :4], -13.0)


def test_no_smoothing_gives_the_means():
    clips = clips_of(1.0, noise=1.0)
    wanted = [clips.rows[label == LABELS].mean(axis=0) for label in (0, 1)]
    np.testing.assert_allclose(ClassMeans.of(clips).smoothed(0.0), wanted, atol=1e-6)


def test_steady_difference_is_smoothed_over_the_whole_clip_and_one_of_single_values_is_not():
    steady = np.broadcast_to(np.linspace(-1.0, 1.0, 12), SHAPE[:2])
    checkered = 3.0 * (-1.0) ** np.add.outer(np.arange(16), np.arange(12))
    assert chosen(clips_of(steady, noise=1.0)) >= 8.0
    assert chosen(clips_of(checkered, noise=0.3)) == 0.0


def test_smoothed_means_come_nearer_to_what_drew_the_clips():
    steady = np.broadcast_to(np.linspace(-1.0, 1.0, 12), SHAPE[:2]).reshape(-1)
    clips = clips_of(steady.reshape(SHAPE[:2]), noise=1.0)
    means = ClassMeans.of(clips)
    plain, smoothed = means.own, means.smoothed(chosen(clips))
    assert np.linalg.norm(smoothed[1] - smoothed[0] - steady) < 0.5 * np.linalg.norm(plain[1] - plain[0] - steady)


@pytest.mark.parametrize(("smoothing", "wanted"), [(0.0, 1.0), (2.0, 0.141), (1e3, 1 / 16)])
def test_share_of_an_independent_error_that_smoothing_leaves(smoothing, wanted):
    # The squares of a bell of deviation s sum up to 1 / (2 s sqrt(pi)).
    assert error_left(16, smoothing) == pytest.approx(wanted, rel=0.02)
