"""What is guessed about unlabelled clips, and what a network's guesses cost it."""

import math

import keras
import tensorflow as tf

# ReMixMatch (Berthelot et al. 2020) averages its guesses over 128 batches of a training of very many. These are of
# hundreds of steps: half of the average is of the last 14.
ALIGNMENT_DECAY = 0.95
RAMP_STEEPNESS = 5.0


def ramp(step: tf.Tensor, start: int, length: int) -> tf.Tensor:
    """Share of its final value that the weight of the unlabelled clips has reached, scalar float32, 0 to 1.

    exp(-5 (1 - t)^2) with t from 0 to 1 over `length` steps (Laine and Aila 2017, and Tarvainen and Valpola 2017).

    Args:
      step: from 0 on.
      start: the first step that unlabelled clips have a part in; before it the share is 0.
      length: steps of the rise; 0: the share is 1 from `start` on.
    """
    passed = tf.cast(step - start, tf.float32)
    progress = tf.clip_by_value(passed / length, 0.0, 1.0) if length else tf.ones_like(passed)
    return tf.where(passed < 0.0, 0.0, tf.exp(-RAMP_STEEPNESS * tf.square(1.0 - progress)))


class Alignment:
    """Aligns guesses with the shares of classes: what is guessed too often is guessed less (ReMixMatch, section 3.1).

    Args:
      class_shares: (classes,), with the sum 1: how frequent classes are among labelled clips.
      decay: of the running mean of the guesses, per batch.
    """

    def __init__(self, class_shares: tf.Tensor, decay: float = ALIGNMENT_DECAY):
        self._class_shares = tf.cast(class_shares, tf.float32)
        self._decay = decay
        self.mean_guess = tf.Variable(self._class_shares, trainable=False)

    def __call__(self, guesses: tf.Tensor) -> tf.Tensor:
        """Aligned guesses, of the same shape; the running mean moves first.

        Args:
          guesses: float32 (clips, classes), probabilities.
        """
        batch_mean = tf.reduce_mean(guesses, axis=0)
        self.mean_guess.assign(self._decay * self.mean_guess + (1.0 - self._decay) * batch_mean)
        aligned = guesses * (self._class_shares / tf.maximum(self.mean_guess, keras.config.epsilon()))
        return aligned / tf.reduce_sum(aligned, axis=1, keepdims=True)


def confident_labels(guesses: tf.Tensor, threshold: float) -> tf.Tensor:
    """One-hot labels where the likeliest class is at least as probable as `threshold`, rows of 0 elsewhere.

    Args:
      guesses: float32 (clips, classes), probabilities.
      threshold: 0 to 1.
    """
    likeliest = tf.one_hot(tf.argmax(guesses, axis=1), tf.shape(guesses)[1])
    is_sure = tf.reduce_max(guesses, axis=1, keepdims=True) >= threshold
    return tf.where(is_sure, likeliest, 0.0)


def label_loss(targets: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
    """Cross-entropy as a mean over all clips, those without a label counting 0 (FixMatch, equation 4).

    Args:
      targets: float32 (clips, classes), one-hot rows, or rows of 0.
      probabilities: float32 (clips, classes), of the network.
    """
    logarithms = tf.math.log(tf.maximum(probabilities, keras.config.epsilon()))
    return -tf.reduce_mean(tf.reduce_sum(targets * logarithms, axis=1))


def consistency_loss(targets: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
    """Squared distance of the probabilities of teacher and student, a sum over classes, as a mean over clips."""
    return tf.reduce_mean(tf.reduce_sum(tf.square(targets - probabilities), axis=1))


def decay_of(half_life_steps: float) -> float:
    """Decay per step of an average of which half is older than `half_life_steps`."""
    return math.pow(0.5, 1.0 / half_life_steps)


class WeightAverage:
    """Moving average of all weights of a network, its batch statistics too.

    Args:
      network: what is trained.
      average: a network of the same layers, which gets the weights of the other at once.
      half_life_steps: half of the average is of the last steps, so many.
    """

    def __init__(self, network: keras.Model, average: keras.Model, half_life_steps: float):
        self._pairs = list(zip(average.weights, network.weights, strict=True))
        self._decay = decay_of(half_life_steps)
        average.set_weights(network.get_weights())

    def update(self) -> None:
        """Moves the average on by one step of the network; inside `tf.function` or out."""
        for mean, weight in self._pairs:
            mean.assign(self._decay * mean.value + (1.0 - self._decay) * weight.value)
