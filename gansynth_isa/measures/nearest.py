"""Distances to the nearest training clip: whether a generator copies.

Distances are Euclidean, over all values of the first channel, standardised per mel bin with the training clips.
"""

from collections.abc import Sequence

import numpy as np

from gansynth_isa.measures.per_class import PerClass, ratio

ROWS_AT_ONCE = 64
STD_FLOOR = 0.25  # natural logarithm of power: a constant bin must not blow up


class NearestClips:
    """Finds the nearest of some clips.

    Args:
      clips: (n, frames, mel_bins, channels), one or more, not normalised.
      groups: (n,) which of them belong together, see `left_out`; default: each is by itself.
    """

    def __init__(self, clips: np.ndarray, groups: Sequence[str] | None = None):
        magnitudes = np.asarray(clips[..., 0], np.float32)
        self._std = np.maximum(magnitudes.std(axis=(0, 1), dtype=np.float64), STD_FLOOR).astype(np.float32)
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

    def left_out(self) -> np.ndarray:
        """(n,) distances of the clips themselves to the nearest of another group; infinite where there is none."""
        parts = [slice(start, start + ROWS_AT_ONCE) for start in range(0, len(self._rows), ROWS_AT_ONCE)]
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


def memorisation(
    seen: NearestClips,
    seen_labels: np.ndarray,
    synthetic: tuple[np.ndarray, np.ndarray],
    class_names: Sequence[str],
    unseen: tuple[np.ndarray, np.ndarray] | None = None,
) -> PerClass:
    """Mean distance of synthetic clips to the nearest training clip, over that of real clips that were not seen.

    Near 0 for copies, 1 for clips as new as further real ones. The nearest clip may be of any class. Smooth clips lie
    nearer to everything than real ones with their grain do: a clip that is the mean of many gets about 0.7.

    Args:
      seen: the clips that the generator was trained on.
      seen_labels: (n,) their classes.
      synthetic: (m,) distances to the nearest of `seen`, and (m,) labels, of synthetic clips.
      class_names: what all labels are indices into.
      unseen: the same of real clips that were not seen; None to leave out the training clips' own groups in turn.

    Returns:
      Per class; None for a class without a synthetic clip or without a real one that was not seen.
    """
    reference, labels = (seen.left_out(), seen_labels) if unseen is None else unseen
    is_known = np.isfinite(reference)

    def measure(label: int) -> float | None:
        return ratio(_mean(synthetic[0][synthetic[1] == label]), _mean(reference[is_known & (labels == label)]))

    return PerClass.of(
        class_names,
        lambda name: measure(list(class_names).index(name)),
        "expected a synthetic clip, and a real one that the generator did not see",
    )


def _mean(distances: np.ndarray) -> float | None:
    return float(distances.mean()) if len(distances) else None
