"""Statistics of single clips by hand and by loops."""

import numpy as np
import pytest

from gansynth_isa.measures.clip_statistics import CLIPS_AT_ONCE, ClipStatistics


def statistics(clips, labels=None):
    labels = np.zeros(len(clips), np.int32) if labels is None else labels
    return ClipStatistics.of(np.asarray(clips, np.float32), labels, ("a", "b"))


def test_grain_of_a_single_point_is_that_of_its_nine_neighbourhoods():
    clip = np.zeros((1, 5, 5, 1))
    clip[0, 2, 2] = 9.0
    # Of the 3 x 3 values with all neighbours, the point differs by 9 - 1, the others by 1.
    assert statistics(clip).grain[0] == pytest.approx(np.sqrt((64 + 8) / 9))


def test_grain_of_a_plane_is_zero_and_of_white_noise_the_root_of_eight_ninths():
    frames, bins = np.meshgrid(np.arange(8), np.arange(6), indexing="ij")
    assert statistics((2 * frames + 3 * bins)[np.newaxis, ..., np.newaxis]).grain[0] == pytest.approx(0.0, abs=1e-6)
    noise = np.random.default_rng(0).normal(size=(1, 300, 300, 1))
    assert statistics(noise).grain[0] == pytest.approx(np.sqrt(8 / 9), rel=0.02)


def test_grain_of_clips_of_two_frames_is_not_known():
    assert np.isnan(statistics(np.ones((1, 2, 6, 1))).grain[0])


def test_deviation_over_time_is_the_root_mean_square_over_bins():
    clip = np.zeros((1, 4, 3, 1))
    clip[0, ::2, 0] = 2.0  # deviation 1
    clip[0, ::2, 1] = 6.0  # deviation 3
    assert statistics(clip).deviation_over_time[0] == pytest.approx(np.sqrt((1 + 9 + 0) / 3))


def test_rises_count_falls_as_zero():
    clip = np.zeros((1, 4, 2, 1))
    clip[0, :, 0, 0] = [0, 4, 1, 1]
    clip[0, :, 1, 0] = [3, 1, 2, 2]
    np.testing.assert_allclose(statistics(clip).rises, [[2.0, 0.5, 0.0]])


def test_statistics_are_of_the_first_channel_and_the_same_however_many_clips_there_are():
    clips = np.random.default_rng(1).normal(size=(CLIPS_AT_ONCE + 3, 5, 4, 2))
    together = statistics(clips)
    alone = statistics(clips[-1:, ..., :1])
    for name in ("spectra", "grain", "deviation_over_time", "rises"):
        np.testing.assert_allclose(getattr(together, name)[-1:], getattr(alone, name))
    np.testing.assert_allclose(together.spectra, clips.astype(np.float32)[..., 0].mean(axis=1), atol=1e-6)


def test_clips_of_a_class_are_found_by_name():
    found = statistics(np.zeros((3, 4, 4, 1)), np.array([1, 0, 1]))
    assert found.is_of("b").tolist() == [True, False, True]
    assert found.is_of("c").tolist() == [False] * 3
    assert len(statistics(np.zeros((0, 4, 4, 1)))) == 0
