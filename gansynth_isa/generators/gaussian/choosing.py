"""What follows from clips of recordings that were left out: how much to share and to shrink, and the residual.

In every round the basis is made of the clips that stay. It is the same for all candidates, and so is what lies outside
of it, so that their likelihoods compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gansynth_isa.generators.components import SMALLEST_EIGENVALUE
from gansynth_isa.generators.gaussian.basis import Basis, principal_components, shrunk
from gansynth_isa.generators.gaussian.class_means import ClassMeans, error_left
from gansynth_isa.generators.gaussian.class_rows import ClassRows

SHARING_CANDIDATES = (0.0, 0.25, 0.5, 0.75, 1.0)
SHRINKAGE_CANDIDATES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)


@dataclass(frozen=True)
class LeftOut:
    """Clips of left-out recordings as seen from the others.

    Attributes:
      basis: of the others.
      scores: (m, k) in its components. They are shortened by what the error of a mean of few clips adds.
      labels: (m,).
      residual: (m, D), what lies outside the basis.
    """

    basis: Basis
    scores: np.ndarray
    labels: np.ndarray
    residual: np.ndarray


def all_left_out(
    clips: ClassRows, rounds: Sequence[np.ndarray], components: int, smoothing: float, basis_smoothing: float
) -> list[LeftOut]:
    """The left-out clips of every round.

    Args:
      clips: all of them.
      rounds: see `ClassRows.rounds`.
      components: largest number of principal components.
      smoothing: of differences of class means, deviation of the bell in frames.
      basis_smoothing: see `principal_components`.
    """
    left_by_smoothing, found = error_left(clips.shape[0], smoothing), []
    for fold in rounds:
        others, left = clips.parted(fold)
        basis = principal_components(others, components, basis_smoothing)
        centred = left.rows - ClassMeans.of(others).smoothed(smoothing)[left.labels]
        # A mean of n clips errs by 1 / n of their variance, which would be taken for theirs. Of the error of single
        # values smoothing leaves a part, but for that of the mean of all; what many values share it leaves as it is.
        of_class, of_all = 1 / others.counts()[left.labels][:, np.newaxis], 1 / len(others.rows)
        scores = centred @ basis.rows.T
        outside = (centred - scores @ basis.rows) / np.sqrt(1 + of_all + left_by_smoothing * (of_class - of_all))
        shortened = (scores / np.sqrt(1 + of_class)).astype(np.float64)
        found.append(LeftOut(basis, shortened, left.labels, outside))
    return found


def likeliest(
    left_out: Sequence[LeftOut], sharing: float | None = None, shrinkage: float | None = None
) -> tuple[float, float]:
    """The candidates under which clips of left-out recordings are likeliest.

    Args:
      left_out: what `all_left_out` gives.
      sharing: l where it is given, None to choose it.
      shrinkage: g where it is given, None to choose it.

    Returns:
      (sharing, shrinkage); of equals the one that shares most, and of these the one that shrinks least.
    """
    if sharing is not None and shrinkage is not None:
        return sharing, shrinkage
    sharings = SHARING_CANDIDATES[::-1] if sharing is None else (sharing,)
    shrinkages = SHRINKAGE_CANDIDATES if shrinkage is None else (shrinkage,)
    likelihoods = sum(log_likelihoods(part, sharings, shrinkages) for part in left_out)
    best = np.unravel_index(np.argmax(likelihoods), np.shape(likelihoods))
    return sharings[best[0]], shrinkages[best[1]]


def log_likelihoods(part: LeftOut, sharings: Sequence[float], shrinkages: Sequence[float]) -> np.ndarray:
    """Natural logarithms of the density of the left-out clips within the basis, but for a constant.

    Returns:
      (sharings, shrinkages); minus infinity where a covariance of too few clips makes every other clip impossible.
    """
    within, total = part.basis.within().astype(np.float64), np.zeros((len(sharings), len(shrinkages)))
    if not within.size:  # identical clips: nothing tells the candidates apart
        return total
    for label in np.unique(part.labels):
        scores = part.scores[part.labels == label]
        for row, sharing in enumerate(sharings):
            eigenvalues, vectors = np.linalg.eigh(part.basis.between(label, sharing, within))
            squares = ((scores @ vectors) ** 2).sum(axis=0)
            for column, shrinkage in enumerate(shrinkages):
                total[row, column] += _log_density(squares, len(scores), shrunk(eigenvalues, shrinkage))
    return total


def _log_density(squares: np.ndarray, num_clips: int, eigenvalues: np.ndarray) -> float:
    if eigenvalues.min() <= SMALLEST_EIGENVALUE * eigenvalues.max():
        return -np.inf
    return -0.5 * float(np.sum(squares / eigenvalues) + num_clips * np.sum(np.log(eigenvalues)))


def residual_deviation(left_out: Sequence[LeftOut]) -> np.ndarray:
    """(D,) deviation of each value outside the basis."""
    num_clips = sum(len(part.labels) for part in left_out)
    return np.sqrt(sum(np.square(part.residual, dtype=np.float64).sum(axis=0) for part in left_out) / num_clips)
