"""What each learner does with a batch of unlabelled clips."""

from dataclasses import dataclass
from typing import Protocol

import keras
import tensorflow as tf

from gansynth_isa.classifiers.unlabelled.augmentations import Augmentation
from gansynth_isa.classifiers.unlabelled.guesses import Alignment, confident_labels, consistency_loss, label_loss


class UnlabelledPart(Protocol):
    """The part of a step that is on unlabelled clips."""

    def lessons(self, clips: tf.Tensor, labels: tf.Tensor, step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """What the network sees, and what it should answer; no gradient goes through this.

        Args:
          clips: float32 (clips, frames, mel_bins, channels), standardised.
          labels: int32 (clips,), guessed before, or -1.
          step: from 0 on.

        Returns:
          Clips of the same shape, and float32 (clips, classes) targets, rows of 0 where there is no answer.
        """

    def loss(self, targets: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        """Scalar float32."""


@dataclass(frozen=True)
class FixMatch:
    """Sohn et al. 2020: what is guessed for a weakly augmented clip is the label of the strongly augmented one.

    Attributes:
      teacher: what guesses: the average of the network's weights, without dropout. In the paper it is the network
        itself.
      weak, strong: augmentations.
      threshold: see `confident_labels`.
      alignment: None: guesses stay as they are.
    """

    teacher: keras.Model
    weak: Augmentation
    strong: Augmentation
    threshold: float
    alignment: Alignment | None

    def lessons(self, clips: tf.Tensor, labels: tf.Tensor, step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """See `UnlabelledPart`."""
        guesses = self.teacher(self.weak(clips, step), training=False)
        if self.alignment is not None:
            guesses = self.alignment(guesses)
        return self.strong(clips, step), confident_labels(guesses, self.threshold)

    def loss(self, targets: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        """See `label_loss`."""
        return label_loss(targets, probabilities)


@dataclass(frozen=True)
class MeanTeacher:
    """Tarvainen and Valpola 2017: the network should answer as the average of its weights does to another view.

    Attributes:
      teacher: the average.
      weak: augmentation of what the teacher sees.
      students: augmentation of what the network sees.
    """

    teacher: keras.Model
    weak: Augmentation
    students: Augmentation

    def lessons(self, clips: tf.Tensor, labels: tf.Tensor, step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """See `UnlabelledPart`."""
        return self.students(clips, step), self.teacher(self.weak(clips, step), training=False)

    def loss(self, targets: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        """See `consistency_loss`."""
        return consistency_loss(targets, probabilities)


@dataclass(frozen=True)
class PseudoLabels:
    """Lee 2013: labels that a network of labelled clips guessed, once.

    Attributes:
      num_classes: of the targets.
      change: augmentation of the method, None without.
    """

    num_classes: int
    change: Augmentation | None

    def lessons(self, clips: tf.Tensor, labels: tf.Tensor, step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """See `UnlabelledPart`."""
        clips = clips if self.change is None else self.change(clips, step)
        return clips, tf.one_hot(labels, self.num_classes)

    def loss(self, targets: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        """See `label_loss`."""
        return label_loss(targets, probabilities)
