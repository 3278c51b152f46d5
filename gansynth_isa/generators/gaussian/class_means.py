"""Means of classes of a few clips: what differs between classes is smoothed over time and mel bins.

Each value of the mean of n clips errs by 1 / n of its variance. A classifier that sees many clips about the same mean
takes this error for a mark of the class. What truly differs between classes changes little from value to value, so that
smoothing the differences removes more error than difference. How widely is chosen by clips that were left out: for
steady sounds over the whole clip, for impacts, whose classes differ in time, hardly at all. To bring the means nearer
to each other also makes left-out clips likelier, but by less, and takes away what tells the classes apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from gansynth_isa.generators.gaussian.class_rows import ClassRows

TIME_CANDIDATES = (0.0, 1.0, 2.0, 4.0, 8.0)  # frames; and all frames of a clip
FREQUENCY_CANDIDATES = (0.0, 1.0, 2.0, 4.0)  # mel bins
CONSTANT = 1e-3  # natural logarithm of power; what varies less within classes is padding


@dataclass(frozen=True)
class Smoothing:
    """Deviations of the bells by which differences of class means are smoothed; 0 for none.

    Attributes:
      frames: over time.
      bins: over mel bins.
    """

    frames: float = 0.0
    bins: float = 0.0

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """(classes, frames, mel_bins, channels), smoothed; ends are mirrored."""
        return gaussian_filter(values, (0, self.frames, self.bins, 0), mode="reflect")

    def error_left(self, shape: tuple[int, int, int]) -> float:
        """Share of the variance of independent errors that is left, 0 to 1."""
        impulse = np.zeros((1, *shape[:2], 1))
        impulse[0, shape[0] // 2, shape[1] // 2] = 1.0
        return float(np.square(self(impulse)).sum())


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

    def smoothed(self, smoothing: Smoothing) -> np.ndarray:
        """(classes, D): the mean of all clips plus the smoothed difference of each class from it."""
        if smoothing == Smoothing():
            return self.own
        differences = (self.own - self.overall).reshape(-1, *self.shape)
        return np.where(self.varies, self.overall + smoothing(differences).reshape(self.own.shape), self.own)


def likeliest_smoothing(
    clips: ClassRows, rounds: Sequence[np.ndarray], frames: float | None, bins: float | None
) -> Smoothing:
    """The smoothing under which means come nearest to clips that were left out, in deviations of each value.

    Args:
      clips: to choose by.
      rounds: see `ClassRows.rounds`.
      frames: over time where it is given, None to choose it.
      bins: over mel bins, likewise.

    Returns:
      Of equals the one that smooths least.
    """
    times = (*(one for one in TIME_CANDIDATES if one < clips.shape[0]), float(clips.shape[0]))
    candidates = [
        Smoothing(time, one)
        for time in (times if frames is None else (frames,))
        for one in (FREQUENCY_CANDIDATES if bins is None else (bins,))
    ]
    if len(candidates) == 1:
        return candidates[0]
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


def _errors(kept: ClassRows, left: ClassRows, candidates: Sequence[Smoothing], variances: np.ndarray) -> np.ndarray:
    """(candidates,) squared distances of the left-out clips' means from those of the others, over variances."""
    means, wanted = ClassMeans.of(kept), left.means()
    weights = left.counts()[:, np.newaxis] / variances
    squares = (np.square(means.smoothed(candidate) - wanted) for candidate in candidates)
    return np.array([np.sum(weights * each, dtype=np.float64) for each in squares])
