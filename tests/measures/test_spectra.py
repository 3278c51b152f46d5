"""Distances of mean spectra and their spread: closed forms, and no bias with few clips."""

import numpy as np
import pytest

from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.spectra import class_means, deviation, spread

NAMES = ("a", "b")
BINS = 40


def clips(means, deviation, count, seed, names=NAMES):
    """`count` clips of each class, constant over time, around the given means."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(means)), count)
    spectra = np.asarray(means, float)[labels][:, np.newaxis] + rng.normal(0, deviation, (len(labels), BINS))
    return ClipStatistics.of(np.repeat(spectra[:, np.newaxis, :, np.newaxis], 4, axis=1), labels, names)


def test_class_means_of_shifted_clips_are_the_shift_over_the_distance_between_classes():
    measured = class_means(clips((0.0, 2.0), 0.1, 50, 0), clips((0.5, 3.0), 0.1, 50, 1))
    assert measured.per_class["a"] == pytest.approx(0.25, abs=0.01)
    assert measured.per_class["b"] == pytest.approx(0.5, abs=0.01)
    assert measured.mean == pytest.approx(0.375, abs=0.01)


def test_class_means_between_three_classes_are_the_root_mean_square_over_pairs():
    names = ("a", "b", "c")
    real, shifted = clips((0.0, 1.0, 3.0), 0.0, 2, 0, names), clips((1.0, 2.0, 4.0), 0.0, 2, 1, names)
    assert class_means(real, shifted).mean == pytest.approx(1 / np.sqrt((1 + 4 + 9) / 3), rel=1e-6)


def test_squared_class_means_of_few_clips_are_not_biased():
    squares = []
    for seed in range(300):
        real, synthetic = clips((0.0, 1.0), 1.0, 1000, 1), clips((0.0, 1.5), 1.0, 3, 10 + seed)
        squares.append(class_means(real, synthetic).per_class["b"] ** 2)
    # Without the correction the mean of three clips alone would add a third.
    assert np.mean(squares) == pytest.approx(0.25, abs=0.03)


def test_class_means_need_two_clips_and_two_classes_that_differ():
    one = ClipStatistics.of(np.zeros((1, 4, BINS, 1)), np.array([0]), NAMES)
    measured = class_means(clips((0.0, 1.0), 0.1, 5, 0), one)
    assert measured.mean is None and measured.missing == NAMES and "two synthetic" in measured.why_not
    same = clips((1.0, 1.0), 0.0, 5, 0)
    assert "two real classes whose mean spectra differ" in class_means(same, same).why_not


@pytest.mark.parametrize("wanted", [0.0, 0.5, 1.0, 2.0])
def test_spread_is_the_ratio_of_deviations_whatever_the_number_of_clips(wanted):
    real = clips((0.0, 5.0), 0.7, 400, 0)
    few = [spread(real, clips((1.0, 2.0), 0.7 * wanted, 4, seed)).mean for seed in range(1, 40)]
    assert np.sqrt(np.mean(np.square(few))) == pytest.approx(wanted, rel=0.05, abs=1e-9)


def test_deviation_is_numpys_and_needs_two_clips():
    spectra = np.random.default_rng(0).normal(size=(6, BINS))
    assert deviation(spectra) == pytest.approx(np.sqrt(np.mean([np.var(column, ddof=1) for column in spectra.T])))
    assert deviation(spectra[:1]) is None


def test_spread_of_a_class_with_one_clip_or_with_equal_real_ones_is_not_known():
    real = clips((0.0, 1.0), 0.3, 5, 0)
    lonely = ClipStatistics.of(np.zeros((3, 4, BINS, 1)), np.array([0, 0, 1]), NAMES)
    measured = spread(real, lonely)
    assert measured.per_class == {"a": 0.0, "b": None} and measured.mean == 0.0
    assert spread(lonely, real).per_class == {"a": None, "b": None}
