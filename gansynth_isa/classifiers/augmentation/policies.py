"""What happens to the clips and the class weights of a training batch, by name."""

from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf

from gansynth_isa.classifiers.augmentation.augmenter import Augmenter
from gansynth_isa.classifiers.augmentation.image_pool import ImagePool
from gansynth_isa.classifiers.augmentation.mixup import Mixup


@dataclass(frozen=True)
class Policy:
    """Changes clips, then perhaps mixes them.

    Attributes:
      change: of (clips, step).
      mix: of (clips, class weights, step), or None.
    """

    change: Callable[..., tf.Tensor]
    mix: Mixup | None = None

    def __call__(
        self, clips: tf.Tensor, class_weights: tf.Tensor, step: int | tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """(clips, class weights) of the same shapes, for clips (batch, frames, mel_bins, channels), standardised."""
        clips = self.change(clips, step)
        return (clips, class_weights) if self.mix is None else self.mix(clips, class_weights, step)


def make_policy(name: str, probability: float, mixup_alpha: float, seed: int) -> Policy:
    """The policy of this name.

    Args:
      name: `spectrogram`, the kind that Johnson and Grollmisch 2021 use for Metal Balls: masks, shift, gain, filter and
        noise; or `mixup_image_pool`, that of Grollmisch and Cano 2021 for Pucks: two image operations, then mixup.
      probability: that a clip is augmented (`spectrogram`), or that each of its two operations is used.
      mixup_alpha: of `mixup_image_pool`.
      seed: together with the step it decides everything.

    Raises:
      ValueError: another name.
      InputError: a number out of range.
    """
    if name == "spectrogram":
        return Policy(Augmenter(probability, seed))
    if name == "mixup_image_pool":
        return Policy(ImagePool(probability, seed), Mixup(mixup_alpha, seed))
    raise ValueError(f"augmentation: expected spectrogram or mixup_image_pool, got {name!r}")
