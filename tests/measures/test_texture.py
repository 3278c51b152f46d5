"""Grain and deviation over time: ratios that are known."""

import numpy as np
import pytest

from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.texture import deviation_over_time, grain


def noisy(deviations, seed, size=(20, 16, 30, 1)):
    rng = np.random.default_rng(seed)
    parts = [rng.normal(0, deviation, size) for deviation in deviations]
    labels = np.repeat(np.arange(len(deviations)), size[0])
    return ClipStatistics.of(np.concatenate(parts), labels, ("a", "b"))


def test_grain_and_deviation_over_time_of_weaker_noise_are_its_strength():
    for measure in (grain, deviation_over_time):
        measured = measure(noisy((1.0, 2.0), 0), noisy((0.5, 3.0), 1))
        assert measured.per_class["a"] == pytest.approx(0.5, rel=0.03)
        assert measured.per_class["b"] == pytest.approx(1.5, rel=0.03)


def test_smooth_clips_have_less_grain_and_steady_ones_less_deviation():
    rng, size = np.random.default_rng(2), (20, 16, 30, 1)
    drifting = np.zeros(size) + rng.normal(size=(20, 1, 1, 1)) * np.linspace(-1, 1, 16)[:, np.newaxis, np.newaxis]
    made = ClipStatistics.of(np.concatenate([drifting, drifting]), np.repeat([0, 1], 20), ("a", "b"))
    assert grain(noisy((1.0, 1.0), 0), made).mean < 0.05 < deviation_over_time(noisy((1.0, 1.0), 0), made).mean


def test_a_class_without_synthetic_clips_or_without_grain_is_not_known():
    real = noisy((1.0, 1.0), 0)
    only_a = noisy((1.0,), 1)
    assert deviation_over_time(real, only_a).missing == ("b",)
    short = noisy((1.0, 1.0), 0, (4, 2, 30, 1))
    measured = grain(short, short)
    assert measured.mean is None and "3 frames" in measured.why_not
