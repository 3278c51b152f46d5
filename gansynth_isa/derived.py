"""What follows from the settings that were given: clip lengths and frames.

Fills in every `None` of a configuration, before anything is built.
"""

import dataclasses

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.validation import known

MAX_DEFAULT_FRAMES = 1024


def frames_of_clip(num_samples: int, features: FeatureConfig) -> int:
    """The smallest power of two of frames, at least 2, whose windows cover `num_samples` samples.

    With the paper's settings 0.4 s make 32 frames, 1.5 s make 128 and 5 s make 512 (Table 2).
    """
    frames = 2
    while (frames - 1) * features.hop_length + features.fft_length < num_samples:
        frames *= 2
    return frames


def clip_samples(data: DataConfig) -> int:
    """Length of a clip in samples."""
    return round(known(data.clip_seconds) * data.sample_rate)


def whole_frames(data: DataConfig, features: FeatureConfig) -> int:
    """How many frames of a clip, its last ones, see nothing but the clip; silence is put in front of it.

    At least 1: a clip shorter than a window has no such frame, but its last one ends with it.
    """
    covered = (clip_samples(data) - features.fft_length) // features.hop_length + 1
    return max(1, min(covered, known(features.frames)))


def resolve_features(data: DataConfig, features: FeatureConfig) -> FeatureConfig:
    """Derives `frames` from the clip length."""
    if features.frames is not None:
        return features
    frames = frames_of_clip(clip_samples(data), features)
    if frames > MAX_DEFAULT_FRAMES:
        raise InputError(
            f"clip_seconds: a clip of {data.clip_seconds:g} s has {frames} frames; cut it with a smaller "
            f"--clip_seconds, or ask for it with --frames={frames}"
        )
    return dataclasses.replace(features, frames=frames)
