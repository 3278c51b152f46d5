"""Two operations of image recognition, drawn for each clip."""

from collections.abc import Sequence

import tensorflow as tf

from gansynth_isa.classifiers.augmentation.dice import check_probability, split, step_seed
from gansynth_isa.classifiers.augmentation.geometry import (
    frequency_shear,
    frequency_translation,
    rotation,
    time_shear,
    time_translation,
    zoom,
)
from gansynth_isa.classifiers.augmentation.image_operations import (
    auto_contrast,
    brightness,
    contrast,
    erasing,
    posterization,
    sharpness,
    solarization,
)
from gansynth_isa.classifiers.augmentation.operations import Operation

# The pool of RandAugment (Cubuk et al. 2020) as FixMatch has it (Sohn et al. 2020), with Cutout and a zoom,
# without what a clip has no use for: Color (clips have none), Identity (what is left out by the dice is one) and
# Equalize, which makes all clips equally often loud and soft. Grollmisch and Cano 2021, Appendix B, list the
# operations that the paper used; that list was not at hand. Erasing comes last: what it hides stays hidden.
IMAGE_POOL: tuple[Operation, ...] = (
    time_translation,
    frequency_translation,
    time_shear,
    frequency_shear,
    rotation,
    zoom,
    brightness,
    contrast,
    auto_contrast,
    sharpness,
    posterization,
    solarization,
    erasing,
)
NUM_DRAWN = 2


class ImagePool:
    """Draws two different operations for each clip and uses each of them with a given probability.

    The strength of an operation is uniform up to its maximum, each clip's own. A clip's two operations work in the
    order of the pool.

    Example: `ImagePool(0.5, seed=0)(clips, step)`, clips float32 (batch, frames, mel_bins, channels),
    standardised.

    Args:
      probability: 0 to 1.
      seed: together with the step it decides everything.
      operations: functions of (clips, seed), two or more.

    Raises:
      InputError: a probability out of range.
    """

    def __init__(self, probability: float, seed: int, operations: Sequence[Operation] = IMAGE_POOL):
        self._probability = check_probability(probability)
        self._seed = seed
        self._operations = tuple(operations)

    def __call__(self, clips: tf.Tensor, step: int | tf.Tensor) -> tf.Tensor:
        """Changes one batch.

        Args:
          clips: float32 (batch, frames, mel_bins, channels).
          step: integer or scalar tensor; the same step gives the same dice.

        Returns:
          The same shape.
        """
        draw_seed, *operation_seeds = split(step_seed(self._seed, step), 1 + len(self._operations))
        used = self.draw(tf.shape(clips)[0], draw_seed)
        for number, operation in enumerate(self._operations):
            # Only the clips that drew it: each operation for a whole batch would take seven times as long.
            places = tf.where(used[:, number])
            changed = operation(tf.gather_nd(clips, places), operation_seeds[number])
            clips = tf.tensor_scatter_nd_update(clips, places, changed)
        return clips

    def draw(self, batch: int | tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Which operations are used on which clip, bool (batch, operations), at most two of each clip."""
        order_seed, dice_seed = split(seed, 2)
        shape = [batch, len(self._operations)]
        drawn = tf.math.top_k(tf.random.stateless_uniform(shape, order_seed), NUM_DRAWN).indices
        dice = tf.random.stateless_uniform([batch, NUM_DRAWN], dice_seed) < self._probability
        chosen = tf.one_hot(drawn, len(self._operations), on_value=True, off_value=False, dtype=tf.bool)
        return tf.reduce_any(chosen & dice[:, :, tf.newaxis], axis=1)
