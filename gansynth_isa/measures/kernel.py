"""The kernel distance of two sets of vectors: the squared maximum mean discrepancy of a polynomial kernel.

Unlike the Frechet distance its estimate is unbiased however few vectors there are (Binkowski et al. 2018, Demystifying
MMD GANs, which calls it the kernel inception distance). The kernel is theirs, (x . y / d + 1)^3 for d features.
"""

from dataclasses import dataclass

import numpy as np

POWER = 3
ROWS_AT_ONCE = 512
FEWEST = 2
FEWEST_FOR_SPREAD = 3


@dataclass(frozen=True)
class KernelDistance:
    """A squared distance: 0 for sets alike, and below it as often as above.

    Attributes:
      value: unbiased, of all vectors.
      spread: its standard error by the jackknife, that is by how it changes when one vector after the other is left out
        (Efron and Stein 1981). None for fewer than three vectors in either set.
    """

    value: float
    spread: float | None


def kernel_distance(vectors: np.ndarray, others: np.ndarray) -> KernelDistance | None:
    """The kernel distance of two sets.

    Args:
      vectors: (n, d).
      others: (m, d).

    Returns:
      None for fewer than two vectors in either.
    """
    if min(len(vectors), len(others)) < FEWEST:
        return None
    vectors, others = np.asarray(vectors, np.float64), np.asarray(others, np.float64)
    own, its = _sums(vectors, vectors, without_self=True), _sums(others, others, without_self=True)
    across, back = _sums(vectors, others), _sums(others, vectors)
    value = _mean_of_pairs(own) + _mean_of_pairs(its) - 2 * across.sum() / (len(vectors) * len(others))
    spread = None
    if min(len(vectors), len(others)) >= FEWEST_FOR_SPREAD:
        spread = float(np.sqrt(_variance(own, across, len(others)) + _variance(its, back, len(vectors))))
    return KernelDistance(float(value), spread)


def _sums(vectors: np.ndarray, others: np.ndarray, without_self: bool = False) -> np.ndarray:
    """(n,) sums of the kernel of each vector and all others, without the one at its own place if asked."""
    sums = np.empty(len(vectors))
    for first in range(0, len(vectors), ROWS_AT_ONCE):
        rows = vectors[first : first + ROWS_AT_ONCE]
        sums[first : first + len(rows)] = _kernel(rows @ others.T, vectors.shape[1]).sum(axis=1)
    return sums - _kernel(np.square(vectors).sum(axis=1), vectors.shape[1]) if without_self else sums


def _kernel(products: np.ndarray, num_features: int) -> np.ndarray:
    return (products / num_features + 1.0) ** POWER


def _mean_of_pairs(sums: np.ndarray) -> float:
    """Mean over pairs of different vectors."""
    return float(sums.sum() / (len(sums) * (len(sums) - 1)))


def _variance(own: np.ndarray, across: np.ndarray, num_others: int) -> float:
    """What leaving out each of one set's vectors tells about the variance.

    Args:
      own: (n,) sums with the others of its set.
      across: (n,) sums with the other set.
      num_others: size of that.
    """
    size = len(own)
    within = (own.sum() - 2 * own) / ((size - 1) * (size - 2))
    between = (across.sum() - across) / ((size - 1) * num_others)
    return float((size - 1) * np.var(within - 2 * between))
