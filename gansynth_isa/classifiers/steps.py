"""The compiled training step of a classifier."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.policies import Policy
from gansynth_isa.spectral.standardisation import Standardisation

RunSteps = Callable[[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]


@dataclass(frozen=True)
class BatchRules:
    """What happens to the real clips of a batch, which come first, and to the synthetic ones.

    Attributes:
      policy: augmentation, or None.
      augments_synthetic: it changes the synthetic clips, too.
      synthetic_weight: of a synthetic clip in the loss, a real one weighs 1; None: all weigh the same.
      statistics_apart: batch normalisation takes its statistics from each part by itself, and keeps those of the
        real part for prediction; the scales and offsets it learns are common. Xie et al. 2020 (AdvProp) keep the
        statistics of adversarial clips apart for the same reason: they are of another distribution.
    """

    policy: Policy | None = None
    augments_synthetic: bool = True
    synthetic_weight: float | None = None
    statistics_apart: bool = False


def make_run_steps(
    standardise: Standardisation, network: keras.Model, optimizer: keras.optimizers.Optimizer, rules: BatchRules
) -> RunSteps:
    """A compiled function that trains for several steps.

    It takes clips (steps, batch, frames, mel_bins, channels), labels (steps, batch), int32 (steps,) real clips of each
    batch, and the number of the first step, from 0 on. It returns the losses, float32 (steps,).
    """
    num_classes = network.output_shape[-1]
    losses_of = _losses_apart if rules.statistics_apart else _losses

    def train_step(clips: tf.Tensor, labels: tf.Tensor, num_real: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        clips, targets, weights = prepared_batch(
            rules, standardise(clips), tf.one_hot(labels, num_classes), num_real, step
        )
        with tf.GradientTape() as tape:
            loss = mean_loss(losses_of(network, clips, targets, num_real), weights)
        optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
        return loss

    @tf.function(reduce_retracing=True)
    def run_steps(clips: tf.Tensor, labels: tf.Tensor, num_real: tf.Tensor, first_step: tf.Tensor) -> tf.Tensor:
        num_steps = tf.shape(labels)[0]
        losses = tf.TensorArray(tf.float32, num_steps)
        for index in tf.range(num_steps):
            loss = train_step(clips[index], labels[index], num_real[index], first_step + index)
            losses = losses.write(index, loss)
        return losses.stack()

    return run_steps


def prepared_batch(
    rules: BatchRules, clips: tf.Tensor, targets: tf.Tensor, num_real: tf.Tensor, step: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor | None]:
    """What the network sees of a labelled batch.

    Args:
      rules: augmentation and weights.
      clips: float32 (batch, frames, mel_bins, channels), standardised.
      targets: float32 (batch, classes), one-hot.
      num_real: int32 scalar.
      step: from 0 on.

    Returns:
      Clips, targets whose rows have the sum 1, and weights (batch,) of the clips, None where all weigh the same.
    """
    if rules.synthetic_weight is not None:
        targets *= _weights(tf.shape(targets)[0], num_real, rules.synthetic_weight)
    clips, targets = _augmented(rules, clips, targets, num_real, step)
    if rules.synthetic_weight is None:
        return clips, targets, None
    # What mixup makes of the weights, too: it mixes them as it does the classes.
    weights = tf.reduce_sum(targets, axis=1)
    return clips, targets / weights[:, tf.newaxis], weights


def _weights(batch: tf.Tensor, num_real: tf.Tensor, synthetic_weight: float) -> tf.Tensor:
    """1 for each real clip, `synthetic_weight` for each synthetic one, float32 (batch, 1)."""
    return tf.where(tf.range(batch) < num_real, 1.0, synthetic_weight)[:, tf.newaxis]


def _augmented(
    rules: BatchRules, clips: tf.Tensor, targets: tf.Tensor, num_real: tf.Tensor, step: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    if rules.policy is None:
        return clips, targets
    if rules.augments_synthetic:
        return rules.policy(clips, targets, step)
    changed, changed_targets = rules.policy(clips[:num_real], targets[:num_real], step)
    clips = tf.concat([changed, clips[num_real:]], axis=0)
    return clips, tf.concat([changed_targets, targets[num_real:]], axis=0)


def _losses(network: keras.Model, clips: tf.Tensor, targets: tf.Tensor, num_real: tf.Tensor) -> tf.Tensor:
    """Cross-entropy of each clip, float32 (batch,)."""
    return keras.losses.categorical_crossentropy(targets, network(clips, training=True))


def _losses_apart(network: keras.Model, clips: tf.Tensor, targets: tf.Tensor, num_real: tf.Tensor) -> tf.Tensor:
    """As `_losses`, with the statistics of the synthetic part used and then forgotten."""
    statistics = _moving_statistics(network)
    kept = [tf.identity(variable.value) for variable in statistics]
    synthetic = _losses(network, clips[num_real:], targets[num_real:], num_real)
    for variable, value in zip(statistics, kept, strict=True):
        variable.assign(value)
    real = _losses(network, clips[:num_real], targets[:num_real], num_real)
    return tf.concat([real, synthetic], axis=0)


def _moving_statistics(network: keras.Model) -> list[keras.Variable]:
    """Mean and variance of all layers of batch normalisation."""
    layers = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    return [variable for layer in layers for variable in (layer.moving_mean, layer.moving_variance)]


def mean_loss(losses: tf.Tensor, weights: tf.Tensor | None) -> tf.Tensor:
    """Mean of (batch,) losses, weighted by (batch,) `weights` where there are any."""
    if weights is None:
        return tf.reduce_mean(losses)
    return tf.reduce_sum(weights * losses) / tf.reduce_sum(weights)
