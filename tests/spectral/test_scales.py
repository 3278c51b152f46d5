"""Axes of clips against where the transforms put a tone, and hand computation."""

import numpy as np
import pytest

from gansynth_isa.config import FeatureConfig
from gansynth_isa.spectral.scales import bin_centres_hz, duration_s, frequency_ticks, time_ticks
from gansynth_isa.spectral.transform import make_transform

SAMPLE_RATE = 16000


@pytest.mark.parametrize(("data_type", "mel_bins"), [("log_mel", 256), ("log_mel", 40), ("mel", 64), ("linear", 256)])
def test_bin_centres_are_where_a_tone_is_loudest(data_type, mel_bins):
    features = FeatureConfig(data_type=data_type, fft_length=512, hop_length=128, mel_bins=mel_bins, frames=8)
    centres_hz = bin_centres_hz(features, SAMPLE_RATE)
    assert np.all(np.diff(centres_hz) > 0)
    tones_hz = np.array([700.0, 1500.0, 3000.0, 6000.0])
    waveforms = np.sin(2 * np.pi * tones_hz[:, np.newaxis] * np.arange(2048) / SAMPLE_RATE).astype(np.float32)
    loudest = make_transform(features, SAMPLE_RATE)(waveforms).numpy()[:, 5, :, 0].argmax(axis=1)
    spacing_hz = np.maximum(np.gradient(centres_hz)[loudest], SAMPLE_RATE / 512)
    assert np.all(np.abs(centres_hz[loudest] - tones_hz) <= 1.5 * spacing_hz)


def test_frequency_ticks_are_round_inside_the_axis_and_apart():
    features = FeatureConfig(data_type="linear", fft_length=512, mel_bins=256, hop_length=128, frames=8)
    ticks = frequency_ticks(features, 44100)
    assert [name for _, name in ticks] == ["20k", "10k", "5k", "1k"]
    # Bin 0 stands for 86.13 Hz, and its middle is half a bin up the axis.
    assert ticks[0][0] == pytest.approx((20000 / (44100 / 512) - 0.5) / 256)


def test_time_ticks_are_round_and_leave_out_the_end():
    features = FeatureConfig(hop_length=512, frames=32)
    assert duration_s(features, 44100) == pytest.approx(0.37152, abs=1e-5)
    assert time_ticks(features, 44100) == [(0.0, "0"), (pytest.approx(0.2 / 0.37152, abs=1e-4), "0.2")]
    assert [name for _, name in time_ticks(FeatureConfig(hop_length=512, frames=512), 44100)] == ["0", "2", "4"]
