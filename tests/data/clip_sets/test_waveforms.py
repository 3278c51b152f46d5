"""Waveforms of clips against their features and against the samples of their files."""

import dataclasses

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.data.clip_sets.waveforms import read_waveforms
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.transform import make_transform

FEATURES = FeatureConfig(fft_length=64, hop_length=32, mel_bins=16, frames=8)


@pytest.fixture
def data(tmp_path):
    """Two stereo recordings of 0.25 s at 8 kHz, read at 4 kHz, in clips of 0.1 s that overlap, each channel its own."""
    for number, label in enumerate("ab"):
        (tmp_path / label).mkdir()
        noise = np.random.default_rng(number).uniform(-0.5, 0.5, (2000, 2))
        soundfile.write(tmp_path / label / "x.wav", noise, 8000, subtype="FLOAT")
    return DataConfig(
        data_dir=str(tmp_path),
        sample_rate=4000,
        clip_seconds=0.1,
        clip_overlap=0.5,
        channels="each",
        peak_normalize=True,
    )


def test_waveforms_of_a_selection_are_those_that_its_features_were_made_of(data):
    clips = load_clips(data, FEATURES)
    assert len(clips) == 16
    chosen = clips.select([13, 2, 5])
    waveforms = read_waveforms(chosen, data)
    assert waveforms.shape == (3, 400) and waveforms.dtype == np.float32
    np.testing.assert_allclose(np.abs(waveforms).max(axis=1), 1.0)
    transform = make_transform(FEATURES, 4000)
    np.testing.assert_allclose(transform(waveforms).numpy(), chosen.spectrograms, atol=1e-5)


def test_waveforms_without_resampling_are_the_samples_of_the_file(data, tmp_path):
    plain = dataclasses.replace(data, sample_rate=8000, clip_overlap=0.0, channels="1", peak_normalize=False)
    clips = load_clips(plain, FEATURES)
    samples, _ = soundfile.read(tmp_path / "a" / "x.wav", dtype="float32")
    np.testing.assert_array_equal(read_waveforms(clips.select([1]), plain)[0], samples[800:1600, 1])


def test_recording_that_changed_is_refused(data, tmp_path):
    clips = load_clips(data, FEATURES)
    soundfile.write(tmp_path / "a" / "x.wav", np.zeros((2000, 2)), 8000, subtype="FLOAT")
    with pytest.raises(InputError, match="a/x.wav: the recording is another one than its features were made of"):
        read_waveforms(clips, data)


def test_recording_that_is_gone_is_refused(data, tmp_path):
    clips = load_clips(data, FEATURES)
    (tmp_path / "a" / "x.wav").rename(tmp_path / "a" / "y.wav")
    with pytest.raises(InputError, match="data_dir: expected the recording a/x.wav, but"):
        read_waveforms(clips, data)
    with pytest.raises(InputError, match="data_dir: expected the folder of the recordings, for their waveforms"):
        read_waveforms(clips, dataclasses.replace(data, data_dir=str(tmp_path / "nowhere")))


def test_clips_that_are_cut_otherwise_are_refused(data):
    clips = load_clips(data, FEATURES)
    with pytest.raises(InputError, match="data_dir: expected the clip a/x.wav#0@0.050000"):
        read_waveforms(clips, dataclasses.replace(data, clip_overlap=0.0))
