"""What a training step is given beside its networks."""

from typing import NamedTuple

import tensorflow as tf


class Batch(NamedTuple):
    """Images (batch, frames, mel_bins, channels) and one-hot labels (batch, classes)."""

    images: tf.Tensor
    labels: tf.Tensor


class Changes(NamedTuple):
    """How the images of a step are changed before they are judged: (batch, augmentation.NUM_DRAWS) each, or None.

    Attributes:
      generated: those of the generator's update.
      fakes, reals: those of the discriminator's.
    """

    generated: tf.Tensor | None = None
    fakes: tf.Tensor | None = None
    reals: tf.Tensor | None = None


class Moment(NamedTuple):
    """How far the training has come, and what is drawn for it beside the batches.

    Attributes:
      progress: scalar, growth progress, see `Stage.progress`.
      class_share: 0 to 1, how much the classes weigh of what they shall weigh.
      changes: how images are changed.
    """

    progress: tf.Tensor
    class_share: tf.Tensor | float = 1.0
    changes: Changes = Changes()
