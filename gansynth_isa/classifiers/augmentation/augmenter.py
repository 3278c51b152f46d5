"""Several augmentations at once, each clip by its own dice."""

from collections.abc import Sequence

import tensorflow as tf

from gansynth_isa.classifiers.augmentation.dice import check_probability, split, step_seed
from gansynth_isa.classifiers.augmentation.operations import SPECTROGRAM_OPERATIONS, Operation

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

    def __init__(self, probability: float, seed: int, operations: Sequence[Operation] = SPECTROGRAM_OPERATIONS):
        self._probability = check_probability(probability)
        self._seed = seed
        self._operations = tuple(operations)

    def __call__(self, clips: tf.Tensor, step: int | tf.Tensor) -> tf.Tensor:
        """Augments one batch.

        Args:
          clips: float32 (batch, frames, mel_bins, channels).
          step: integer or scalar tensor; the same step gives the same dice.

        Returns:
          The same shape.
        """
        clip_seed, *operation_seeds = split(step_seed(self._seed, step), 1 + 2 * len(self._operations))
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
