"""The largest share of a difference against likelihoods that are known."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from gansynth_isa.generators.transfer.choosing import Bands, in_bands, likeliest_share, log_density, statistics

LABELS = np.arange(30) % 3


def series_of(shared, noise, seed=0):
    """(30, 20 frames, 4 bands): class, two directions in which all classes vary, and noise of each value."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(2, 4))
    varied = rng.normal(size=(30, 2)) @ directions * shared + LABELS[:, np.newaxis] * np.array([1.0, -1.0, 0.5, 0.0])
    return varied[:, np.newaxis] + noise * rng.normal(size=(30, 20, 4))


def share_of(series, differing, own=False, recordings=None):
    recordings = np.arange(30) if recordings is None else recordings
    return likeliest_share(Bands(series, differing, LABELS), recordings, own, seed=0)


def test_share_grows_as_differences_shrink():
    series = series_of(shared=1.0, noise=0.3)
    means = series.mean(axis=1, keepdims=True)
    whole = share_of(series, means)
    assert 0.5 <= whole <= 1.5  # the differences are those in which clips vary
    assert share_of(series, 4.0 * means) == pytest.approx(whole / 4, rel=0.5)


def test_share_is_small_where_differences_say_nothing_of_the_clips():
    series = series_of(shared=0.0, noise=0.3)
    foreign = 3.0 * np.random.default_rng(5).normal(size=(30, 1, 4))
    assert share_of(series, foreign) == 0.125


def test_nothing_is_chosen_where_nothing_can_be_left_out():
    series = series_of(shared=1.0, noise=0.3)
    assert share_of(series, series, recordings=LABELS) is None  # a class's clips are all of one recording


def test_density_is_that_of_equal_bells():
    rng = np.random.default_rng(0)
    wanted, made = rng.normal(size=(3, 5)), rng.normal(size=(7, 5))
    bells = [[multivariate_normal(centre, 0.49 * np.eye(5)).pdf(clip) for centre in made] for clip in wanted]
    by_hand = np.sum(np.log(np.mean(bells, axis=1))) + wanted.size / 2 * np.log(2 * np.pi)
    assert log_density(wanted, made, 0.7) == pytest.approx(by_hand)


def test_bands_are_means_of_neighbouring_bins_of_the_magnitude():
    clips = np.zeros((1, 2, 32, 2), np.float32)
    clips[0, 1, :, 0], clips[..., 1] = np.arange(32), 7.0
    np.testing.assert_allclose(in_bands(clips)[0], [np.zeros(16), 0.5 + 2 * np.arange(16)])
    np.testing.assert_allclose(statistics(np.array([[[1.0], [5.0]]])), [[3.0, np.log(2.0)]])
