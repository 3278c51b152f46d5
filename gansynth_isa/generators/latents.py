"""Generators whose clips are functions of a label and of numbers that are drawn: each clip keeps its own numbers."""

import abc
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from gansynth_isa.generators.base import BATCH_SIZE, TrainedGenerator


class StepSeed(NamedTuple):
    """What a step's draws depend on.

    Attributes:
      seed: of the training.
      image: int64 scalar, images shown before the step.
    """

    seed: int
    image: tf.Tensor

    def stream(self, purpose: int) -> tf.Tensor:
        """(2,) seed of the numbers for one purpose."""
        pair = tf.stack([tf.cast(self.seed, tf.int64), self.image])
        return tf.random.experimental.stateless_fold_in(pair, purpose)


def drawn_latents(seed: int | tf.Tensor, first: int | tf.Tensor, latent_size: int) -> tf.Tensor:
    """(BATCH_SIZE, latent_size) latents of the clips from `first` on, a multiple of BATCH_SIZE."""
    return tf.random.stateless_normal((BATCH_SIZE, latent_size), (seed, first))


def in_blocks(make: Callable[[int, np.ndarray], np.ndarray], labels: np.ndarray, first: int) -> list[np.ndarray]:
    """What is made of clips a whole block of BATCH_SIZE at a time: kernels may round differently for another size.

    Args:
      make: of (number of the block's first clip, a multiple of BATCH_SIZE; int32 (BATCH_SIZE,) labels), an entry for
        each clip of the block, in which no entry depends on the label of another.
      labels: (n,) class indices.
      first: number of the first clip.

    Returns:
      The entries of these n clips, in parts.
    """
    labels = np.asarray(labels, np.int32)
    parts = []
    for start in range(first - first % BATCH_SIZE, first + len(labels), BATCH_SIZE):
        places = np.arange(max(first, start), min(first + len(labels), start + BATCH_SIZE))
        block_labels = np.zeros(BATCH_SIZE, np.int32)
        block_labels[places - start] = labels[places - first]
        parts.append(make(start, block_labels)[places - start])
    return parts


class LatentGenerator(TrainedGenerator):
    """A generator that maps latents and labels to clips, a block at a time.

    Attributes:
      latent_size: numbers drawn for each clip.
    """

    latent_size: int

    @abc.abstractmethod
    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        """Clips of one block.

        Args:
          latents: float32 (BATCH_SIZE, latent_size), standard normal.
          labels: int32 (BATCH_SIZE,).

        Returns:
          float32 (BATCH_SIZE, frames, mel_bins, channels).
        """

    def clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        def make(start: int, block_labels: np.ndarray) -> np.ndarray:
            return self.clips_of_latents(drawn_latents(seed, start, self.latent_size), block_labels)

        nothing = np.empty((0, *self.provenance.features.shape), np.float32)
        return np.concatenate([nothing, *in_blocks(make, labels, first)])
