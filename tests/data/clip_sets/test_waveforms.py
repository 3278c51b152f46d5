"""Waveforms of clips whose spectrograms were loaded before."""

import dataclasses

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.data.clip_sets.waveforms import clip_waveforms
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.transform import make_transform

FEATURES = FeatureConfig(fft_length=128, hop_length=64, mel_bins=8, frames=16)


@pytest.fixture
def data(tmp_path):
    for number in range(4):
        path = tmp_path / "ab"[number % 2] / f"{number}.wav"
        path.parent.mkdir(exist_ok=True)
        soundfile.write(path, np.random.default_rng(number).normal(0, 0.1, (2000 - 300 * number, 2)), 8000)
    return DataConfig(
        sample_rate=8000,
        clip_seconds=0.1,
        clip_overlap=0.5,
        channels="each",
        peak_normalize=True,
        data_dir=str(tmp_path),
    )


def test_waveforms_of_clips_give_their_spectrograms(data):
    clips = load_clips(data, FEATURES)
    waveforms = np.stack(list(clip_waveforms(data, clips)))
    assert waveforms.shape == (len(clips), 800)
    np.testing.assert_array_equal(make_transform(FEATURES, 8000)(waveforms).numpy(), clips.spectrograms)


def test_waveforms_of_some_clips_come_in_their_order(data):
    clips = load_clips(data, FEATURES)
    order = [7, 2, len(clips) - 1, 0]
    whole = list(clip_waveforms(data, clips))
    np.testing.assert_array_equal(list(clip_waveforms(data, clips.select(order))), [whole[index] for index in order])


def test_recording_that_is_gone_is_refused(data, tmp_path):
    clips = load_clips(data, FEATURES)
    (tmp_path / "a" / "2.wav").unlink()
    with pytest.raises(InputError, match="expected the recording a/2.wav, from which clips were made, but it is gone"):
        list(clip_waveforms(data, clips))


def test_recording_that_changed_is_refused(data, tmp_path):
    clips = load_clips(data, FEATURES)
    soundfile.write(tmp_path / "a" / "2.wav", np.zeros((1400, 2)), 8000)
    with pytest.raises(InputError, match="a/2.wav: the recording changed"):
        list(clip_waveforms(data, clips))


def test_other_cut_than_that_of_the_clips_is_refused(data):
    clips = load_clips(data, FEATURES)
    with pytest.raises(InputError, match="the recordings do not hold it any more"):
        list(clip_waveforms(dataclasses.replace(data, clip_overlap=0.0), clips))
