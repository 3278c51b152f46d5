"""A folder of recordings, and its survey."""

import pytest
import soundfile

from gansynth_isa.data.recordings.survey import survey_recordings

RATE = 8000


@pytest.fixture
def write(tmp_path):
    def write_recording(name, samples, rate=RATE, subtype="PCM_16"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, rate, subtype=subtype)

    return write_recording


@pytest.fixture
def survey(tmp_path, make_data):
    return lambda **settings: survey_recordings(make_data(tmp_path, **settings))
