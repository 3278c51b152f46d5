"""Onsets of clips whose impacts are known."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.onsets import LEAST_RISE, OnsetRule, find_onsets, onset_ratios, onset_threshold

FRAMES, BINS = 60, 24
NAMES = ("impacts", "steady")


def clips(impacts, strength, seed, count=30):
    """Noise; in the first class impacts at the given frames, each dying away over four frames."""
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], count)
    values = rng.normal(0, 0.3, (2 * count, FRAMES, BINS, 1))
    for frame in impacts:
        for later, share in enumerate((1.0, 0.6, 0.3, 0.1)):
            values[:count, frame + later] += strength * share
    return ClipStatistics.of(values, labels, NAMES)


def test_onsets_of_known_impacts_are_found_at_their_frames():
    real = clips((10, 25, 40), 4.0, 0)
    found = find_onsets(real.rises[real.is_of("impacts")], OnsetRule.of(real))
    assert found.per_clip == 3.0
    assert found.spacing == 15.0
    assert found.strength == pytest.approx(4.0, abs=0.1)


def test_onset_ratios_tell_number_strength_and_spacing():
    measured = onset_ratios(clips((10, 25, 40), 4.0, 0), clips((10, 20), 2.0, 1))
    assert measured.number.per_class["impacts"] == pytest.approx(2 / 3)
    assert measured.strength.per_class["impacts"] == pytest.approx(0.5, abs=0.04)
    assert measured.spacing.per_class["impacts"] == pytest.approx(10 / 15)


def test_steady_sounds_have_no_onsets_and_no_ratios_but_numbers():
    real, made = clips((10, 25, 40), 4.0, 0), clips((10, 20), 2.0, 1)
    measured = onset_ratios(real, made)
    assert measured.number.per_class["steady"] is None and "an onset each" in measured.number.why_not
    assert measured.real_per_clip == {"impacts": 3.0, "steady": 0.0}
    assert measured.synthetic_per_clip == {"impacts": 2.0, "steady": 0.0}


def test_impacts_that_a_generator_puts_into_a_steady_class_are_counted():
    real = clips((10, 25, 40), 4.0, 0)
    made = clips((10, 20), 4.0, 1)
    swapped = dataclasses.replace(made, labels=made.labels[::-1])
    assert onset_ratios(real, swapped).synthetic_per_clip == {"impacts": 0.0, "steady": 2.0}


def test_of_equal_neighbours_the_first_is_the_onset_and_silence_has_none():
    rises = np.array([[0.0, 1.0, 1.0, 0.0, 2.0, 0.0]])
    found = find_onsets(rises, OnsetRule(0.5))
    assert (found.per_clip, found.spacing, found.strength) == (2.0, 3.0, 1.5)
    silent = find_onsets(np.zeros((2, 5)), OnsetRule(onset_threshold(np.zeros((2, 5)))))
    assert (silent.per_clip, silent.strength, silent.spacing) == (0.0, None, None)
    assert onset_threshold(np.zeros((2, 5))) == LEAST_RISE
    assert find_onsets(np.zeros((0, 5)), OnsetRule(1.0)) is None


FLOOR = float(np.log(1e-6))  # of features of digital silence


def padded(impacts, seed, frames, steps=(0.4, 0.8, 1.0)):
    """Clips as above behind `frames` of digital silence, which the window of the spectra leaves in steps."""
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], 30)
    values = rng.normal(0, 0.3, (60, FRAMES, BINS, 1))
    for frame in impacts:
        values[:30, frame] += 4.0
    values[:, :frames] = FLOOR
    for later, share in enumerate(steps):
        values[:, frames + later] = FLOOR + share * (values[:, frames + later] - FLOOR)
    return values, labels


@pytest.mark.parametrize("steps", [(1.0,), (0.4, 0.8, 1.0), (0.1, 0.9, 1.0)])
def test_end_of_the_padding_is_no_onset_and_impacts_behind_it_are(steps):
    values, labels = padded((20, 40), 0, 12, steps)
    real = ClipStatistics.of(values, labels, NAMES)
    measured = onset_ratios(real, real)
    assert real.padded_frames() == 12
    assert measured.real_per_clip == {"impacts": 2.0, "steady": 0.0}
    assert measured.spacing.per_class["impacts"] == 1.0
    assert find_onsets(real.rises[:30], OnsetRule.of(real)).spacing == 20.0


def test_synthetic_clips_whose_padding_is_not_quite_silent_have_no_onset_at_its_end():
    values, labels = padded((20, 40), 0, 12)
    made = values.copy()
    made[:, :12] += np.random.default_rng(2).normal(0, 0.05, made[:, :12].shape)
    compared = onset_ratios(*(ClipStatistics.of(clips, labels, NAMES) for clips in (values, made)))
    assert compared.synthetic_per_clip == {"impacts": 2.0, "steady": 0.0}


def test_impacts_out_of_recorded_silence_are_counted_where_clips_are_silent_for_different_times():
    """Each clip has one impact in digital silence; only that of the earliest may be the end of padding."""
    values = np.full((20, FRAMES, BINS, 1), FLOOR)
    for clip in range(20):
        values[clip, 10 + clip :] += 8.0
    real = ClipStatistics.of(values, np.zeros(20, int), NAMES)
    assert real.padded_frames() == 10
    assert find_onsets(real.rises, OnsetRule.of(real)).per_clip == 19 / 20


def test_clips_without_padding_have_the_onsets_that_the_rises_alone_tell():
    values, labels = padded((5, 20, 40), 3, 0, ())
    values[0, :9] = FLOOR  # a single clip that begins with silence is no padding
    real = ClipStatistics.of(values, labels, NAMES)
    assert real.padded_frames() == 0
    assert OnsetRule.of(real) == OnsetRule(onset_threshold(real.rises), 0)
    assert find_onsets(real.rises[:1], OnsetRule.of(real)).per_clip == 3.0  # the end of its silence among them
    assert find_onsets(real.rises[1:30], OnsetRule.of(real)).per_clip == 3.0


def test_padding_is_told_by_several_bins_and_one_value_in_all_clips():
    flat = np.zeros((4, FRAMES, BINS, 1))
    flat[:, 6:] = np.random.default_rng(0).normal(size=(4, FRAMES - 6, BINS, 1))

    def padded_frames(values):
        return ClipStatistics.of(values, np.zeros(len(values), int), NAMES).padded_frames()

    assert padded_frames(flat) == 6
    assert padded_frames(flat[:, :, :1]) == 0
    assert padded_frames(flat + np.arange(4)[:, np.newaxis, np.newaxis, np.newaxis]) == 0
    assert padded_frames(flat[:0]) == 0


def test_clips_of_silence_alone_have_no_onset():
    silence = ClipStatistics.of(np.full((2, 5, 3, 1), FLOOR), np.zeros(2, int), NAMES)
    assert silence.padded_frames() == 4
    assert onset_ratios(silence, silence).real_per_clip == {"impacts": 0.0, "steady": None}
