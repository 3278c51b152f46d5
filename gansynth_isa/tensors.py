"""What networks and losses calculate with."""

from typing import TypeAlias

import tensorflow as tf
from keras import KerasTensor

Tensor: TypeAlias = tf.Tensor | KerasTensor  # the latter while a model is put together
Shape: TypeAlias = tuple[int | None, ...]  # None: an axis whose size is not known yet
