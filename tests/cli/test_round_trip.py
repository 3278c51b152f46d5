"""The table of round trips by its command."""

import numpy as np
import soundfile

from gansynth_isa.cli import round_trip
from gansynth_isa.cli.runtime import run_command

SIZES = ["--sample_rate=8000", "--fft_length=256", "--hop_length=64", "--mel_bins=32", "--feature_cache_dir="]


def test_round_trip_prints_a_row_for_each_kind_of_features(tmp_path, capfd):
    for number in range(3):
        folder = tmp_path / ("loud" if number else "soft")
        folder.mkdir(exist_ok=True)
        samples = np.random.default_rng(number).normal(0.0, 0.1, 2000)
        soundfile.write(folder / f"{number}.wav", samples, 8000)
    assert run_command(round_trip.main, ["round_trip", f"--data_dir={tmp_path}", *SIZES]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert "3 of 3 clips of 0.25 s" in lines
    assert [line.split(" | ")[0].strip("| ") for line in lines if line.startswith("| ")][1:] == [
        "log_mel", "log_mel", "mel", "mel", "linear", "phase"
    ]  # fmt: skip


def test_round_trip_of_silence_is_refused_in_one_line(tmp_path, capfd):
    for name in ("quiet", "silent"):
        (tmp_path / name).mkdir()
        soundfile.write(tmp_path / name / "a.wav", np.zeros(2000), 8000)
    assert run_command(round_trip.main, ["round_trip", f"--data_dir={tmp_path}", *SIZES]) == 2
    assert "expected clips that are not silent" in capfd.readouterr().err
