"""Clips back to sound: tones, levels, ends, and what cannot be heard."""

import librosa
import numpy as np
import pytest

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.sound import PEAK, SoundMaker
from gansynth_isa.spectral.transform import make_transform

SAMPLE_RATE, NUM_SAMPLES = 16000, 4000
SIZES = {"fft_length": 512, "hop_length": 128, "mel_bins": 256, "frames": 32}
DATA_TYPES = ["log_mel", "mel", "linear", "phase"]


def tone(frequency_hz=1000.0, level=0.3):
    return (level * np.sin(2 * np.pi * frequency_hz * np.arange(NUM_SAMPLES) / SAMPLE_RATE)).astype(np.float32)


def make(data_type, **changes):
    features = FeatureConfig(data_type=data_type, **SIZES | changes)
    return make_transform(features, SAMPLE_RATE), SoundMaker(features, SAMPLE_RATE, NUM_SAMPLES)


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_sound_of_a_tone_has_its_length_and_frequency_and_is_not_clipped(data_type):
    transform, maker = make(data_type)
    sound = maker.sounds(transform(tone()[np.newaxis]).numpy())[0]
    assert sound.shape == (NUM_SAMPLES,)
    assert np.abs(sound).max() == pytest.approx(PEAK)
    spectrum = np.abs(np.fft.rfft(sound[500:3500] * np.hanning(3000)))
    assert spectrum.argmax() * SAMPLE_RATE / 3000 == pytest.approx(1000.0, abs=2 * SAMPLE_RATE / 512)


@pytest.mark.parametrize(("data_type", "limit"), [("log_mel", 0.3), ("linear", 0.05), ("phase", 0.05)])
def test_waveform_of_noise_has_nearly_its_spectrum(data_type, limit):
    """Spectral convergence of librosa's spectra; the ends, where sound fades, are left out."""
    transform, maker = make(data_type)
    waveform = np.random.default_rng(0).normal(0.0, 0.1, NUM_SAMPLES).astype(np.float32)
    found = maker.waveforms(transform(waveform[np.newaxis]).numpy())[0]
    spectra = [np.abs(librosa.stft(each, n_fft=512, center=False))[1:, 3:-3] for each in (waveform, found)]
    assert np.linalg.norm(spectra[1] - spectra[0]) / np.linalg.norm(spectra[0]) < limit


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_sound_of_silence_is_next_to_silent_and_finite(data_type):
    transform, maker = make(data_type)
    waveforms = maker.waveforms(transform(np.zeros((1, NUM_SAMPLES), np.float32)).numpy())
    assert np.abs(waveforms).max() < 1e-3
    assert np.isfinite(maker.sounds(transform(np.zeros((1, NUM_SAMPLES), np.float32)).numpy())).all()


def test_log_mel_sound_is_the_same_every_time():
    transform, maker = make("log_mel")
    clips = transform(np.stack([tone(), tone(2000.0)])).numpy()
    np.testing.assert_array_equal(maker.sounds(clips), maker.sounds(clips))


def test_sound_of_a_cut_clip_is_as_long_as_its_frames():
    transform, maker = make("linear", frames=8)
    assert maker.waveforms(transform(tone()[np.newaxis]).numpy()).shape == (1, 7 * 128 + 512)


def test_sound_of_frames_that_do_not_overlap_is_refused():
    with pytest.raises(InputError, match="hop_length: expected less than fft_length = 512 to make sound, got 512"):
        make("log_mel", hop_length=512)
