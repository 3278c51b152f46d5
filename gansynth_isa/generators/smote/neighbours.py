"""The nearest neighbours of every clip in its class."""

import numpy as np


def nearest_neighbours(rows: np.ndarray, labels: np.ndarray, num_neighbours: int) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours by Euclidean distance.

    Args:
      rows: float32 (n, values), clips as rows.
      labels: (n,) class indices; every class has two clips or more.
      num_neighbours: of a clip; all others of its class where there are fewer.

    Returns:
      int32 (n, k), indices of clips, the nearest first, 0 beyond the count; int32 (n,), how many each clip has.
    """
    counts = np.minimum(np.bincount(labels)[labels] - 1, num_neighbours).astype(np.int32)
    neighbours = np.zeros((len(rows), counts.max()), np.int32)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        distances = _squared_distances(rows[members].astype(np.float64))
        np.fill_diagonal(distances, np.inf)  # a copy of a clip is its neighbour, the clip itself is not
        count = counts[members[0]]
        neighbours[members, :count] = members[np.argsort(distances, axis=1, kind="stable")[:, :count]]
    return neighbours, counts


def _squared_distances(rows: np.ndarray) -> np.ndarray:
    """(n, n) between rows (n, values), up to rounding."""
    squares = np.sum(rows**2, axis=1)
    return squares[:, np.newaxis] + squares - 2.0 * rows @ rows.T
