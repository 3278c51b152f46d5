"""A slice of the battery of damaged input, and that the battery can fail."""

import numpy as np
import pytest

from gansynth_isa.checks.damaged.files import DamagedFile, damaged_files, encode
from gansynth_isa.checks.damaged.folders import DamagedFolder, damaged_folders, make_sound
from gansynth_isa.checks.damaged.unusual import UnusualFile, unusual_files
from gansynth_isa.cli import bad_files
from gansynth_isa.cli.bad_files import Outcome, check_files, check_folders, check_skipping, check_unusual
from gansynth_isa.data.audio import decoding


@pytest.fixture(scope="module")
def cases():
    return list(damaged_files())


def test_battery_holds_500_cases_of_different_names(cases):
    assert len(cases) + len(list(damaged_folders())) >= 500
    assert len({case.name for case in cases}) == len(cases)


def test_battery_of_every_seventh_damaged_recording_finds_nothing(cases, tmp_path):
    outcome = Outcome()
    check_files(cases[::7], tmp_path / "files", outcome)
    assert outcome.failures == []
    assert outcome.refused.total() > 60


def test_battery_of_unusual_recordings_finds_nothing(tmp_path):
    outcome = Outcome()
    check_unusual(unusual_files(), tmp_path / "files", outcome)
    assert outcome.failures == []
    assert outcome.read.total() == len(list(unusual_files())) > 40


def test_battery_notices_unusual_recordings_with_other_samples_or_refused(tmp_path):
    sound, outcome = encode([[0.1]] * 100, "WAV", "PCM_16"), Outcome()
    cases = [
        UnusualFile("right", "0.wav", sound, np.full((100, 1), 0.1), 2.0**-15),
        UnusualFile("quieter", "1.wav", sound, np.full((100, 1), 0.09), 2.0**-15),
        UnusualFile("longer", "2.wav", sound, np.full((101, 1), 0.1), 2.0**-15),
        UnusualFile("cut", "3.wav", sound[:-1], np.full((100, 1), 0.1), 2.0**-15),
    ]
    check_unusual(cases, tmp_path / "files", outcome)
    kinds = [failure.split(":")[0] for failure in outcome.failures]
    assert list(dict.fromkeys(kinds)) == ["quieter", "longer", "cut"]


def test_battery_notices_decoders_that_disagree(tmp_path, monkeypatch):
    sound, outcome = encode([[0.1]] * 100, "WAV", "PCM_16"), Outcome()
    monkeypatch.setattr(decoding, "_decode_with_soundfile", lambda *_: np.zeros((99, 1), np.float32))
    monkeypatch.setattr(decoding, "tfio_works", lambda: True)
    monkeypatch.setattr(decoding, "decode_wav", lambda *_: np.zeros((100, 1), np.float32))
    check_unusual([UnusualFile("sound", "sound.wav", sound, np.zeros((100, 1)), 1.0)], tmp_path / "files", outcome)
    assert "sound.wav" in outcome.failures[0] and "decoders disagree" in outcome.failures[0]


@pytest.mark.slow
def test_battery_of_damaged_folders_finds_nothing(tmp_path):
    outcome = Outcome()
    check_folders(damaged_folders(), tmp_path, outcome)
    assert outcome.failures == []
    assert outcome.refused.total() == len(list(damaged_folders()))


def test_battery_of_damaged_recordings_in_one_folder_is_skipped_and_counted(cases, tmp_path):
    outcome = Outcome()
    check_skipping(cases[::9], tmp_path / "set", outcome)
    assert outcome.failures == []
    assert (outcome.refused.total(), outcome.read.total()) == (1, 1)


def test_battery_notices_a_damaged_recording_that_is_read(tmp_path):
    sound = encode([[0.1]] * 100, "WAV", "PCM_16")
    outcome = Outcome()
    check_files([DamagedFile("sound", "sound.wav", sound)], tmp_path / "files", outcome)
    assert outcome.failures == ["sound: sound.wav was read"]


def test_battery_notices_a_message_that_does_not_name_the_thing(tmp_path):
    case = DamagedFolder("folder", lambda root: None, "something else")
    sound = DamagedFolder("nothing wrong", make_sound, "1.wav")
    outcome = Outcome()
    check_folders([case, sound], tmp_path, outcome)
    assert len(outcome.failures) == 2
    assert "status 2, expected 'something else'" in outcome.failures[0] and "status 0" in outcome.failures[1]


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda path: 1 / 0, "ZeroDivisionError"),
        (lambda path: bytearray(2**27), "128 MiB"),
    ],
)
def test_battery_notices_a_crash_and_a_huge_allocation(tmp_path, monkeypatch, read, message):
    outcome = Outcome()
    case = DamagedFile("kind", "a.wav", b"", must_be_refused=False)
    real = bad_files.read_audio
    monkeypatch.setattr(bad_files, "read_audio", lambda path, *rest: read(path) if path.name == "a.wav" else real(path))
    check_files([case], tmp_path / "files", outcome)
    assert any(message in failure for failure in outcome.failures)
