"""How many clips a survey counts: as many as commands cut."""

from collections import Counter

import numpy as np
import pytest

from gansynth_isa.data.clip_sets.clip_reader import read_recording
from gansynth_isa.data.clip_sets.loading import resolve_clip_seconds
from gansynth_isa.data.recordings.survey_text import class_table
from gansynth_isa.errors import InputError

RATE = 8000


def tone(amplitude=0.5, duration_s=1.0):
    return amplitude * np.sin(2 * np.pi * 100.0 * np.arange(round(RATE * duration_s)) / RATE)


@pytest.mark.parametrize(
    "cut",
    [
        {"clip_seconds": 0.3},
        {"clip_seconds": 0.3, "clip_overlap": 0.5, "sample_rate": 6000},
        {"clip_seconds": 5.0, "channels": "each"},
        {"clip_seconds": 0.3, "min_clip_dbfs": -40.0},
        {"clip_seconds": None},
    ],
)
def test_survey_counts_the_clips_that_commands_cut(write, survey, make_data, tmp_path, cut):
    faded = tone(0.5, 1.0) * np.linspace(0.0, 1.0, RATE) ** 6
    write("train/nut/1.wav", faded)
    write("train/nut/2.wav", np.stack([tone(0.25, 2.3)] * 2, axis=1), rate=16000)
    write("train/ball/1.wav", tone(0.5, 2.0))
    write("train/ball/2.wav", tone(0.5, 0.1))
    data = resolve_clip_seconds(make_data(tmp_path, dataset="mb", **cut))
    counts = Counter()
    for fact in survey(dataset="mb", **cut).facts:
        found = len(read_recording(tmp_path / fact.recording.location, fact.recording, data).clips)
        assert fact.num_clips == found
        counts[fact.recording.label] += found
    assert min(counts.values()) > 1
    table = class_table(survey(dataset="mb", **cut))
    lines = [" ".join(line.split()) for line in table.splitlines()]
    for name, count in counts.items():
        assert any(line.startswith(f"{name} train 2 {count} ") for line in lines)


def test_survey_counts_a_recording_that_resampling_leaves_nothing_of_as_commands_do(write, survey):
    write("train/nut/1.wav", np.full(1, 0.5), rate=48000)
    write("train/ball/1.wav", tone(0.5, 0.2))
    write("train/ball/2.wav", tone(0.5, 0.1))
    found = survey(dataset="mb", clip_seconds=None, sample_rate=16000)
    assert [fact.num_clips for fact in found.facts] == [1, 1, 1] and not found.bad


def test_survey_refuses_clips_of_no_sample(write, survey):
    write("train/nut/1.wav", tone())
    with pytest.raises(InputError, match="clip_seconds: expected a clip of one sample at least, got 1e-05 s"):
        survey(dataset="mb", clip_seconds=0.00001)
