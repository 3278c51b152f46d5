"""Means of classes of a few clips: what differs between classes is smoothed over time.

Each value of the mean of n clips errs by 1 / n of its variance. A classifier that sees many clips about the same mean
takes this error for a mark of the class. What truly differs between classes changes little from frame to frame, so that
smoothing the differences removes more error than difference. How widely is chosen by clips that were left out: for
steady sounds over the whole clip, for impacts, whose classes differ in time, hardly at all.

Smoothing over mel bins as well, or bringing the means nearer to each other, makes left-out clips likelier still. But it
takes away what tells classes apart, such as narrow lines of a spectrum, which are few values among thousands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gansynth_isa.generators.gaussian.class_rows import ClassRows, smoothed_over_time

SMOOTHING_CANDIDATES = (0.0, 1.0, 2.0, 4.0, 8.0)  # frames; and all frames of a clip
CONSTANT = 1e-3  # natural logarithm of power; what varies less within classes is padding


def error_left(num_frames: int, smoothing: float) -> float:
    """Share of the variance of independent errors that smoothing leaves in the middle of a clip, 0 to 1."""
    impulse = np.zeros((1, num_frames))
    impulse[0, num_frames // 2] = 1.0
    return float(np.square(smoothed_over_time(impulse, smoothing)).sum())


@dataclass(frozen=True)
class ClassMeans:
    """Means of clips; D are the values of a clip.

    Attributes:
      own: (classes, D), of each class.
      overall: (D,), of all clips.
      varies: bool (D,), false where clips do not vary within classes, as in padding, which no smoothing must blur.
      shape: (frames, mel_bins, channels) of a clip.
    """

    own: np.ndarray
    overall: np.ndarray
    varies: np.ndarray
    shape: tuple[int, int, int]

    @classmethod
    def of(cls, clips: ClassRows) -> "ClassMeans":
        """The means of some clips."""
        own = clips.means()
        varies = np.abs(clips.rows - own[clips.labels]).max(axis=0) > CONSTANT
        return cls(own, clips.rows.mean(axis=0), varies, clips.shape)

    def smoothed(self, smoothing: float) -> np.ndarray:
        """(classes, D): the mean of all clips plus the difference of each class from it, smoothed.

        Args:
          smoothing: deviation of the bell in frames, 0 for none.
        """
        differences = smoothed_over_time((self.own - self.overall).reshape(-1, *self.shape), smoothing)
        varies = self.varies & (smoothing > 0)
        return np.where(varies, self.overall + differences.reshape(self.own.shape), self.own)


def likeliest_smoothing(clips: ClassRows, rounds: Sequence[np.ndarray]) -> float:
    """The smoothing under which means come nearest to clips that were left out, in deviations of each value.

    Args:
      clips: to choose by.
      rounds: see `ClassRows.rounds`.

    Returns:
      Deviation of the bell in frames; of equals the smallest.
    """
    num_frames = clips.shape[0]
    candidates = (*(one for one in SMOOTHING_CANDIDATES if one < num_frames), float(num_frames))
    variances = _variances(clips, rounds)
    errors = sum(_errors(*clips.parted(fold), candidates, variances) for fold in rounds)
    return candidates[int(np.argmin(errors))]


def _variances(clips: ClassRows, rounds: Sequence[np.ndarray]) -> np.ndarray:
    """(D,) mean squared deviations of left-out clips, all rounds together, from the means of the others."""
    squares, num_clips = np.zeros(clips.rows.shape[1]), 0
    for fold in rounds:
        kept, left = clips.parted(fold)
        squares += np.square(left.rows - kept.means()[left.labels]).sum(axis=0)
        num_clips += len(left.rows)
    return np.maximum(squares / num_clips, CONSTANT**2)


def _errors(kept: ClassRows, left: ClassRows, candidates: Sequence[float], variances: np.ndarray) -> np.ndarray:
    """(candidates,) squared distances of the left-out clips' means from those of the others, over variances."""
    means, wanted = ClassMeans.of(kept), left.means()
    weights = left.counts()[:, np.newaxis] / variances
    squares = (np.square(means.smoothed(candidate) - wanted) for candidate in candidates)
    return np.array([np.sum(weights * each, dtype=np.float64) for each in squares])
