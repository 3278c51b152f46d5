"""What is measured of every clip by itself, in one pass over clips that may lie on disk.

All of it on magnitudes, the first channel, natural logarithm of power: the phases of two takes of one sound have
nothing in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter

CLIPS_AT_ONCE = 64
NEIGHBOURHOOD = 3
SAME = 1e-3  # values of digital silence differ by less; those of recorded silence by more


@dataclass(frozen=True)
class ClipStatistics:
    """Numbers of n clips, and whose they are.

    Attributes:
      labels: (n,) indices into `class_names`.
      class_names: of all classes.
      spectra: float64 (n, mel_bins), means over time.
      grain: float64 (n,), root mean square of the difference between a value and the mean of its 3 x 3
        neighbourhood; NaN for clips of fewer than three frames or bins.
      deviation_over_time: float64 (n,), root mean square over bins of the standard deviations over frames.
      rises: float64 (n, frames - 1), mean over bins of what the power rises from one frame to the next, falls
        counted as 0; see `onsets`.
      silent: int (n,), leading frames of digital silence: the same value in all bins, two or more, and frames.
      beginnings: float64 (n,), the first value of each clip.
    """

    labels: np.ndarray
    class_names: tuple[str, ...]
    spectra: np.ndarray
    grain: np.ndarray
    deviation_over_time: np.ndarray
    rises: np.ndarray
    silent: np.ndarray
    beginnings: np.ndarray

    @classmethod
    def of(cls, spectrograms: np.ndarray, labels: np.ndarray, class_names: Sequence[str]) -> "ClipStatistics":
        """Measures clips.

        Args:
          spectrograms: (n, frames, mel_bins, channels), not normalised; only the first channel is read.
          labels: (n,) indices into `class_names`.
          class_names: of all classes.
        """
        parts = [
            _measured(np.asarray(spectrograms[start : start + CLIPS_AT_ONCE, ..., 0], np.float64))
            for start in range(0, max(1, len(labels)), CLIPS_AT_ONCE)
        ]
        return cls(np.asarray(labels), tuple(class_names), *(np.concatenate(part) for part in zip(*parts, strict=True)))

    def __len__(self) -> int:
        return len(self.labels)

    def padded_frames(self) -> int:
        """Leading frames that are the same digital silence in every clip, never all: padding, which fills clips up.

        A clip that is silent for longer than the others may be padded too, or recorded like that, which nothing tells.
        """
        if not len(self) or np.ptp(self.beginnings) > SAME:
            return 0
        return min(int(self.silent.min()), self.rises.shape[1])

    def is_of(self, class_name: str) -> np.ndarray:
        """bool (n,): which clips are of that class; none where there is no such class."""
        if class_name not in self.class_names:
            return np.zeros(len(self.labels), bool)
        return self.labels == self.class_names.index(class_name)


def rises_of(magnitudes: np.ndarray) -> np.ndarray:
    """(n, frames - 1) mean over bins of what clips (n, frames, mel_bins) rise between frames, falls counted as 0."""
    return np.maximum(np.diff(magnitudes, axis=1), 0.0).mean(axis=2)


def _measured(magnitudes: np.ndarray) -> tuple[np.ndarray, ...]:
    """(spectra, grain, deviations over time, rises, silent frames, beginnings) of clips (n, frames, mel_bins)."""
    deviations, rises = np.sqrt(magnitudes.var(axis=1).mean(axis=1)), rises_of(magnitudes)
    silent, beginnings = _silent_frames(magnitudes), magnitudes[:, 0, 0]
    return magnitudes.mean(axis=1), _grain(magnitudes), deviations, rises, silent, beginnings


def _silent_frames(magnitudes: np.ndarray) -> np.ndarray:
    """(n,) leading frames in which all values are the first one; none of clips of one bin, where any value is that."""
    if magnitudes.shape[2] < 2:
        return np.zeros(len(magnitudes), int)
    is_same = np.abs(magnitudes - magnitudes[:, :1, :1]).max(axis=2) <= SAME
    return np.cumprod(is_same, axis=1).sum(axis=1)


def _grain(magnitudes: np.ndarray) -> np.ndarray:
    """(n,) root mean square of value minus mean of its neighbourhood, over values that have all neighbours."""
    num_clips, frames, bins = magnitudes.shape
    if min(frames, bins) < NEIGHBOURHOOD:
        return np.full(num_clips, np.nan)
    means = uniform_filter(magnitudes, (1, NEIGHBOURHOOD, NEIGHBOURHOOD))
    differences = (magnitudes - means)[:, 1:-1, 1:-1]
    return np.sqrt(np.mean(differences**2, axis=(1, 2)))
