"""Clips whose impacts are known: power that falls by a constant factor per frame, added to a background."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.generators.base import TrainingData

FEATURES = FeatureConfig(fft_length=16, hop_length=8, mel_bins=4, frames=32)
DATA = DataConfig(sample_rate=8000, clip_seconds=(31 * 8 + 16) / 8000)  # the frames cover a clip exactly
RATE = 0.5  # fall of an impact, natural logarithm of power, per frame
COLOUR = np.array([0.0, -0.5, -1.0, -2.0])  # of an impact over bins
BACKGROUND = -4.0


def impact(level, num_frames):
    """(frames, bins) natural logarithm of the power of an impact."""
    return level + COLOUR - RATE * np.arange(num_frames)[:, np.newaxis]


def clip_with(frames, levels, grain=0.0, rng=None, num_frames=32):
    """(frames, bins) a background with impacts."""
    clip = np.full((num_frames, len(COLOUR)), BACKGROUND)
    if grain:
        clip += rng.normal(0.0, grain, clip.shape)
    for frame, level in zip(frames, levels, strict=True):
        clip[frame:] = np.logaddexp(clip[frame:], impact(level, num_frames - frame))
    return clip


@pytest.fixture(scope="module")
def impacts_training():
    """Eight clips of "hit", with one to two impacts, and four of "hum", without any; each a recording of its own."""
    rng, clips = np.random.default_rng(0), []
    for number in range(8):
        frames = [6 + number, 20][: 1 + number % 2]
        clips.append(clip_with(frames, [2.0 + 0.1 * number, 1.0][: len(frames)], 0.2, rng))
    clips += [clip_with([], [], 0.2, rng) for _ in range(4)]
    names = tuple([f"hit/{number}.wav" for number in range(8)] + [f"hum/{number}.wav" for number in range(4)])
    clip_set = ClipSet(
        spectrograms=np.stack(clips)[..., np.newaxis].astype(np.float32),
        labels=np.array([0] * 8 + [1] * 4, np.int32),
        class_names=("hit", "hum"),
        recordings=names,
        groups=names,
        splits=(None,) * 12,
        digests={name: name for name in names},
    )
    return TrainingData(clip_set, DATA, FEATURES)


@pytest.fixture(scope="module")
def steady_training(impacts_training):
    """The clips of "hum" and, as another class, the same with more power: no onset anywhere."""
    clips = impacts_training.clips.select([8, 9, 10, 11, 8, 9, 10, 11])
    louder = np.arange(8)[:, np.newaxis, np.newaxis, np.newaxis] // 4
    names = tuple(f"{number}.wav" for number in range(8))
    clips = dataclasses.replace(
        clips,
        spectrograms=(clips.spectrograms + louder).astype(np.float32),
        labels=np.array([0] * 4 + [1] * 4, np.int32),
        recordings=names,
        groups=names,
        digests={name: name for name in names},
        clip_ids=tuple(f"{name}#0" for name in names),
    )
    return dataclasses.replace(impacts_training, clips=clips)
