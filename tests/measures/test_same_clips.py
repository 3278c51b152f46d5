"""Clips of the same content are found; others are not."""

import numpy as np
import pytest

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


def test_clips_with_the_same_padding_envelope_and_spectrum_are_not_the_same():
    # A sharp beginning and a decay, alike in all clips: nothing but the grain tells them apart.
    decay = np.concatenate([np.full(6, -60.0), np.linspace(40.0, 0.0, 10)])[:, np.newaxis, np.newaxis]
    clips, others = (np.where(decay > -60, noise(20, seed) + decay, -13.8).astype(np.float32) for seed in (0, 1))
    assert same_clips(clips, others) == []
    assert same_clips(clips[3:4] - 2.0 * (decay > -60), clips) == [(0, 3)]


@pytest.mark.parametrize(("median", "expected"), [(0.08, [(0, 0)]), (0.12, [])])
def test_clips_are_the_same_up_to_a_median_difference_of_a_tenth(median, expected):
    clip, other = noise(1), np.random.default_rng(1).normal(0.0, 1.0, (1, 16, 8, 1)).astype(np.float32)
    other -= other.mean(axis=1, keepdims=True)
    assert same_clips(10 * clip, 10 * clip + other * median / np.median(np.abs(other))) == expected


def test_silence_is_the_same_as_nothing():
    silence = np.full((2, 16, 8, 1), -13.8, np.float32)
    assert same_clips(silence, silence) == []


def test_no_clips_are_the_same_as_none():
    assert same_clips(noise(0), noise(3)) == [] and same_clips(noise(3), noise(0)) == []
