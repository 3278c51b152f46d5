"""Generators whose clips are functions of a label and of numbers that are drawn: each clip keeps its own numbers."""

import abc

import numpy as np
import tensorflow as tf

from gansynth_isa.generators.base import BATCH_SIZE, TrainedGenerator


def draw_latents(size: int, seed: int, block: int) -> tf.Tensor:
    """Latents of the clips BATCH_SIZE * block, ..., which follow from `seed` and their numbers alone.

    Returns:
      float32 (BATCH_SIZE, size), standard normal.
    """
    return tf.random.stateless_normal((BATCH_SIZE, size), (seed, block * BATCH_SIZE))


class LatentGenerator(TrainedGenerator):
    """A generator that maps latents and labels to clips, a whole block of BATCH_SIZE clips at a time.

    Blocks are always full: kernels may round differently for another batch size.

    Attributes:
      latent_size: numbers drawn for each clip.
    """

    latent_size: int

    @abc.abstractmethod
    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        """Clips of one block.

        Args:
          latents: float32 (BATCH_SIZE, latent_size).
          labels: int32 (BATCH_SIZE,).

        Returns:
          float32 (BATCH_SIZE, frames, mel_bins, channels).
        """

    def clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        labels = np.asarray(labels, np.int32)
        parts = []
        for block in range(first // BATCH_SIZE, -(-(first + len(labels)) // BATCH_SIZE)):
            start = block * BATCH_SIZE
            places = np.arange(max(first, start), min(first + len(labels), start + BATCH_SIZE))
            block_labels = np.zeros(BATCH_SIZE, np.int32)
            block_labels[places - start] = labels[places - first]
            block_clips = self.clips_of_latents(draw_latents(self.latent_size, seed, block), block_labels)
            parts.append(block_clips[places - start])
        shape = self.provenance.features.shape
        return np.concatenate(parts) if parts else np.empty((0, *shape), np.float32)
