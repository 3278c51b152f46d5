"""A fitted Gaussian in its folder, and the clips that it makes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.fitted import FittedDescription, fit_in_folder, fitted_arrays
from gansynth_isa.generators.gaussian.class_rows import ClassRows
from gansynth_isa.generators.gaussian.config import GaussianConfig
from gansynth_isa.generators.gaussian.fitting import ARRAYS, Gaussian, fit_gaussian
from gansynth_isa.generators.gaussian.network import gaussian_model
from gansynth_isa.generators.latents import LatentGenerator
from gansynth_isa.generators.stored_arrays import check_present, check_shapes, clip_shape
from gansynth_isa.generators.texture import KERNEL_SIZE
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.validation import known


@dataclass(frozen=True)
class GaussianDescription(FittedDescription):
    """What the folder of a Gaussian is about."""

    kind = "gaussian"
    config_class = GaussianConfig
    noun = "a fitted gaussian"


DESCRIPTION: Final = GaussianDescription


class TrainedGaussian(LatentGenerator):
    """Clips of a fitted Gaussian.

    Args:
      description: what it was fitted to.
      gaussian: what was fitted.
    """

    def __init__(self, description: GaussianDescription, gaussian: Gaussian):
        details = {"gaussian_components": len(gaussian.basis), "gaussian_sharing": gaussian.sharing}
        if gaussian.shrinkage is not None:
            details["gaussian_shrinkage"] = gaussian.shrinkage
        if gaussian.smoothing is not None:
            details["gaussian_smoothing"] = gaussian.smoothing
        self.provenance = description.provenance(arrays_sha256(gaussian.arrays()), details)
        self._model = gaussian_model(gaussian, description.features.shape)
        self._call = tf.function(self._model, reduce_retracing=True)
        self.latent_size = sum(gaussian.basis.shape)

    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        return self._call({"latents": latents, "class_index": tf.constant(labels, tf.int32)}).numpy()

    def summary(self) -> str:
        details = self.provenance.details
        return (
            f"A Gaussian for each class in {details['gaussian_components']} common principal components, whose "
            f"covariance is to {details['gaussian_sharing']:.0%} the mean within all classes, and a residual deviation "
            "of each value,"
        )

    def limits(self) -> tuple[str, ...]:
        return ("The clips vary about a class's mean clip: events have no time or shape of their own.",)

    def keras_model(self) -> keras.Model:
        return self._model


def fit_and_keep(
    config: GaussianConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Fits the Gaussian and keeps it in a folder, see `fitted.fit_in_folder`.

    Raises:
      InputError: too few clips; see also `fitted.fit_in_folder`.
    """

    def fit() -> tuple[dict[str, np.ndarray], list[str]]:
        clips = training.clips
        rows = np.asarray(clips.spectrograms, np.float32).reshape(len(clips), -1)
        shape, num_classes = training.features.shape, len(clips.class_names)
        gaussian = fit_gaussian(ClassRows(rows, clips.labels, np.array(clips.recordings), num_classes, shape), config)
        line = (
            f"{folder}: fitted {len(gaussian.basis)} components to {len(clips)} clips; "
            f"share of the common covariance {gaussian.sharing:g}, shrinkage {gaussian.shrinkage:g}, means smoothed "
            f"over {known(gaussian.smoothing):g} frames"
        )
        return gaussian.arrays(), [*gaussian.notes, line]

    fit_in_folder(GaussianDescription.of(config, seed, training), folder, surroundings, fit)


def load_kept(folder: Path, warn: Callable[[str], None]) -> TrainedGaussian:
    """The Gaussian that was fitted in a folder.

    Raises:
      InputError: it was not fitted to its end, or its arrays are damaged.
    """
    description, arrays = GaussianDescription.in_folder(folder), fitted_arrays(folder, warn)
    check_present(folder, arrays, (*ARRAYS, "sharing"))
    means, basis, factors, residual = (arrays[name] for name in ARRAYS)
    _check_arrays(folder, description, arrays)
    shrinkage = float(arrays["shrinkage"]) if "shrinkage" in arrays else None
    smoothing = float(arrays["smoothing"]) if "smoothing" in arrays else None
    gaussian = Gaussian(
        means, basis, factors, residual, float(arrays["sharing"]), shrinkage, smoothing, arrays.get("kernel")
    )
    return TrainedGaussian(description, gaussian)


def _check_arrays(folder: Path, description: GaussianDescription, arrays: dict[str, np.ndarray]) -> None:
    """Refuses arrays of other classes or clips than the description's, one of which was edited or exchanged."""
    shape, components = clip_shape(folder, description.features), arrays["basis"].shape[0]
    num_classes, num_values = len(description.class_names), int(np.prod(shape))
    expected = {
        "means": (num_classes, num_values),
        "basis": (components, num_values),
        "factors": (num_classes, components, components),
        "residual": (num_values,),
    }
    if "kernel" in arrays:
        expected["kernel"] = (KERNEL_SIZE, KERNEL_SIZE, shape[-1])
    check_shapes(folder, arrays, expected)
