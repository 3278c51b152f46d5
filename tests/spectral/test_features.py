"""Log-mel features against the arrays that the original produced."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.spectral.features import LogMel

REFERENCE = Path(__file__).parents[1] / "reference"


def relative_error(found, wanted):
    return np.abs(found - wanted).max() / np.abs(wanted).max()


@pytest.mark.parametrize(
    ("name", "fft_length", "mel_bins", "read"),
    [
        ("spectral_metal_balls_shape", 2048, 1024, lambda arrays: arrays["log_mel_power"]),
        ("spectral_small_with_phase", 64, 32, lambda arrays: arrays["mel_specgram"][..., 0]),
    ],
)
def test_log_mel_of_reference_waveform_equals_original(name, fft_length, mel_bins, read):
    arrays = np.load(REFERENCE / f"{name}.npz")
    features = LogMel(fft_length, fft_length // 4, mel_bins, frames=32, sample_rate=44100)
    found = features(arrays["waveform"][np.newaxis]).numpy()
    assert found.shape == (1, 32, mel_bins, 1)
    assert relative_error(found[0, :, :, 0], read(arrays)) < 1e-5


def test_log_mel_of_silence_is_log_of_epsilon():
    features = LogMel(64, 16, 32, frames=4, sample_rate=16000)
    np.testing.assert_allclose(
        features(np.zeros((2, 100), np.float32)), np.full((2, 4, 32, 1), np.log(1e-6)), atol=1e-4
    )


def test_log_mel_of_sine_peaks_in_the_band_of_its_frequency():
    sample_rate, frequency_hz = 16000, 3000.0
    waveform = np.sin(2 * np.pi * frequency_hz * np.arange(4096) / sample_rate).astype(np.float32)
    log_mel = LogMel(512, 128, 40, frames=8, sample_rate=sample_rate)(waveform[np.newaxis])[0, 4, :, 0]
    centres_mel = np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 42)[1:-1]
    centres_hz = 700 * (10 ** (centres_mel / 2595) - 1)
    assert np.argmax(log_mel) == np.argmin(np.abs(centres_hz - frequency_hz))


def test_log_mel_of_short_waveform_has_silence_in_front():
    features = LogMel(64, 16, 32, frames=8, sample_rate=16000)
    waveform = np.random.default_rng(0).normal(size=(1, 40)).astype(np.float32)
    padded = np.pad(waveform, ((0, 0), (features.num_samples - 40, 0)))
    np.testing.assert_array_equal(features(waveform), features(padded))


def test_log_mel_of_long_waveform_loses_its_end():
    features = LogMel(64, 16, 32, frames=8, sample_rate=16000)
    waveform = np.random.default_rng(0).normal(size=(1, 400)).astype(np.float32)
    np.testing.assert_array_equal(features(waveform), features(waveform[:, : 7 * 16 + 64]))


def test_log_mel_in_graph_of_unknown_length_equals_eager_result():
    features = LogMel(64, 16, 32, frames=8, sample_rate=16000)
    in_graph = tf.function(features, input_signature=[tf.TensorSpec((None, None), tf.float32)])
    waveform = np.random.default_rng(0).normal(size=(3, 100)).astype(np.float32)
    np.testing.assert_allclose(in_graph(waveform), features(waveform), rtol=1e-5, atol=1e-5)


def test_log_mel_of_a_clip_does_not_depend_on_the_batch():
    features = LogMel(64, 16, 32, frames=8, sample_rate=16000)
    quiet = np.random.default_rng(0).normal(size=(1, 176)).astype(np.float32) * 1e-3
    together = features(np.concatenate([quiet, quiet * 1e3]))
    np.testing.assert_allclose(together[:1], features(quiet), rtol=1e-5, atol=1e-5)
