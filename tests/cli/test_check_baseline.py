import json

import numpy as np
import pytest
import soundfile

from gansynth_isa.checks import baseline
from gansynth_isa.cli import check_baseline
from gansynth_isa.cli.runtime import run_command


@pytest.fixture
def recordings(tmp_path):
    """Two classes in three sessions: noise, and noise with a tone."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    time_s = np.arange(8000) / 8000
    for session in "123":
        noise = np.random.default_rng(int(session)).normal(0, 0.05, 8000)
        soundfile.write(folder / f"noise_{session}.wav", noise, 8000)
        soundfile.write(folder / f"tone_{session}.wav", noise + 0.3 * np.sin(2 * np.pi * 1000 * time_s), 8000)
    return folder


def arguments(recordings, output_dir):
    return [
        "check_baseline", f"--data_dir={recordings}", f"--output_dir={output_dir}", "--levels=4", "--trials=1",
        r"--file_pattern=(?P<label>\w+)_(?P<group>\d)\.wav", "--sample_rate=8000", "--clip_seconds=0.2",
        "--fft_length=256", "--hop_length=128", "--mel_bins=16", "--classifier_steps=20", "--feature_cache_dir=",
    ]  # fmt: skip


@pytest.mark.slow
def test_check_baseline_prints_and_writes_a_row_per_group_and_keeps_an_earlier_one(
    recordings, tmp_path, monkeypatch, capfd
):
    monkeypatch.setattr(baseline, "candidates", lambda base: {"the only one": base})
    assert run_command(check_baseline.main, arguments(recordings, tmp_path / "out")) == 0
    output = capfd.readouterr().out
    assert "group 3, 4 clips per class: classifier" in output and "4 clips per class, all groups: classifier" in output
    rows = [json.loads(line) for line in (tmp_path / "out" / "baseline.jsonl").read_text().splitlines()]
    assert [(row["group"], row["level"], row["chosen"]) for row in rows] == [(g, 4, "the only one") for g in "123"]
    assert np.mean([row["yardstick"] for row in rows]) > 0.75  # chance is 0.5
    assert run_command(check_baseline.main, arguments(recordings, tmp_path / "out")) == 2
    assert "holds the baseline.jsonl of an earlier check" in capfd.readouterr().err
