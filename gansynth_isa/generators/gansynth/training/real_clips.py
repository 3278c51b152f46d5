"""The real clips of a training as its stages see them."""

from collections.abc import Iterator

import numpy as np
import tensorflow as tf

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.pipeline import gan_batches
from gansynth_isa.generators.gansynth.networks.growth import downscale
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.stages import Stage
from gansynth_isa.spectral.normalizers import Normalizer
from gansynth_isa.validation import known

BYTES_IN_MEMORY = 2**31  # images of a stage that are larger are read anew for every batch
CHUNK_BYTES = 2**25


class StageImages:
    """Clips normalised and box-downscaled to a stage's resolution when they are asked for.

    Args:
      spectrograms: float32 (clips, frames, mel_bins, channels), in memory or on disk.
      normalizer: of the run.
      resolution: (frames, mel_bins) of the stage.

    Attributes:
      shape: (clips, frames, mel_bins, channels) of the images.
    """

    def __init__(self, spectrograms: np.ndarray, normalizer: Normalizer, resolution: tuple[int, int]):
        num_clips, frames, mel_bins, num_channels = spectrograms.shape
        self.shape = (num_clips, *resolution, num_channels)
        self._spectrograms, self._normalizer = spectrograms, normalizer
        self._factors = (frames // resolution[0], mel_bins // resolution[1])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        """float32 images (n, frames, mel_bins, channels) in [-1, 1] of the clips `indices` (n,)."""
        images = self._normalizer.normalize(self._spectrograms[indices])
        return downscale(tf.constant(images), self._factors).numpy()

    def in_memory(self) -> np.ndarray:
        """All images at once; of the clips, a part at a time is in memory."""
        per_chunk = max(1, CHUNK_BYTES // (4 * int(np.prod(self._spectrograms.shape[1:]))))
        images = np.empty(self.shape, np.float32)
        for first in range(0, len(self), per_chunk):
            chunk = np.arange(first, min(first + per_chunk, len(self)))
            images[chunk] = self[chunk]
        return images


class RealClips:
    """Normalised training clips.

    Args:
      description: what the run is about.
      train: the clips; `labels` are their class indices.
    """

    def __init__(self, description: RunDescription, train: ClipSet):
        self._spectrograms, self._normalizer = train.spectrograms, description.normalizer
        self._seed = description.config.training.seed
        self._is_balanced = description.config.training.is_balanced
        self._num_classes = len(description.class_names)
        self.labels = train.labels

    def at(self, stage: Stage) -> np.ndarray | StageImages:
        """The clips at the stage's resolution: an array where that is small, else one that reads them as they are used.

        The values are the same.
        """
        images = StageImages(self._spectrograms, known(self._normalizer), stage.resolution)
        return images.in_memory() if 4 * np.prod(images.shape) <= BYTES_IN_MEMORY else images

    def batches(self, images: np.ndarray | StageImages, stage: Stage, num_shown: int) -> Iterator:
        """Endless batches of (images, one-hot labels) behind the first `num_shown` images of the stage.

        Args:
          images: what `at` gave for the stage.
        """
        one_hot = np.eye(self._num_classes, dtype=np.float32)[self.labels]
        seed = self._seed + stage.index
        return iter(gan_batches(images, one_hot, stage.batch_size, seed, num_shown, self._is_balanced))
