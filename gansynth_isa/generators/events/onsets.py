"""Where impacts begin in training clips.

The measure is that of `measures.onsets`. The silence that clips are padded with in front is no part of the recording:
where it ends nothing has begun.
"""

from dataclasses import dataclass

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.derived import clip_samples
from gansynth_isa.measures.clip_statistics import rises_of
from gansynth_isa.measures.onsets import is_onset, onset_threshold
from gansynth_isa.validation import known

SILENCE = -13.8  # natural logarithm of power; digital silence lies just below, see `spectral.features`
NATURAL_PER_DB = np.log(10) / 10


@dataclass(frozen=True)
class Onsets:
    """The onsets of n clips.

    Attributes:
      found: bool (n, frames), the first frame of every impact.
      padded: int (n,), leading frames that hold padding.
      threshold: the rise that makes an onset, natural logarithm of power.
    """

    found: np.ndarray
    padded: np.ndarray
    threshold: float

    def of_clip(self, clip: int) -> np.ndarray:
        """Frames of the onsets of a clip, rising."""
        return np.flatnonzero(self.found[clip])

    def most(self) -> int:
        """The largest number in a clip."""
        return int(self.found.sum(axis=1).max(initial=0))


def find_onsets(
    magnitudes: np.ndarray, data: DataConfig, features: FeatureConfig, threshold_db: float | None
) -> Onsets:
    """Finds the onsets of clips.

    Args:
      magnitudes: float64 (n, frames, mel_bins), natural logarithm of power.
      data, features: how they were made.
      threshold_db: least rise in dB on average over bins; None: see `measures.onsets.onset_threshold`.
    """
    padded = padded_frames(magnitudes, data, features)
    rises = rises_of(magnitudes)
    is_recorded = np.arange(rises.shape[1]) >= padded[:, np.newaxis]
    threshold = onset_threshold(rises[is_recorded]) if threshold_db is None else threshold_db * NATURAL_PER_DB
    rises = np.where(is_recorded, rises, 0.0)
    starts = _first(is_onset(rises, threshold), frames_of_window(features))
    return Onsets(np.pad(starts, ((0, 0), (1, 0))), padded, float(threshold))


def frames_of_window(features: FeatureConfig) -> int:
    """Frames in which one sample is heard."""
    return -(-features.fft_length // features.hop_length)


def padded_frames(magnitudes: np.ndarray, data: DataConfig, features: FeatureConfig) -> np.ndarray:
    """int (n,): leading frames that hold padding, by the length of a clip, or by silence where a recording was shorter;
    never all.

    Args:
      magnitudes: (n, frames, mel_bins), natural logarithm of power.
      data, features: how they were made.
    """
    num_samples = (known(features.frames) - 1) * features.hop_length + features.fft_length
    by_length = -(-max(0, num_samples - clip_samples(data)) // features.hop_length)
    silent = np.cumprod(magnitudes.max(axis=2) < SILENCE, axis=1).sum(axis=1)
    by_silence = np.where(silent > 0, silent - 1 + frames_of_window(features), 0)
    return np.minimum(np.maximum(by_length, by_silence), magnitudes.shape[1] - 1)


def _first(starts: np.ndarray, gap: int) -> np.ndarray:
    """The onsets without those within `gap` frames of one before: an impact may begin in steps."""
    kept = np.zeros_like(starts)
    for clip, frame in np.argwhere(starts):
        kept[clip, frame] = not kept[clip, max(0, frame - gap) : frame].any()
    return kept
