"""Small recordings that the tests of this folder write for themselves."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.loading import load_clips

SAMPLE_RATE = 8000


def _write_noise(path: Path, duration_s: float, channels=1, rate=SAMPLE_RATE, level=0.1, seed=0, subtype="PCM_16"):
    """Writes a recording of noise and returns its samples (samples, channels) before quantisation."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = np.random.default_rng(seed).normal(0.0, level, (round(duration_s * rate), channels)).clip(-0.99, 0.99)
    soundfile.write(path, samples, rate, subtype=subtype)
    return samples


@pytest.fixture
def write_noise():
    """Writes a recording of noise: (path, duration_s, channels, rate, level, seed, subtype)."""
    return _write_noise


@pytest.fixture
def folder_of_two_classes(tmp_path) -> Path:
    """Classes `nut` and `ball`, three recordings each with 4, 5 and 6 clips of 0.1 s and a remainder."""
    for number, label in enumerate(("nut", "ball")):
        for take in range(3):
            _write_noise(tmp_path / label / f"take_{take}.wav", 0.45 + 0.1 * take, seed=10 * number + take)
    return tmp_path


@pytest.fixture
def features() -> FeatureConfig:
    """Features small enough for a test."""
    return FeatureConfig(fft_length=128, hop_length=64, mel_bins=16)


@pytest.fixture
def make_data():
    """Builds a `DataConfig` for a folder, with clips of 0.1 s at 8 kHz."""

    def build(folder, **settings) -> DataConfig:
        return DataConfig(**{"data_dir": str(folder), "sample_rate": SAMPLE_RATE, "clip_seconds": 0.1, **settings})

    return build


@pytest.fixture
def load_counted(monkeypatch, features, tmp_path):
    """Loads through a cache and says how many recordings were read for it; the test's folder must be another."""

    def load(data, features=features):
        numbers, lines = [], []
        clips = load_clips(data, features, lines.append, tmp_path / "cache", lambda done, _: numbers.append(done))
        return clips, len(numbers), lines

    return load
