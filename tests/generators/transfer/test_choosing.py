"""The largest share of a difference against likelihoods that are known."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from gansynth_isa.generators.transfer.choosing import Bands, in_bands, likeliest_shares, log_density, statistics

LABELS = np.arange(30) % 3


def series_of(shared, noise, seed=0):
    """(30, 20 frames, 4 bands): class, two directions in which all classes vary, and noise of each value."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(2, 4))
    varied = rng.normal(size=(30, 2)) @ directions * shared + LABELS[:, np.newaxis] * np.array([1.0, -1.0, 0.5, 0.0])
    return varied[:, np.newaxis] + noise * rng.normal(size=(30, 20, 4))


def share_of(series, differing, own=False, recordings=None):
    recordings = np.arange(30) if recordings is None else recordings
    shares = likeliest_shares(Bands(series, differing, LABELS), recordings, own, seed=0)
    if shares is None:
        return None
    assert shares.shape == (3,) and len(set(shares)) == 1  # classes of one size choose together
    return shares[0]


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


def scarce(num_scarce):
    """Bands of 40 clips each of two classes, and a few of another; in each class clips come in four spectra in turn."""
    rng, labels = np.random.default_rng(3), np.repeat([0, 1, 2], [num_scarce, 40, 40])
    spectra = 2.0 * rng.normal(size=(4, 4))
    turns = np.concatenate([np.arange(np.sum(labels == label)) % 4 for label in range(3)])
    series = (spectra[turns] + labels[:, np.newaxis])[:, np.newaxis] + 0.3 * rng.normal(size=(len(labels), 20, 4))
    return Bands(series, series.mean(axis=1, keepdims=True), labels)


def test_class_of_four_clips_chooses_a_larger_share_than_plentiful_classes_that_show_what_there_is():
    """A left-out clip of a plentiful class has its like among the others, one of four is a whole difference away."""
    shares = likeliest_shares(scarce(4), np.arange(84), False, seed=0)
    assert shares[1] == shares[2] == 0.125 and 0.75 <= shares[0] <= 1.5


def test_class_of_half_as_many_clips_as_the_largest_chooses_with_the_others():
    assert likeliest_shares(scarce(20), np.arange(100), False, seed=0).tolist() == [0.125] * 3


def test_scarce_class_of_one_recording_takes_the_share_of_the_others():
    recordings = np.concatenate([np.zeros(4, int), np.arange(1, 81)])
    assert likeliest_shares(scarce(4), recordings, False, seed=0).tolist() == [0.125] * 3


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
