"""Pictures of a training: what the autoencoder gives back, or clips that are made, beside real ones."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.diffusion.networks.codec import Codec
from gansynth_isa.generators.diffusion.networks.sampler import DiffusionSampler
from gansynth_isa.runs.clip_pictures import SamplePictures, real_examples
from gansynth_isa.spectral.normalizers import fit_normalizer

FIXED_SEED = (20191, 7)  # of the noise that clips are made of, the same in every run
NUM_COLUMNS = 4


class Samples:
    """Rows of clips, a row for each class.

    Args:
      training: data, features and clips.
      tag: what TensorBoard calls the picture.
      title: what stands above the clips that are made.
      make: gives clips of (labels (n,), real clips (n, frames, mel_bins, channels)).
    """

    def __init__(
        self, training: TrainingData, tag: str, title: str, make: Callable[[np.ndarray, np.ndarray], np.ndarray]
    ):
        clips, features = training.clips, training.features
        self.tag, self._title, self._make = tag, title, make
        self._num_classes = len(clips.class_names)
        self._real = real_examples(clips.spectrograms, clips.labels, self._num_classes, NUM_COLUMNS)
        self._normalizer = fit_normalizer(features.data_normalizer, clips.spectrograms, features.normalizer_margin)
        self._pictures = SamplePictures(features, training.data.sample_rate, clips.class_names)

    def draw(self, title: str) -> np.ndarray:
        """uint8 pixels (height, width, 3) of clips as they are made now."""
        labels = np.repeat(np.arange(self._num_classes, dtype=np.int32), NUM_COLUMNS)
        made = self._make(labels, self._real.reshape(-1, *self._real.shape[2:])).reshape(self._real.shape)
        rows = self._normalizer.normalize(np.concatenate([made, self._real], axis=1))
        return self._pictures.draw(rows, {0: self._title, NUM_COLUMNS: "real"}, title)


def returned_samples(training: TrainingData, codec: Codec) -> Samples:
    """Real clips that went through an autoencoder, beside what they were."""

    def make(labels: np.ndarray, real: np.ndarray) -> np.ndarray:
        return codec.restore(codec.map.decode(codec.map.encode(codec.standardise(real)))).numpy()

    return Samples(training, "returned_images", "given back", make)


def generated_samples(training: TrainingData, sampler: DiffusionSampler) -> Samples:
    """Clips of fixed noise, each column the same in all classes."""
    call = tf.function(sampler, reduce_retracing=True)
    noise = tf.random.stateless_normal((NUM_COLUMNS, sampler.layout.latent_size), FIXED_SEED)

    def make(labels: np.ndarray, real: np.ndarray) -> np.ndarray:
        parts = [call(noise, tf.constant(own)).numpy() for own in np.split(labels, len(labels) // NUM_COLUMNS)]
        return np.concatenate(parts)

    return Samples(training, "fake_images", "generated", make)
