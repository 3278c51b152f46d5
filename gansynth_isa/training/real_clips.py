"""The real clips of a training as its stages see them."""

import math
from collections.abc import Iterator

import numpy as np
import tensorflow as tf

from gansynth_isa.data.clip_set import ClipSet
from gansynth_isa.data.pipeline import gan_batches
from gansynth_isa.models.growth import downscale
from gansynth_isa.training.run_folder import Experiment
from gansynth_isa.training.stages import Stage


class RealClips:
    """Normalised training clips.

    Args:
      experiment: what the run is about.
      train: the clips; `labels` are their class indices.
    """

    def __init__(self, experiment: Experiment, train: ClipSet):
        self._images = experiment.normalizer.normalize(train.log_mel).astype(np.float32)
        self._seed = experiment.config.training.seed
        self._num_classes = len(experiment.class_names)
        self.labels = train.labels

    def at(self, stage: Stage) -> np.ndarray:
        """(clips, frames, mel_bins, channels), box-downscaled once to the stage's resolution."""
        frames, mel_bins = stage.resolution
        factors = (self._images.shape[1] // frames, self._images.shape[2] // mel_bins)
        batches = np.array_split(self._images, math.ceil(len(self._images) / 256))
        return np.concatenate([downscale(tf.constant(batch), factors).numpy() for batch in batches])

    def batches(self, images: np.ndarray, stage: Stage, num_shown: int) -> Iterator:
        """Endless batches of (images, one-hot labels) behind the first `num_shown` images of the stage.

        Args:
          images: what `at` gave for the stage.
        """
        one_hot = np.eye(self._num_classes, dtype=np.float32)[self.labels]
        return iter(gan_batches(images, one_hot, stage.batch_size, self._seed + stage.index, num_shown))
