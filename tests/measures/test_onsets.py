"""Onsets of clips whose impacts are known."""

import numpy as np
import pytest

from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.onsets import LEAST_RISE, find_onsets, onset_ratios, onset_threshold

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
    found = find_onsets(real.rises[real.is_of("impacts")], onset_threshold(real.rises))
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
    swapped = ClipStatistics(made.labels[::-1], NAMES, made.spectra, made.grain, made.deviation_over_time, made.rises)
    assert onset_ratios(real, swapped).synthetic_per_clip == {"impacts": 0.0, "steady": 2.0}


def test_of_equal_neighbours_the_first_is_the_onset_and_silence_has_none():
    rises = np.array([[0.0, 1.0, 1.0, 0.0, 2.0, 0.0]])
    found = find_onsets(rises, 0.5)
    assert (found.per_clip, found.spacing, found.strength) == (2.0, 3.0, 1.5)
    silent = find_onsets(np.zeros((2, 5)), onset_threshold(np.zeros((2, 5))))
    assert (silent.per_clip, silent.strength, silent.spacing) == (0.0, None, None)
    assert onset_threshold(np.zeros((2, 5))) == LEAST_RISE
    assert find_onsets(np.zeros((0, 5)), 1.0) is None
