"""Several augmentations at once, each clip by its own dice."""

from collections.abc import Callable, Sequence

import tensorflow as tf

from gansynth_isa.augmentation.operations import (
    additive_noise,
    frequency_mask,
    gain,
    random_filter,
    time_mask,
    time_shift,
)
from gansynth_isa.errors import InputError

Operation = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
DEFAULT_OPERATIONS: tuple[Operation, ...] = (
    time_shift,
    gain,
    random_filter,
    additive_noise,
    time_mask,
    frequency_mask,
)
# Of an augmented clip each operation is used with this probability: all six at once leave little of a clip.
OPERATION_PROBABILITY = 0.5


class Augmenter:
    """Augments clips with a given probability each time they are fed.

    A clip is augmented with `probability`; an augmented clip passes through each operation with probability
    1/2. The masks come last, so that what they hide stays hidden.

    Example: `Augmenter(0.5, seed=0)(clips, step)`, clips float32 (batch, frames, mel_bins, channels),
    standardised.

    Args:
      probability: 0 to 1.
      seed: together with the step it decides everything.
      operations: functions of (clips, seed), see `operations`.

    Raises:
      InputError: a probability out of range.
    """

    def __init__(self, probability: float, seed: int, operations: Sequence[Operation] = DEFAULT_OPERATIONS):
        if not 0.0 <= probability <= 1.0:
            raise InputError(f"augmentation_probability: expected 0 to 1, got {probability}")
        self._probability = probability
        self._seed = seed % 2**31  # what an int32 holds
        self._operations = tuple(operations)

    def __call__(self, clips: tf.Tensor, step) -> tf.Tensor:
        """Augments one batch.

        Args:
          clips: float32 (batch, frames, mel_bins, channels).
          step: integer or scalar tensor; the same step gives the same dice.

        Returns:
          The same shape.
        """
        seed = tf.stack([tf.constant(self._seed, tf.int32), tf.cast(step, tf.int32)])
        clip_seed, *operation_seeds = tf.unstack(tf.random.split(seed, 1 + 2 * len(self._operations)))
        places = tf.where(_dice(tf.shape(clips)[0], clip_seed, self._probability))
        # Only the chosen clips are worked on: noise for a whole batch costs more than the classifier's step.
        chosen = tf.gather_nd(clips, places)
        for number, operation in enumerate(self._operations):
            dice_seed, value_seed = operation_seeds[2 * number : 2 * number + 2]
            used = _dice(tf.shape(chosen)[0], dice_seed, OPERATION_PROBABILITY)
            chosen = tf.where(used[:, tf.newaxis, tf.newaxis, tf.newaxis], operation(chosen, value_seed), chosen)
        return tf.tensor_scatter_nd_update(clips, places, chosen)


def _dice(count: tf.Tensor, seed: tf.Tensor, probability: float) -> tf.Tensor:
    """True with `probability`, bool (count,)."""
    return tf.random.stateless_uniform([count], seed) < probability
