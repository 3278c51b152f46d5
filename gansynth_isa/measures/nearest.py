"""Distances to the nearest training clip: whether a generator copies.

Distances are Euclidean, over all values of the first channel, standardised per mel bin with the training clips.
`NearestClips` says which clip is the nearest too, and its distance to the last digit of float32. `nearest_distances` is
the sum by which `nearest_real_distance` has been published; another order of its terms would change published digits.
"""

from collections.abc import Sequence

import numpy as np

from gansynth_isa.measures.per_class import PerClass, ratio

ROWS_AT_ONCE = 64
STD_FLOOR = 0.25  # natural logarithm of power, about 1 dB


class NearestClips:
    """Finds the nearest of some clips.

    Args:
      clips: (n, frames, mel_bins, channels), one or more, not normalised.
      groups: (n,) which of them belong together, see `left_out`; default: each is by itself.
      std_floor: least deviation that a bin is divided by: a constant bin must not blow up.
    """

    def __init__(self, clips: np.ndarray, groups: Sequence[str] | None = None, std_floor: float = STD_FLOOR):
        magnitudes = np.asarray(clips[..., 0], np.float32)
        self._std = np.maximum(magnitudes.std(axis=(0, 1), dtype=np.float64), std_floor).astype(np.float32)
        self._mean = magnitudes.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)
        self._rows = self._as_rows(magnitudes)
        self._squares = np.square(self._rows, dtype=np.float64).sum(axis=1)
        self._groups = (
            np.arange(len(clips)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
        )

    def find(self, clips: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(m,) distances of clips (m, frames, mel_bins, channels) to the nearest, and (m,) which one that is."""
        found = [
            self._search(self._as_rows(np.asarray(clips[start : start + ROWS_AT_ONCE, ..., 0], np.float32)), None)
            for start in range(0, max(1, len(clips)), ROWS_AT_ONCE)
        ]
        return np.concatenate([distances for distances, _ in found]), np.concatenate([places for _, places in found])

    def left_out(self, which: np.ndarray | None = None) -> np.ndarray:
        """Distances of the clips themselves to the nearest of another group; infinite where there is none.

        Args:
          which: (m,) indices of the clips to ask for; default: all.

        Returns:
          (m,).
        """
        which = np.arange(len(self._rows)) if which is None else which
        parts = [which[start : start + ROWS_AT_ONCE] for start in range(0, len(which), ROWS_AT_ONCE)]
        return np.concatenate([self._search(self._rows[part], self._groups[part])[0] for part in parts])

    def _search(self, rows: np.ndarray, groups: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        squares = np.square(rows, dtype=np.float64).sum(axis=1)[:, np.newaxis] + self._squares
        squares -= 2.0 * (rows @ self._rows.T)
        if groups is not None:
            squares[groups[:, np.newaxis] == self._groups] = np.inf
        places = squares.argmin(axis=1)
        # The short form above loses what is small; the nearest clip's distance is computed anew.
        exact = np.linalg.norm(rows - self._rows[places], axis=1).astype(np.float64)
        return np.where(np.isinf(squares.min(axis=1)), np.inf, exact), places

    def _as_rows(self, magnitudes: np.ndarray) -> np.ndarray:
        return ((magnitudes - self._mean) / self._std).reshape(len(magnitudes), -1)


def nearest_distances(rows: np.ndarray, others: np.ndarray, leave_out_self: bool = False) -> np.ndarray:
    """Distance of each row to the nearest of the others, from |a|^2 - 2ab + |b|^2 in float64.

    Args:
      rows: (m, values), standardised clips.
      others: (n, values), one or more.
      leave_out_self: row i is `others[i]` itself, which does not count.

    Returns:
      float64 (m,).
    """
    rows, others = rows.astype(np.float64), others.astype(np.float64)
    squares = (rows**2).sum(1)[:, np.newaxis] - 2 * rows @ others.T + (others**2).sum(1)
    if leave_out_self:
        np.fill_diagonal(squares, np.inf)
    return np.sqrt(np.maximum(squares.min(axis=1), 0.0))


def memorisation(
    synthetic: tuple[np.ndarray, np.ndarray], unseen: tuple[np.ndarray, np.ndarray], class_names: Sequence[str]
) -> PerClass:
    """Mean distance of synthetic clips to the nearest training clip, over that of real clips that were not seen.

    Near 0 for copies, 1 for clips as new as further real ones. The nearest clip may be of any class. Smooth clips lie
    nearer to everything than real ones with their grain do: a clip that is the mean of many gets about 0.7.

    Args:
      synthetic: (m,) distances to the nearest of the clips that the generator was trained on, and (m,) labels.
      unseen: the same of real clips that it was not trained on; or of the training clips, each to the nearest of
        other recordings, see `NearestClips.left_out`. Infinite distances are left out.
      class_names: what labels are indices into.

    Returns:
      Per class; None for a class without a synthetic clip or without a real one that was not seen.
    """

    def measure(name: str) -> float | None:
        label = list(class_names).index(name)
        return ratio(_mean(synthetic, label), _mean(unseen, label))

    return PerClass.of(class_names, measure, "expected a synthetic clip, and a real one that the generator did not see")


def _mean(labelled: tuple[np.ndarray, np.ndarray], label: int) -> float | None:
    distances, labels = labelled
    chosen = distances[(labels == label) & np.isfinite(distances)]
    return float(chosen.mean()) if len(chosen) else None
