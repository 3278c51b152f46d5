"""The kernel distance of two sets of vectors: the squared maximum mean discrepancy of a polynomial kernel.

Unlike the Frechet distance its estimate is unbiased however few vectors there are (Binkowski et al. 2018, Demystifying
MMD GANs, which calls it the kernel inception distance). The kernel is theirs, (x . y / d + 1)^3 for d features.
"""

from dataclasses import dataclass

import numpy as np

POWER = 3
NUM_BLOCKS = 10
MIN_BLOCK = 5


@dataclass(frozen=True)
class KernelDistance:
    """A squared distance: 0 for sets alike, and below it as often as above.

    Attributes:
      value: unbiased, of all vectors.
      spread: what it is uncertain by: the standard error of its means over blocks of both sets. None where there are
        too few vectors for two blocks.
    """

    value: float
    spread: float | None


def kernel_distance(vectors: np.ndarray, others: np.ndarray, seed: int = 0) -> KernelDistance | None:
    """The kernel distance of two sets.

    Args:
      vectors: (n, d).
      others: (m, d).
      seed: of the blocks; up to ten, of five vectors or more of each set.

    Returns:
      None for fewer than two vectors in either.
    """
    if min(len(vectors), len(others)) < 2:
        return None
    vectors, others = np.asarray(vectors, np.float64), np.asarray(others, np.float64)
    num_blocks = min(NUM_BLOCKS, min(len(vectors), len(others)) // MIN_BLOCK)
    return KernelDistance(_squared_discrepancy(vectors, others), _standard_error(vectors, others, num_blocks, seed))


def _standard_error(vectors: np.ndarray, others: np.ndarray, num_blocks: int, seed: int) -> float | None:
    if num_blocks < 2:
        return None
    rng = np.random.default_rng(seed)
    parts = [np.array_split(rng.permutation(len(both)), num_blocks) for both in (vectors, others)]
    values = [_squared_discrepancy(vectors[first], others[second]) for first, second in zip(*parts, strict=True)]
    return float(np.std(values, ddof=1) / np.sqrt(num_blocks))


def _squared_discrepancy(vectors: np.ndarray, others: np.ndarray) -> float:
    within = [_mean_of_pairs(_kernel(both, both)) for both in (vectors, others)]
    return float(sum(within) - 2.0 * _kernel(vectors, others).mean())


def _mean_of_pairs(kernel: np.ndarray) -> float:
    """Mean over pairs of different vectors."""
    size = len(kernel)
    return float((kernel.sum() - np.trace(kernel)) / (size * (size - 1)))


def _kernel(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    return (vectors @ others.T / vectors.shape[1] + 1.0) ** POWER
