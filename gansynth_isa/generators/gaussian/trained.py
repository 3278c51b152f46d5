"""A fitted Gaussian that makes clips."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.folder import Description, read_arrays, write_arrays, write_description
from gansynth_isa.generators.gaussian.fitting import Gaussian, fit_gaussian
from gansynth_isa.generators.gaussian.network import gaussian_model
from gansynth_isa.generators.latents import LatentGenerator


class TrainedGaussian(LatentGenerator):
    """Clips of a fitted Gaussian.

    Args:
      description: what it was fitted to.
      gaussian: what was fitted.
    """

    def __init__(self, description: Description, gaussian: Gaussian):
        self.provenance = description.provenance(gaussian.arrays(), {"gaussian_sharing": gaussian.sharing})
        self._components = len(gaussian.basis)
        self._model = gaussian_model(gaussian, description.features.shape)
        self._call = tf.function(self._model, reduce_retracing=True)
        self.latent_size = self._components + gaussian.basis.shape[1]

    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        return self._call({"latents": latents, "class_index": tf.constant(labels, tf.int32)}).numpy()

    def summary(self) -> str:
        sharing = self.provenance.details["gaussian_sharing"]
        return (
            f"Each class's clips as a Gaussian in {self._components} principal components, {sharing:.0%} of whose "
            "covariance are the mean within all classes, and a residual deviation of each value, which"
        )

    def limits(self) -> tuple[str, ...]:
        return (
            "The clips differ from a class's mean clip as a Gaussian does: events have no time or shape of their own.",
        )

    def keras_model(self):
        return self._model


def fit_in_folder(description: Description, training: TrainingData, folder: Path) -> Gaussian:
    """Fits the Gaussian and writes the folder of the training.

    Raises:
      InputError: too few clips, or the folder cannot be written.
    """
    clips = training.clips
    rows = np.asarray(clips.spectrograms, np.float32).reshape(len(clips), -1)
    recordings = np.array(clips.recordings)
    config = description.config
    gaussian = fit_gaussian(
        rows, clips.labels, recordings, len(clips.class_names), config.gaussian_components, config.gaussian_sharing
    )
    write_description(folder, description)
    write_arrays(folder, gaussian.arrays())
    return gaussian


def load_from_folder(description: Description, folder: Path, warn) -> TrainedGaussian:
    """The Gaussian that was fitted in a folder.

    Raises:
      InputError: it was not fitted to its end, or its arrays are damaged.
    """
    arrays = read_arrays(folder, warn)
    if arrays is None:
        raise InputError(f"{folder}: training is not finished; run gansynth_isa_train again with the same flags")
    try:
        gaussian = Gaussian(
            **{name: arrays[name] for name in ("means", "basis", "factors", "residual")},
            sharing=float(arrays["sharing"]),
        )
    except KeyError as error:
        raise InputError(f"{folder}: damaged (there is no array {error})") from error
    return TrainedGaussian(description, gaussian)
