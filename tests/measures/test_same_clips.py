"""Clips of the same content are found; others are not."""

import numpy as np

from gansynth_isa.measures.same_clips import ROWS_AT_ONCE, same_clips


def noise(num_clips, seed=0):
    return np.random.default_rng(seed).normal(-5.0, 1.0, (num_clips, 16, 8, 1)).astype(np.float32)


def test_same_clips_at_another_level_through_a_filter_and_in_half_precision_are_found():
    others = noise(6)
    filtered = others[[4, 1]] + 3.0 + np.linspace(-2, 2, 8, dtype=np.float32)[:, np.newaxis]
    assert same_clips(filtered.astype(np.float16), others) == [(0, 4), (1, 1)]


def test_same_clips_among_more_than_are_compared_at_once_are_found():
    others = noise(ROWS_AT_ONCE + 5)
    clips = np.concatenate([noise(ROWS_AT_ONCE, seed=1), others[-1:]])
    assert same_clips(clips, others) == [(ROWS_AT_ONCE, ROWS_AT_ONCE + 4)]


def test_clips_that_share_only_their_mean_spectrum_are_not_the_same():
    spectrum = np.linspace(0, 40, 8, dtype=np.float32)[:, np.newaxis]
    assert same_clips(noise(20) + spectrum, noise(20, seed=1) + spectrum) == []


def test_correlation_just_below_the_threshold_is_not_the_same():
    clip, other = (part - part.mean(axis=1, keepdims=True) for part in np.split(noise(2), 2))
    clip, other = clip / np.linalg.norm(clip), other / np.linalg.norm(other)
    other = other - clip * np.sum(clip * other)
    other /= np.linalg.norm(other)
    for correlation, expected in ((0.985, [(0, 0)]), (0.975, [])):
        mixed = 50 * (correlation * clip + np.sqrt(1 - correlation**2) * other)
        assert same_clips(50 * clip, mixed) == expected


def test_silence_is_the_same_as_nothing():
    silence = np.full((2, 16, 8, 1), -13.8, np.float32)
    assert same_clips(silence, silence) == []


def test_no_clips_are_the_same_as_none():
    assert same_clips(noise(0), noise(3)) == [] and same_clips(noise(3), noise(0)) == []
