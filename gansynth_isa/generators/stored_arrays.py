"""Whether the arrays in a folder are those that its experiment.json tells of: either may be edited or exchanged."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError


def check_present(folder: Path, arrays: Mapping[str, np.ndarray], names: Iterable[str]) -> None:
    """Refuses a folder without one of its arrays.

    Raises:
      InputError: names the first that is missing.
    """
    for name in names:
        if name not in arrays:
            raise InputError(f"{folder}: damaged (there is no array {name})")


def check_shapes(folder: Path, arrays: Mapping[str, np.ndarray], expected: Mapping[str, tuple[int, ...]]) -> None:
    """Refuses arrays of other classes or clips than the folder tells of.

    Args:
      folder: for the message.
      arrays: those of `expected`, and perhaps others.
      expected: name -> shape that follows from experiment.json.

    Raises:
      InputError: names the first that does not fit, and both shapes.
    """
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            raise InputError(
                f"{folder}: damaged (array {name}: expected shape {shape} by its experiment.json, got "
                f"{arrays[name].shape})"
            )


def clip_shape(folder: Path, features: FeatureConfig) -> tuple[int, int, int]:
    """(frames, mel_bins, channels) of the clips of a folder.

    Raises:
      InputError: its experiment.json leaves the frames open, as none that was written does.
    """
    if features.frames is None:
        raise InputError(f"{folder}: damaged (frames: expected a whole number, got None)")
    return features.shape
