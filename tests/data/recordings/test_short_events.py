"""Recordings that are mostly background with short events."""

import numpy as np
import pytest

from gansynth_isa.config import DataConfig
from gansynth_isa.data.recordings.short_events import block_powers, is_loud, short_event_lines
from gansynth_isa.data.recordings.survey import survey_recordings
from gansynth_isa.data.recordings.survey_text import warning_lines
from gansynth_isa.data.simulation.writer import simulate_balls

RATE = 8000


def noise(seconds, level=0.001, seed=0):
    return np.random.default_rng(seed).normal(0.0, level, round(seconds * RATE)).astype(np.float32)


def with_events(seconds, starts, event_s=0.05):
    """Powers of faint noise with louder noise for `event_s` from each of the times `starts` on."""
    samples = noise(seconds)
    for start in starts:
        first = round(start * RATE)
        samples[first : first + round(event_s * RATE)] += noise(event_s, 0.3, seed=1)
    return block_powers(samples[:, np.newaxis], RATE)


def lines(powers, clip_seconds, **data):
    return list(short_event_lines(powers, DataConfig(dataset="folder", **data), clip_seconds))


def test_block_powers_are_mean_squares_of_10_ms_over_the_channels():
    samples = np.concatenate([np.full((80, 2), 0.5), np.full((80, 2), 0.1), np.ones((79, 2))]).astype(np.float32)
    samples[:80, 1] = 0.0
    np.testing.assert_allclose(block_powers(samples, RATE), [0.125, 0.01], rtol=1e-6)
    assert block_powers(samples[:3], RATE).shape == (1,)


def test_loud_blocks_are_those_of_the_events():
    powers = with_events(2.0, [0.5, 1.2])
    assert np.flatnonzero(is_loud(powers)).tolist() == [*range(50, 55), *range(120, 125)]


@pytest.mark.parametrize("samples", [noise(1.0), np.zeros(RATE, np.float32)])
def test_steady_sound_and_silence_have_no_events(samples):
    powers = block_powers(samples[:, np.newaxis], RATE)
    assert is_loud(powers).all() and lines([powers], 0.1) == []


def test_many_clips_without_an_event_are_told_with_their_number():
    # Each of two recordings becomes five clips of 0.4 s; one of them holds an event of 0.05 s, an eighth of it.
    (line,) = lines([with_events(2.0, [0.5]), with_events(2.0, [1.7])], 0.4)
    assert line.startswith("short events: of 10 clips of 0.4 s 8 hold no loud sound, and 0 for less than a tenth of")


def test_events_that_are_short_beside_every_clip_are_told():
    (line,) = lines([with_events(2.0, [0.5]), with_events(2.0, [1.2])], 2.0)
    assert line.startswith("short events: of 2 clips of 2 s 0 hold no loud sound, and 2 for less than a tenth of the")


def test_clips_that_hold_their_event_are_not_told():
    assert lines([with_events(0.4, [0.1]), with_events(0.4, [0.3])], 0.4) == []
    assert lines([with_events(2.0, [0.5], event_s=1.0)], 2.0) == []
    # Each of four clips that overlap by half holds two of the events that come every 0.2 s.
    assert lines([with_events(1.0, np.arange(0.05, 0.95, 0.2))], 0.4, clip_overlap=0.5) == []


def test_clips_that_are_too_quiet_to_be_cut_do_not_count():
    assert lines([with_events(2.0, [0.5])], 0.4, min_clip_dbfs=-40.0) == []


def test_simulated_balls_are_steady(tmp_path):
    simulate_balls(tmp_path, train_files_per_class=2, test_files=3)
    survey = survey_recordings(DataConfig(dataset="mb", data_dir=str(tmp_path), clip_seconds=0.4))
    assert not [line for line in warning_lines(survey, "mb") if line.startswith("short events")]


@pytest.mark.parametrize(("clip_seconds", "is_told"), [(1.45, False), (0.4, True)])
def test_impacts_in_a_building_are_told_where_clips_are_not_cut_to_them(shared_dir, clip_seconds, is_told):
    survey = survey_recordings(
        DataConfig(
            dataset="folder",
            data_dir=str(shared_dir / "data" / "building_impacts"),
            file_pattern=r"(?P<label>[a-z_]+)_(?P<group>[123]F)_\d\dm_\d+\.flac",
            clip_seconds=clip_seconds,
        )
    )
    told = [line for line in warning_lines(survey, "folder") if line.startswith("short events: of ")]
    assert len(told) == is_told
