"""Two-channel spectrograms against the arrays that the original produced, and back to waveforms."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.spectral.phase import MagnitudeAndPhase, phase_steps

REFERENCE = Path(__file__).parents[1] / "reference"
SETTINGS = {"fft_length": 64, "hop_length": 16, "bins": 32, "frames": 32, "sample_rate": 44100}


@pytest.fixture(scope="module")
def arrays():
    with np.load(REFERENCE / "spectral_small_with_phase.npz") as file:
        return dict(file)


@pytest.mark.parametrize(("data_type", "name"), [("linear", "specgram"), ("mel", "mel_specgram")])
def test_spectrogram_of_reference_waveform_equals_original(arrays, data_type, name):
    found = MagnitudeAndPhase(data_type, **SETTINGS)(arrays["waveform"][np.newaxis]).numpy()[0]
    np.testing.assert_allclose(found[..., 0], arrays[name][..., 0], atol=1e-5)
    np.testing.assert_allclose(found[..., 1], arrays[name][..., 1], atol=1e-5)


def test_phase_of_reference_waveform_equals_that_of_the_original_spectrum(arrays):
    found = MagnitudeAndPhase("phase", **SETTINGS)(arrays["waveform"][np.newaxis]).numpy()[0]
    spectrum = arrays["stft_real"] + 1j * arrays["stft_imag"]
    np.testing.assert_allclose(found[..., 0], np.log(np.abs(spectrum) + 1e-6), atol=1e-5)
    np.testing.assert_allclose(found[..., 1], np.angle(spectrum) / np.pi, atol=1e-5)


def test_spectra_of_reference_mel_spectrogram_equal_original(arrays):
    found = MagnitudeAndPhase("mel", **SETTINGS).spectra(arrays["mel_specgram"][np.newaxis]).numpy()[0]
    wanted = arrays["specgram_from_mel"]
    np.testing.assert_allclose(np.log(np.abs(found)), wanted[..., 0], atol=1e-4)
    turns = np.exp(1j * np.pi * np.cumsum(wanted[..., 1], axis=0))
    np.testing.assert_allclose(found / np.abs(found), turns, atol=1e-4)


def test_waveform_of_reference_mel_spectrogram_equals_original(arrays):
    found = MagnitudeAndPhase("mel", **SETTINGS).waveforms(arrays["mel_specgram"][np.newaxis])
    np.testing.assert_allclose(found[0, -500:], arrays["waveform_from_mel"], atol=1e-6)


@pytest.mark.parametrize("data_type", ["linear", "phase"])
def test_waveform_of_linear_spectrogram_is_the_recorded_one_but_for_its_mean(data_type):
    time_s = np.arange(4096) / 16000
    waveform = (np.sin(2 * np.pi * 1000 * time_s) + 0.5 * np.sin(2 * np.pi * 3210 * time_s)).astype(np.float32)
    transform = MagnitudeAndPhase(data_type, 256, 64, 128, frames=61, sample_rate=16000)
    found = transform.waveforms(transform(waveform[np.newaxis]))[0]
    middle = slice(192, -192)  # the ends fade
    np.testing.assert_allclose(found[middle], waveform[middle], atol=1e-3)


@pytest.mark.parametrize("data_type", ["mel", "linear", "phase"])
def test_spectrogram_in_graph_of_unknown_length_equals_eager_result(data_type):
    transform = MagnitudeAndPhase(data_type, 64, 16, 32, frames=8, sample_rate=16000)
    in_graph = tf.function(transform, input_signature=[tf.TensorSpec((None, None), tf.float32)])
    waveform = np.random.default_rng(0).normal(size=(3, 100)).astype(np.float32)
    found, wanted = in_graph(waveform).numpy(), transform(waveform).numpy()
    np.testing.assert_allclose(found[..., 0], wanted[..., 0], atol=1e-5)
    np.testing.assert_allclose(np.exp(1j * np.pi * found[..., 1]), np.exp(1j * np.pi * wanted[..., 1]), atol=1e-4)


def test_phase_steps_of_rising_phase_are_its_slope_the_short_way_round():
    slopes = np.array([0.5, 3.0, -3.0])
    phase = np.angle(np.exp(1j * (1.0 + slopes * np.arange(6)[:, np.newaxis])))
    found = phase_steps(tf.constant(phase[np.newaxis], tf.float32)).numpy()[0]
    np.testing.assert_allclose(found[0], 1.0, atol=1e-6)
    np.testing.assert_allclose(found[1:], np.tile(slopes, (5, 1)), atol=1e-5)


def test_silence_has_no_phase_and_stays_silent():
    transform = MagnitudeAndPhase("linear", 64, 16, 32, frames=8, sample_rate=16000)
    spectrogram = transform(np.zeros((1, 100), np.float32))
    np.testing.assert_allclose(spectrogram[..., 0], np.log(1e-6), atol=1e-4)
    np.testing.assert_array_equal(np.abs(spectrogram[..., 1]) % 1.0, 0.0)
    assert np.abs(transform.waveforms(spectrogram)).max() < 1e-4
