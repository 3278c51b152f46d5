"""The compiled training step of a classifier on labelled and unlabelled clips."""

from collections.abc import Callable

import keras
import tensorflow as tf

from gansynth_isa.classifiers.steps import mean_loss, prepared_batch
from gansynth_isa.classifiers.supervised import Training
from gansynth_isa.classifiers.unlabelled.guesses import WeightAverage, ramp
from gansynth_isa.classifiers.unlabelled.parts import UnlabelledPart

# (clips, labels, num_real, unlabelled clips, their labels, first step) -> losses
RunBoth = Callable[..., tuple[tf.Tensor, tf.Tensor]]


def make_run_both(
    training: Training, part: UnlabelledPart, average: WeightAverage | None, weight: float, rise: tuple[int, int]
) -> RunBoth:
    """A compiled function that trains for several steps.

    It takes clips (steps, batch, frames, mel_bins, channels), labels (steps, batch), int32 (steps,) real clips of each
    batch, the same of unlabelled clips, with labels guessed before or -1, and the number of the first step. It returns
    the losses, float32 (steps,), and the shares of unlabelled clips with an answer, float32 (steps,).

    Labelled and unlabelled clips go through the network as one batch, and batch normalisation takes its statistics from
    both.

    Args:
      training: of the labelled clips.
      part: what is done with the unlabelled ones.
      average: of the weights, moved after each step; None without one.
      weight: of the unlabelled clips in the loss, at the end of the rise.
      rise: the step that it starts with, and how many it takes.
    """
    train_step = _train_step(training, part, average, weight, rise)

    @tf.function(reduce_retracing=True)
    def run_both(
        clips: tf.Tensor,
        labels: tf.Tensor,
        num_real: tf.Tensor,
        others: tf.Tensor,
        guesses: tf.Tensor,
        first_step: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        num_steps = tf.shape(labels)[0]
        losses, shares = tf.TensorArray(tf.float32, num_steps), tf.TensorArray(tf.float32, num_steps)
        for index in tf.range(num_steps):
            labelled, unlabelled = (clips[index], labels[index], num_real[index]), (others[index], guesses[index])
            loss, share = train_step(labelled, unlabelled, first_step + index)
            losses, shares = losses.write(index, loss), shares.write(index, share)
        return losses.stack(), shares.stack()

    return run_both


def _train_step(
    training: Training, part: UnlabelledPart, average: WeightAverage | None, weight: float, rise: tuple[int, int]
) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
    """One step: (clips, labels, num_real), (unlabelled clips, their labels) and its number -> loss and share."""
    network, optimizer = training.network, training.optimizer

    def train_step(
        labelled: tuple[tf.Tensor, tf.Tensor, tf.Tensor], unlabelled: tuple[tf.Tensor, tf.Tensor], step: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        clips, targets, weights = _labelled(training, *labelled, step)
        others, answers = part.lessons(training.standardise(unlabelled[0]), unlabelled[1], step)
        num_labelled = tf.shape(targets)[0]
        with tf.GradientTape() as tape:
            probabilities = network(tf.concat([clips, others], axis=0), training=True)
            losses = keras.losses.categorical_crossentropy(targets, probabilities[:num_labelled])
            of_others = part.loss(answers, probabilities[num_labelled:])
            loss = mean_loss(losses, weights) + weight * ramp(step, *rise) * of_others
        optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
        if average is not None:
            average.update()
        return loss, tf.reduce_mean(tf.reduce_sum(answers, axis=1))

    return train_step


def _labelled(
    training: Training, clips: tf.Tensor, labels: tf.Tensor, num_real: tf.Tensor, step: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor | None]:
    one_hot = tf.one_hot(labels, len(training.class_names))
    return prepared_batch(training.rules, training.standardise(clips), one_hot, num_real, step)
