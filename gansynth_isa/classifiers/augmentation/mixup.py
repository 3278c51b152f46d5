"""Mixup: each clip becomes a weighted mean of itself and another, and so do their classes (Zhang et al. 2018)."""

import tensorflow as tf

from gansynth_isa.classifiers.augmentation.dice import per_clip, split, step_seed
from gansynth_isa.errors import InputError

MIXUP_STREAM = 1  # else its dice would be those of the operations before it


class Mixup:
    """Mixes every clip of a batch with one of the same batch.

    x = w x_i + (1 - w) x_j and likewise the class weights, w ~ Beta(alpha, alpha), each clip's own; the partners are
    a random order of the batch, so that a clip now and then meets itself.

    Standardised log-mel clips are mixed as they are, not their power, which is what two sounds at once would
    have: mixup asks the network to be linear between its inputs, and those are standardised. Zhang et al. mix
    normalised spectrograms, too; Kong et al. 2020 (PANNs) find log-mel better mixed than waveforms.

    The layer MixUp of Keras is not used: it keeps its random state in a variable, so that a step could not be repeated.

    Args:
      alpha: above 0. Small: mostly one of the two; 1: all weights equally likely. The paper says that mixup was used
        with probability 1, but not with which alpha. Zhang et al. take 0.1 to 0.4 for ImageNet, and 0.1 and 0.2 for
        spectrograms of spoken words.
      seed: together with the step it decides everything.

    Raises:
      InputError: alpha is not positive.
    """

    def __init__(self, alpha: float, seed: int):
        if not alpha > 0.0:
            raise InputError(f"mixup_alpha: expected more than 0, got {alpha}")
        self._alpha = alpha
        self._seed = seed

    def __call__(
        self, clips: tf.Tensor, class_weights: tf.Tensor, step: int | tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Mixes one batch.

        Args:
          clips: float32 (batch, frames, mel_bins, channels).
          class_weights: float32 (batch, classes), each row with the sum 1.
          step: integer or scalar tensor; the same step gives the same dice.

        Returns:
          (clips, class weights) of the same shapes; the rows again have the sum 1.
        """
        weight_seed, order_seed = split(step_seed(self._seed, step, MIXUP_STREAM), 2)
        batch = tf.shape(clips)[0]
        weights = beta_weights(batch, self._alpha, weight_seed)
        partners = tf.argsort(tf.random.stateless_uniform([batch], order_seed))
        return (
            _mixed(clips, tf.gather(clips, partners), per_clip(weights)),
            _mixed(class_weights, tf.gather(class_weights, partners), weights[:, tf.newaxis]),
        )


def beta_weights(count: int | tf.Tensor, alpha: float, seed: tf.Tensor) -> tf.Tensor:
    """Stateless draws from Beta(alpha, alpha), float32 (count,), 0 to 1.

    As X / (X + Y) of two gamma draws, by their logarithms: for a small alpha both draws may be 0 in float32. The
    gamma draws are those of alpha + 1 times U^(1 / alpha) (Marsaglia and Tsang 2000).
    """
    logarithms = []
    for draw_seed in split(seed, 2):
        gamma_seed, power_seed = split(draw_seed, 2)
        gammas = tf.random.stateless_gamma([count], gamma_seed, alpha + 1.0)
        uniform = 1.0 - tf.random.stateless_uniform([count], power_seed)  # above 0
        logarithms.append(tf.math.log(gammas) + tf.math.log(uniform) / alpha)
    return tf.sigmoid(logarithms[0] - logarithms[1])


def _mixed(values: tf.Tensor, others: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    return weights * values + (1.0 - weights) * others
