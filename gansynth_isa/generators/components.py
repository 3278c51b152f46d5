"""The directions in which rows differ most."""

import numpy as np
from scipy.linalg import eigh

SMALLEST_EIGENVALUE = 1e-7  # relative to the largest; below it float32 clips span nothing more


def leading_directions(rows: np.ndarray, number: int) -> np.ndarray:
    """Eigenvectors of rows^T rows, by products of rows or of columns with each other, whichever are fewer.

    Args:
      rows: float (n, D), centred by who calls.
      number: how many at most, from 1 on.

    Returns:
      (k, D) in the type of the rows, orthonormal but for rounding, from the largest eigenvalue on. k is less than
      `number` where the rows span less. Signs are the library's.
    """
    by_rows = len(rows) <= rows.shape[1]
    products = (rows @ rows.T if by_rows else rows.T @ rows).astype(np.float64)
    first = max(0, len(products) - number)
    eigenvalues, vectors = eigh(products, subset_by_index=(first, len(products) - 1))
    kept = eigenvalues > SMALLEST_EIGENVALUE * max(eigenvalues[-1], 1e-30)
    eigenvalues, vectors = eigenvalues[kept][::-1], vectors[:, kept][:, ::-1]
    found = ((vectors / np.sqrt(eigenvalues)) if by_rows else vectors).T.astype(rows.dtype)
    return found @ rows if by_rows else found
