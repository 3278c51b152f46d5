"""Weak and strong augmentation of unlabelled clips."""

from collections.abc import Callable

import tensorflow as tf

from gansynth_isa.classifiers.augmentation.dice import split, step_seed
from gansynth_isa.classifiers.augmentation.operations import gain, time_shift
from gansynth_isa.classifiers.augmentation.policies import make_policy
from gansynth_isa.config import ClassifierConfig

Augmentation = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]  # (clips, step) -> clips
LARGEST_SHIFT, LARGEST_GAIN = 0.5, 0.5  # of the frames, and in standard deviations
# The dice of the labelled clips follow from `trial_seed` itself; seeds of trials lie close together.
STRONG_SEED = 1_000_003
WEAK_STREAM, STUDENT_STREAM = 2, 3


def weak_augmentation(config: ClassifierConfig, stream: int = WEAK_STREAM) -> Augmentation:
    """Shift in time and gain, for all clips: what hardly changes what a clip is.

    Args:
      config: `unlabelled_weak_strength` and `trial_seed`.
      stream: users that must not throw the same dice take different ones.
    """
    strength = config.unlabelled_weak_strength

    def change(clips: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        shift_seed, gain_seed = split(step_seed(config.trial_seed, step, stream), 2)
        shifted = time_shift(clips, shift_seed, max_share=LARGEST_SHIFT * strength)
        return gain(shifted, gain_seed, max_change=LARGEST_GAIN * strength)

    return change if strength > 0.0 else lambda clips, _: clips


def strong_augmentation(config: ClassifierConfig, probability: float) -> Augmentation:
    """The operations of `augmentation`, without mixup, which would mix guesses of two clips.

    Args:
      config: `augmentation` and `trial_seed`.
      probability: of `make_policy`.
    """
    seed = config.trial_seed + STRONG_SEED
    return make_policy(config.augmentation, probability, config.mixup_alpha, seed).change
