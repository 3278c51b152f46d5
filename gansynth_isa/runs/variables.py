"""Arrays of a checkpoint back into the variables that they came from."""

from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.errors import InputError


def restore_variables(variables: Mapping[str, tf.Variable | keras.Variable], arrays: Mapping[str, np.ndarray]) -> None:
    """Assigns arrays to variables of the same names.

    Raises:
      InputError: an array is missing or has another shape, as in a checkpoint of another version.
    """
    for name, variable in variables.items():
        if name not in arrays or arrays[name].shape != tuple(variable.shape):
            received = arrays[name].shape if name in arrays else "nothing"
            raise InputError(f"checkpoint: expected an array {name} {tuple(variable.shape)}, got {received}")
        variable.assign(arrays[name])
