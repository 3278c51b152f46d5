"""Generators whose clips are functions of a label and of numbers that are drawn: each clip keeps its own numbers."""

import abc

import numpy as np
import tensorflow as tf

from gansynth_isa.generators.base import BATCH_SIZE, TrainedGenerator


def drawn_latents(seed: int | tf.Tensor, first: int | tf.Tensor, latent_size: int) -> tf.Tensor:
    """(BATCH_SIZE, latent_size) latents of the clips from `first` on, a multiple of BATCH_SIZE."""
    return tf.random.stateless_normal((BATCH_SIZE, latent_size), (seed, first))


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
          latents: float32 (BATCH_SIZE, latent_size), standard normal.
          labels: int32 (BATCH_SIZE,).

        Returns:
          float32 (BATCH_SIZE, frames, mel_bins, channels).
        """

    def clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        labels = np.asarray(labels, np.int32)
        parts = [np.empty((0, *self.provenance.features.shape), np.float32)]
        for start in range(first - first % BATCH_SIZE, first + len(labels), BATCH_SIZE):
            places = np.arange(max(first, start), min(first + len(labels), start + BATCH_SIZE))
            block_labels = np.zeros(BATCH_SIZE, np.int32)
            block_labels[places - start] = labels[places - first]
            block = self.clips_of_latents(drawn_latents(seed, start, self.latent_size), block_labels)
            parts.append(block[places - start])
        return np.concatenate(parts)
