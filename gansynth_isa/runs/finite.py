"""Numbers that are no numbers any more: what ends a training that diverged."""

import math
from collections.abc import Mapping

import numpy as np


def not_finite(losses: Mapping[str, float], before: int, image: int) -> str | None:
    """Which mean losses are not finite; one look per call tells of every step since the last report.

    Args:
      losses: name -> mean.
      before, image: between which the call has trained.
    """
    bad = [f"{name} is {value}" for name, value in losses.items() if not math.isfinite(value)]
    return f"{', '.join(bad)} between the images {before:,} and {image:,}" if bad else None


def array_not_finite(arrays: Mapping[str, np.ndarray]) -> str | None:
    """Name of the first array with a value that is not finite."""
    return next((name for name, array in arrays.items() if not np.isfinite(array).all()), None)
