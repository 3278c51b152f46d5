"""Clips as rows of numbers, with what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from gansynth_isa.generators.left_out import MAX_FOLDS, folds


@dataclass(frozen=True)
class ClassRows:
    """Clips of several classes; D are the values of a clip.

    Attributes:
      rows: float32 (n, D).
      labels: (n,) class indices; a class may have no clip.
      recordings: (n,) whose clip each is; clips of one are left out together.
      num_classes: there are.
      shape: (frames, mel_bins, channels) of a clip, whose product is D.
    """

    rows: np.ndarray
    labels: np.ndarray
    recordings: np.ndarray
    num_classes: int
    shape: tuple[int, int, int]

    def select(self, chosen: np.ndarray) -> "ClassRows":
        """The clips where `chosen`, bool (n,), is true."""
        return ClassRows(self.rows[chosen], self.labels[chosen], self.recordings[chosen], self.num_classes, self.shape)

    def counts(self) -> np.ndarray:
        """(classes,) clips."""
        return np.bincount(self.labels, minlength=self.num_classes)

    def means(self) -> np.ndarray:
        """(classes, D), 0 for a class without clips."""
        means = np.zeros((self.num_classes, self.rows.shape[1]), self.rows.dtype)
        for label in np.flatnonzero(self.counts()):
            means[label] = self.rows[self.labels == label].mean(axis=0)
        return means

    def rounds(self) -> Sequence[np.ndarray]:
        """Masks (n,) of clips to leave out in turn, such that what stays has a class mean and a covariance for them.

        By few folds, or recording by recording where few folds take too much of every class at once. None where no
        class has two recordings.
        """
        return self._rounds(MAX_FOLDS) or self._rounds(len(self.rows))

    def _rounds(self, max_folds: int) -> list[np.ndarray]:
        found = []
        for fold in folds(self.labels, self.recordings, max_folds):
            counts = np.bincount(self.labels[~fold], minlength=self.num_classes)
            usable = fold & (counts[self.labels] > 0)
            if usable.any() and counts.sum() > np.count_nonzero(counts):
                found.append(fold)
        return found

    def parted(self, fold: np.ndarray) -> tuple["ClassRows", "ClassRows"]:
        """The clips that stay, and those left out of whose class some stay.

        Args:
          fold: one of `rounds()`.
        """
        kept = self.select(~fold)
        return kept, self.select(fold & (kept.counts()[self.labels] > 0))


def smoothed_over_time(values: np.ndarray, smoothing: float) -> np.ndarray:
    """Values (n, frames, ...) smoothed by a bell whose ends are mirrored.

    Args:
      values: to smooth.
      smoothing: deviation of the bell in frames, 0 for none.
    """
    return gaussian_filter1d(values, smoothing, axis=1, mode="reflect") if smoothing > 0 else values
