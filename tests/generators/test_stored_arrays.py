"""Folders whose arrays are not those that their experiment.json tells of."""

from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.generators.stored_arrays import check_present, check_shapes, clip_shape

FOLDER = Path("R")
ARRAYS = {"means": np.zeros((2, 3)), "basis": np.zeros((1, 3))}


def test_array_that_is_missing_or_of_another_shape_is_named():
    check_present(FOLDER, ARRAYS, ("basis", "means"))
    check_shapes(FOLDER, ARRAYS, {"means": (2, 3)})
    with pytest.raises(InputError, match=r"^R: damaged \(there is no array residual\)$"):
        check_present(FOLDER, ARRAYS, ("means", "residual"))
    with pytest.raises(InputError, match=r"^R: damaged \(array basis: expected shape \(4, 3\) by .*, got \(1, 3\)\)$"):
        check_shapes(FOLDER, ARRAYS, {"means": (2, 3), "basis": (4, 3)})


def test_frames_that_are_left_open_are_damage():
    assert clip_shape(FOLDER, FeatureConfig(frames=4, mel_bins=8)) == (4, 8, 1)
    with pytest.raises(InputError, match="frames: expected a whole number, got None"):
        clip_shape(FOLDER, FeatureConfig(mel_bins=8))
