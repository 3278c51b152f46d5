"""What is said about recordings before any sound is read."""

import numpy as np
import pytest
import soundfile

from gansynth_isa.data.recordings.overview import overview
from gansynth_isa.errors import InputError


@pytest.fixture
def write(tmp_path):
    def write_recordings(*paths):
        for path in paths:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(tmp_path / path, np.zeros(3200), 8000)

    return write_recordings


def lines_of(data):
    return [" ".join(line.split()) for line in overview(data).splitlines()]


def test_overview_counts_recordings_and_says_what_differs_from_the_paper(tmp_path, make_data, write):
    write("train/coated/1.wav", "train/coated/2.wav", "train/broken/1.wav", "test/broken/3.wav")
    (tmp_path / "notes.txt").touch()
    lines = lines_of(make_data(tmp_path, dataset="mb"))
    assert lines[:3] == ["recordings train test", "broken 1 1", "coated 2 0"]
    assert "sample rate 44100 Hz 8000 Hz" in lines and "test files 171 1" in lines
    assert lines[-1] == "ignored: 1 other file(s): notes.txt"


def test_overview_takes_sides_from_test_groups(tmp_path, make_data, write):
    write("nut_1.wav", "nut_2.wav", "ball_1.wav", "ball_2.wav")
    settings = {"file_pattern": r"(?P<label>\w+)_(?P<group>\d)\.wav"}
    assert lines_of(make_data(tmp_path, **settings)) == ["recordings all", "ball 2", "nut 2"]
    wanted = ["recordings train test", "ball 1 1", "nut 1 1"]
    assert lines_of(make_data(tmp_path, **settings, test_groups=("2",))) == wanted


def test_overview_of_a_class_without_training_recordings_is_refused(tmp_path, make_data, write):
    write("train/coated/1.wav", "test/coated/2.wav", "test/broken/1.wav")
    with pytest.raises(InputError, match="class 'broken' has none"):
        overview(make_data(tmp_path, dataset="mb"))


def test_overview_warns_of_what_headers_give_away(tmp_path, make_data, write):
    write(*(f"nut/{number}.wav" for number in range(3)))
    for number in range(3):
        (tmp_path / "ball").mkdir(exist_ok=True)
        soundfile.write(tmp_path / "ball" / f"{number}.flac", np.zeros(3200), 8000)
    (line,) = [line for line in lines_of(make_data(tmp_path)) if line.startswith("warning: ")]
    assert line.startswith("warning: the format alone tells the class (ball: FLAC PCM_16, nut: WAV PCM_16): ")


def test_overview_refuses_what_reading_would_refuse(tmp_path, make_data, write):
    write("nut/1.wav", "nut/2.wav", "ball/1.wav")
    with pytest.raises(InputError, match=r"channels: expected an index below 1.*ball/1\.wav"):
        overview(make_data(tmp_path, channels="1"))
    path = tmp_path / "nut" / "2.wav"
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(InputError, match=r"2\.wav: the recording is truncated"):
        overview(make_data(tmp_path))


def test_overview_of_a_recording_without_a_header_names_it_or_counts_it(tmp_path, make_data, write):
    write("nut/1.wav", "nut/2.wav", "ball/1.wav")
    (tmp_path / "nut" / "2.wav").write_text("no audio")
    with pytest.raises(InputError, match="2.wav: expected a WAV, FLAC or Ogg Vorbis file"):
        overview(make_data(tmp_path))
    lines = lines_of(make_data(tmp_path, skip_bad_files=True))
    assert lines == ["recordings all", "ball 1", "nut 1", "1 of 3 recordings are bad and left out"]
