"""Onsets, impacts and backgrounds against clips that were put together by hand."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.generators.events.backgrounds import frames_without_impacts, without_impacts
from gansynth_isa.generators.events.config import EventsConfig
from gansynth_isa.generators.events.fitting import take_apart
from gansynth_isa.generators.events.impacts import (
    Decay,
    background_power,
    cut_impacts,
    decay_of,
    elevations_of,
    level_of,
    over_floor,
    quiet_frames,
)
from gansynth_isa.generators.events.onsets import Onsets, find_onsets, padded_frames
from tests.generators.events.conftest import BACKGROUND, COLOUR, DATA, FEATURES, RATE, clip_with, impact

SILENCE = np.log(1e-6)


def onsets_at(frames_of_clips, num_frames=32):
    found = np.zeros((len(frames_of_clips), num_frames), bool)
    for clip, frames in enumerate(frames_of_clips):
        found[clip, frames] = True
    return Onsets(found, np.zeros(len(frames_of_clips), int), 0.25)


def test_onsets_are_where_impacts_begin_and_steady_clips_have_none():
    rng = np.random.default_rng(1)
    clips = np.stack([clip_with([9, 21], [3.0, 2.0], 0.1, rng), *(clip_with([], [], 0.1, rng) for _ in range(3))])
    onsets = find_onsets(clips, DATA, FEATURES, None)
    assert [onsets.of_clip(clip).tolist() for clip in range(4)] == [[9, 21], [], [], []]
    assert onsets.most() == 2


def test_rise_that_is_asked_for_is_in_decibels_of_power():
    clip = np.full((1, 32, 4), BACKGROUND)
    clip[0, 10:] += np.log(10 ** (5 / 10))  # 5 dB, in all bins
    assert find_onsets(clip, DATA, FEATURES, 4.9).of_clip(0).tolist() == [10]
    assert find_onsets(clip, DATA, FEATURES, 5.1).of_clip(0).tolist() == []


def test_step_within_a_window_of_an_onset_belongs_to_it():
    clip = np.full((1, 32, 4), BACKGROUND)
    clip[0, 10], clip[0, 11], clip[0, 12:] = BACKGROUND + 3, BACKGROUND + 3.1, BACKGROUND + 6
    assert find_onsets(clip, DATA, FEATURES, 4.0).of_clip(0).tolist() == [10]


def test_end_of_the_padding_is_no_onset_whether_clip_or_recording_is_short():
    clip = clip_with([20], [3.0])
    clip[:2] = SILENCE  # 24 samples: two frames of silence alone, a third that holds half of it
    half = dataclasses.replace(DATA, clip_seconds=DATA.clip_seconds - 24 / DATA.sample_rate)
    assert padded_frames(clip[np.newaxis], half, FEATURES).tolist() == [3]
    assert padded_frames(clip[np.newaxis], DATA, FEATURES).tolist() == [3]
    assert find_onsets(clip[np.newaxis], DATA, FEATURES, None).of_clip(0).tolist() == [20]
    assert padded_frames(clip_with([], [])[np.newaxis], DATA, FEATURES).tolist() == [0]


def test_impacts_have_died_away_at_a_tenth_of_the_peak_of_their_mean_elevation():
    elevations = np.zeros((1, 32))
    elevations[0, 5:13] = [8.0, 10.0, 8.0, 6.0, 4.0, 2.0, 0.9, 0.5]
    decay = decay_of(elevations, onsets_at([[5]]))
    assert (decay.length, decay.died_away) == (6, 1.0)
    assert decay.rate == pytest.approx((10.0 - 2.0) / 4)


def test_quiet_frames_are_the_eighth_with_the_least_level_behind_the_padding():
    clip = clip_with([], [])
    clip[[1, 7, 9, 30, 31]] = -5.0
    onsets = dataclasses.replace(onsets_at([[]]), padded=np.array([2]))
    quiet = quiet_frames(clip[np.newaxis], onsets)
    assert np.flatnonzero(quiet[0]).tolist() == [7, 9, 30, 31]
    np.testing.assert_allclose(background_power(clip[np.newaxis], quiet), np.exp(-5.0))
    np.testing.assert_allclose(elevations_of(clip[np.newaxis], quiet)[0, [3, 7]], [1.0, 0.0])


def test_impact_is_the_power_over_twice_the_background_and_its_level_that_of_the_first_frames():
    clip, onsets = clip_with([10], [2.0])[np.newaxis], onsets_at([[10]])
    quiet = np.arange(32)[np.newaxis] < 4
    impacts = cut_impacts(clip, onsets, quiet, Decay(5, 0.1, RATE), FEATURES)
    power = np.exp(impact(2.0, 5)) - np.exp(BACKGROUND)  # of what was added, one background was there
    level = np.log(power[:3].mean())  # the onset, and as many frames as a window has: two
    np.testing.assert_allclose(impacts.levels, [level])
    np.testing.assert_allclose(impacts.floor, BACKGROUND)
    np.testing.assert_allclose(impacts.shapes[0], np.log(power + np.exp(BACKGROUND)), atol=1e-9)
    np.testing.assert_allclose(over_floor(impacts.shapes, impacts.floor)[0], np.log(power), atol=1e-9)
    assert (impacts.clips.tolist(), impacts.frames.tolist()) == ([0], [10])


def test_impact_that_is_interrupted_or_hidden_goes_on_falling_as_impacts_do():
    clip, onsets = clip_with([10, 14], [2.0, 3.0])[np.newaxis], onsets_at([[10, 14]])
    quiet = np.arange(32)[np.newaxis] < 4
    impacts = cut_impacts(clip, onsets, quiet, Decay(16, 0.1, RATE), FEATURES)
    first, second = over_floor(impacts.shapes, impacts.floor)
    heard = first[:4].mean(axis=1)
    own_rate = (heard[0] - heard[3]) / 3  # faster than RATE: what was subtracted counts more and more
    assert RATE < own_rate < 1.5 * RATE
    np.testing.assert_allclose(first[4:8], first[3] - own_rate * np.arange(1, 5)[:, np.newaxis], atol=1e-3)
    lowest = COLOUR.argmin()  # 3 - 2 - 0.5 * 15 lies far below the background
    np.testing.assert_allclose(np.diff(second[-4:, lowest]), -RATE, atol=1e-3)


def test_impact_begins_alone_when_the_one_before_has_died_away():
    clip, onsets = clip_with([6, 8, 28], [2.0, 3.0, 2.0])[np.newaxis], onsets_at([[6, 8, 28]])
    elevation = np.log1p(np.exp(-0.5 * 18 - (BACKGROUND - 3.0 - COLOUR))).mean()  # of frame 26, a window before
    for died_away, alone in ((2 * elevation, [True, False, True]), (elevation / 2, [True, False, False])):
        quiet = np.arange(32)[np.newaxis] < 4
        assert cut_impacts(clip, onsets, quiet, Decay(4, died_away, RATE), FEATURES).alone.tolist() == alone


def test_shapes_of_a_class_whose_impacts_never_begin_alone_are_learnt_too(impacts_training):
    apart = take_apart(impacts_training, EventsConfig(), seed=0)
    alone = np.zeros(12, bool)
    for own, learnt in ((alone, 12), (np.arange(12) < 5, 5)):
        impacts = dataclasses.replace(apart.impacts, alone=own)
        assert len(dataclasses.replace(apart, impacts=impacts).impact_clips()) == learnt


def test_level_is_that_of_the_mean_power_of_the_frames_that_hear_the_onset():
    shapes = np.zeros((2, 6, 4))
    shapes[1, :3] = np.log(5.0)
    shapes[:, 3:] = 9.0
    np.testing.assert_allclose(level_of(shapes, FEATURES), [0.0, np.log(5.0)])


def test_impacts_are_filled_with_frames_of_the_same_clip_and_all_else_stays():
    clips = np.arange(3.0)[:, np.newaxis, np.newaxis] * 100 + np.arange(32.0)[:, np.newaxis] * np.ones((3, 32, 4))
    onsets = dataclasses.replace(onsets_at([[10], [], [4]]), padded=np.array([2, 0, 0]))
    elevations = np.full((3, 32), 5.0)
    elevations[0, 16:] = 0.0
    is_free = frames_without_impacts(onsets, elevations, died_away=1.0, window=2)
    assert np.flatnonzero(~is_free[0]).tolist() == [0, 1, 9, 10, 11, 12, 13, 14, 15]
    assert is_free[1].all() and np.flatnonzero(is_free[2]).tolist() == [0, 1, 2]
    quiet = np.zeros((3, 32), bool)
    quiet[2, [0, 1, 2, 31]] = True  # three frames are too few
    filled = without_impacts(clips, is_free, quiet, onsets, np.random.default_rng(0))
    np.testing.assert_array_equal(filled[1], clips[1])
    np.testing.assert_array_equal(filled[0][[0, 1]], clips[0][[0, 1]])
    np.testing.assert_array_equal(filled[0][is_free[0]], clips[0][is_free[0]])
    assert set(filled[0, 9:16, 0]) <= set(clips[0][is_free[0], 0])
    assert set(filled[2, :, 0]) == {200.0, 201.0, 202.0, 231.0}


def test_clips_are_taken_apart_into_impacts_of_the_class_that_has_any_and_background(impacts_training):
    apart = take_apart(impacts_training, EventsConfig(), seed=0)
    assert np.bincount(apart.impacts.clips, minlength=12).tolist() == [1, 2] * 4 + [0] * 4
    assert [frame for frame in apart.impacts.frames if frame != 20] == list(range(6, 14))
    background = apart.background.spectrograms[..., 0]
    np.testing.assert_array_equal(background[8:], impacts_training.clips.spectrograms[8:, ..., 0])
    assert np.abs(background - BACKGROUND).max() < 1.5  # impacts rise by six and more
    impacts = apart.impact_clips()
    assert impacts.class_names == ("hit",) and len(impacts) == apart.impacts.alone.sum() >= 8
    assert set(impacts.recordings) == {f"hit/{number}.wav" for number in range(8)}


def test_length_that_is_asked_for_is_in_milliseconds(impacts_training):
    apart = take_apart(impacts_training, EventsConfig(events_length_ms=5.0), seed=0)
    assert apart.impacts.shapes.shape[1] == 5  # a frame lasts 1 ms


def test_parts_of_other_settings_have_other_fingerprints(impacts_training):
    fingerprints = {
        take_apart(impacts_training, config, seed).background.fingerprint()["sha256"]
        for config, seed in ((EventsConfig(), 0), (EventsConfig(), 1), (EventsConfig(events_threshold_db=30.0), 0))
    }
    assert len(fingerprints) == 3
