"""What a training step is given: images with their classes, and how far the training has come."""

from typing import NamedTuple

import tensorflow as tf


class Batch(NamedTuple):
    """Images (batch, frames, mel_bins, channels) and one-hot labels (batch, classes)."""

    images: tf.Tensor
    labels: tf.Tensor


class Moment(NamedTuple):
    """How far the training has come.

    Attributes:
      progress: scalar, growth progress, see `Stage.progress`.
      class_share: 0 to 1, how much the classes weigh of what they shall weigh.
    """

    progress: tf.Tensor
    class_share: tf.Tensor | float = 1.0
