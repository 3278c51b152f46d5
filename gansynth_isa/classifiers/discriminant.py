"""Shrunk linear discriminant analysis on band statistics: Gaussian classes with one covariance, as a Keras model.

What a Gaussian generator with a common covariance knows of its classes, this knows too: clips drawn from the one should
teach a classifier no more than the other.
"""

from typing import Any

import keras
import numpy as np
from keras import layers, ops
from sklearn.covariance import ledoit_wolf

from gansynth_isa.classifiers.classifier import NetworkClassifier
from gansynth_isa.classifiers.linear import (
    BAND_POWER_FLOOR,
    LEVEL_BANDS,
    MIN_DEVIATION,
    VARIATION_BANDS,
    band_edges,
    level_statistics,
)
from gansynth_isa.classifiers.supervised import Learned
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.environment import check_keras
from gansynth_isa.errors import UnfitClips
from gansynth_isa.methods import LDA
from gansynth_isa.spectral.standardisation import Standardisation
from gansynth_isa.tensors import Shape, Tensor

# Of a standardised statistic, from a clip to its class mean: copies of one clip differ by the rounding of that mean.
SMALLEST_DIFFERENCE = 1e-6


@keras.saving.register_keras_serializable("gansynth_isa")
class BandStatistics(layers.Layer):
    """`linear.level_statistics` as a layer: (batch, frames, mel_bins, channels) -> (batch, statistics, 1).

    Args:
      level_bands, variation_bands: neighbouring mel bins are joined to so many bands, for levels and for deviations
        over time; fewer where there are fewer bins.
    """

    def __init__(
        self,
        level_bands: int = LEVEL_BANDS,
        variation_bands: int = VARIATION_BANDS,
        name: str = "band_statistics",
        **kwargs: Any,
    ):
        super().__init__(name=name, **kwargs)
        self.level_bands, self.variation_bands = level_bands, variation_bands

    def call(self, clips: Tensor) -> Tensor:
        """Computes the statistics of the first channel, the natural logarithm of power."""
        power = ops.exp(clips[..., 0])
        levels = ops.mean(_log_bands(power, self.level_bands), axis=1)
        wide = _log_bands(power, self.variation_bands)
        deviations = ops.sqrt(ops.mean(ops.square(wide - ops.mean(wide, axis=1, keepdims=True)), axis=1))
        return ops.concatenate([levels, deviations], axis=-1)[..., np.newaxis]

    def compute_output_shape(self, input_shape: tuple[int | None, int, int, int]) -> Shape:
        """Shape of the output for one of the input."""
        num_bins = input_shape[2]
        return (input_shape[0], min(self.level_bands, num_bins) + min(self.variation_bands, num_bins), 1)

    def get_config(self) -> dict[str, Any]:
        """The arguments, ready for JSON."""
        return {**super().get_config(), "level_bands": self.level_bands, "variation_bands": self.variation_bands}


def _log_bands(power: Tensor, num_bands: int) -> Tensor:
    """(batch, frames, mel_bins) -> (batch, frames, bands), natural logarithm of each band's mean power."""
    edges = band_edges(power.shape[2], num_bands)
    bins = np.arange(edges[-1])[:, np.newaxis]
    is_inside = (bins >= edges[:-1]) & (bins < edges[1:])
    averages = (is_inside / np.diff(edges)).astype(np.float32)  # (mel_bins, bands)
    return ops.log(ops.matmul(power, averages) + BAND_POWER_FLOOR)


def learn_lda(config: ClassifierConfig, train: ClipSet) -> Learned:
    """Fits shrunk linear discriminant analysis to the band statistics of real clips: no steps, no dice.

    Mean of each class; one covariance within classes, of the clips of all classes together, each centred by its class
    mean. It is shrunk by the rule of Ledoit and Wolf (2004, A well-conditioned estimator for large-dimensional
    covariance matrices), once and not for each class: the clips of one class are too few to say how much. Classes are
    as probable as they are frequent in training, or all alike with `class_balance` 'balanced'.

    Args:
      config: how classes are balanced.
      train: real training clips.

    Raises:
      UnfitClips: no class has two clips, or clips differ within no class.
    """
    check_clips_per_class(train, LDA)
    num_classes = len(train.class_names)
    rows = level_statistics(train.spectrograms)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    tells = deviation >= MIN_DEVIATION
    standardised = (rows[:, tells] - mean[tells]) / deviation[tells]
    weights, biases = np.zeros((len(mean), num_classes)), np.zeros(num_classes)
    weights[tells], biases[:] = fit_discriminant(
        standardised, train.labels, num_classes, config.class_balance == "balanced"
    )
    standardise = Standardisation(mean[:, np.newaxis], np.maximum(deviation, MIN_DEVIATION)[:, np.newaxis])
    model = _model(train.spectrograms.shape[1:], standardise, weights, biases)
    return Learned(NetworkClassifier(model, train.class_names), real_share=1.0, steps=0)


def check_clips_per_class(train: ClipSet, learner: str) -> None:
    """Refuses training clips whose spread within classes cannot be told.

    Args:
      train: real training clips.
      learner: what would learn from them, for the message.

    Raises:
      UnfitClips: no class has two clips.
    """
    num_classes = len(train.class_names)
    if len(train) <= num_classes:
        raise UnfitClips(
            f"clips_per_class: {learner} expects two training clips in some class, for the spread within classes, got "
            f"{len(train)} of {num_classes} classes"
        )


def fit_discriminant(
    rows: np.ndarray, labels: np.ndarray, num_classes: int, is_balanced: bool, learner: str = LDA
) -> tuple[np.ndarray, np.ndarray]:
    """Shrunk linear discriminant analysis of standardised rows, see `learn_lda`.

    Args:
      rows: (clips, features), more than there are classes.
      labels: (clips,), every class at least once.
      num_classes: how many there are.
      is_balanced: classes are equally probable; else as frequent as in `labels`.
      learner: for the message.

    Returns:
      (features, classes) weights and (classes,) biases, whose softmax are the probabilities.

    Raises:
      UnfitClips: rows differ within no class.
    """
    counts = np.bincount(labels, minlength=num_classes)
    means = np.stack([rows[labels == label].mean(axis=0) for label in range(num_classes)])
    centred = rows - means[labels]
    if not (np.abs(centred) > SMALLEST_DIFFERENCE).any():
        raise UnfitClips(
            f"data_dir: {learner} expects training clips that differ within a class, got copies of one per class"
        )
    covariance, _ = ledoit_wolf(centred, assume_centered=True)
    covariance *= len(rows) / (len(rows) - num_classes)
    priors = np.full(num_classes, 1 / num_classes) if is_balanced else counts / len(rows)
    # Least squares, for clips that differ in one direction alone are not shrunk, and their covariance has no inverse.
    weights = np.linalg.lstsq(covariance, means.T, rcond=None)[0]
    return weights, np.log(priors) - 0.5 * np.sum(means.T * weights, axis=0)


def _model(
    shape: tuple[int, ...], standardise: Standardisation, weights: np.ndarray, biases: np.ndarray
) -> keras.Model:
    """Clips in the units of the features -> probabilities."""
    check_keras()
    clips = keras.Input(shape, name="clips")
    head = layers.Dense(len(biases), activation="softmax", name="discriminants")
    model = keras.Model(clips, head(layers.Flatten()(standardise(BandStatistics()(clips)))), name="classifier")
    head.set_weights([weights.astype(np.float32), biases.astype(np.float32)])
    return model
