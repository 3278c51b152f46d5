"""Shrunk linear discriminant analysis on band statistics: Gaussian classes with one covariance, as a Keras model.

What a Gaussian generator with a common covariance knows of its classes, this knows too: clips drawn from the one should
teach a classifier no more than the other.
"""

import warnings
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from gansynth_isa.classifiers.classifier import NetworkClassifier
from gansynth_isa.classifiers.linear import BAND_POWER_FLOOR, NUM_BANDS, band_edges, band_statistics
from gansynth_isa.classifiers.supervised import Learned
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.environment import check_keras
from gansynth_isa.errors import UnfitClips
from gansynth_isa.spectral.standardisation import Standardisation
from gansynth_isa.tensors import Shape, Tensor

# Natural logarithm of power, about 0.04 dB: a statistic that varies less from clip to clip, such as that of a band
# without sound, varies by rounding alone.
MIN_DEVIATION = 0.01
CLIPS_AT_ONCE = 64


@keras.saving.register_keras_serializable("gansynth_isa")
class BandStatistics(layers.Layer):
    """`linear.band_statistics` as a layer: (batch, frames, mel_bins, channels) -> (batch, statistics, 1).

    Args:
      num_bands: neighbouring mel bins are joined to this many bands; fewer where there are fewer bins.
    """

    def __init__(self, num_bands: int = NUM_BANDS, name: str = "band_statistics", **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.num_bands = num_bands

    def call(self, clips: Tensor) -> Tensor:
        """Computes the statistics of the first channel, the natural logarithm of power."""
        edges = band_edges(clips.shape[2], self.num_bands)
        bins = np.arange(edges[-1])[:, np.newaxis]
        is_inside = (bins >= edges[:-1]) & (bins < edges[1:])
        averages = (is_inside / np.diff(edges)).astype(np.float32)  # (mel_bins, bands)
        bands = ops.log(ops.matmul(ops.exp(clips[..., 0]), averages) + BAND_POWER_FLOOR)
        mean = ops.mean(bands, axis=1, keepdims=True)
        deviation = ops.sqrt(ops.mean(ops.square(bands - mean), axis=1))
        return ops.concatenate([mean[:, 0], deviation], axis=-1)[..., np.newaxis]

    def compute_output_shape(self, input_shape: tuple[int | None, int, int, int]) -> Shape:
        """Shape of the output for one of the input."""
        return (input_shape[0], 2 * min(self.num_bands, input_shape[2]), 1)

    def get_config(self) -> dict[str, Any]:
        """The arguments, ready for JSON."""
        return {**super().get_config(), "num_bands": self.num_bands}


def learn_lda(config: ClassifierConfig, train: ClipSet) -> Learned:
    """Fits shrunk linear discriminant analysis to the band statistics of real clips: no steps, no dice.

    Mean of each class; one covariance within classes, each class's shrunk by Ledoit and Wolf (2004, A well-conditioned
    estimator for large-dimensional covariance matrices) before they are averaged, as scikit-learn does. Classes are as
    probable as they are frequent in training, or all alike with `class_balance` 'balanced'.

    Args:
      config: how classes are balanced.
      train: real training clips.

    Raises:
      UnfitClips: no class has two clips, or the clips do not differ.
    """
    num_classes = len(train.class_names)
    if len(train) <= num_classes:
        raise UnfitClips(
            f"clips_per_class: lda expects two training clips in some class, for the spread within classes, got "
            f"{len(train)} of {num_classes} classes"
        )
    starts = range(0, len(train), CLIPS_AT_ONCE)
    statistics = np.concatenate([band_statistics(train.spectrograms[at : at + CLIPS_AT_ONCE]) for at in starts])
    mean, deviation = statistics.mean(axis=0), statistics.std(axis=0)
    tells = deviation >= MIN_DEVIATION
    if not tells.any():
        raise UnfitClips("data_dir: lda expects training clips that differ, got clips that are all the same")
    standardised = (statistics[:, tells] - mean[tells]) / deviation[tells]
    weights, biases = np.zeros((len(mean), num_classes)), np.zeros(num_classes)
    weights[tells], biases[:] = _fit(standardised, train.labels, num_classes, config.class_balance == "balanced")
    standardise = Standardisation(mean[:, np.newaxis], np.maximum(deviation, MIN_DEVIATION)[:, np.newaxis])
    model = _model(train.spectrograms.shape[1:], standardise, weights, biases)
    return Learned(NetworkClassifier(model, train.class_names), real_share=1.0, steps=0)


def _fit(rows: np.ndarray, labels: np.ndarray, num_classes: int, is_balanced: bool) -> tuple[np.ndarray, np.ndarray]:
    """(features, classes) weights and (classes,) biases, whose softmax are the probabilities."""
    priors = np.full(num_classes, 1 / num_classes) if is_balanced else None
    analysis = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=priors)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Only one sample available", UserWarning)  # a scarce class has no say
        analysis.fit(rows, labels)
    weights, biases = analysis.coef_.T, analysis.intercept_
    if num_classes == 2:  # scikit-learn keeps what the second class has more than the first
        weights, biases = np.concatenate([0 * weights, weights], axis=1), np.array([0.0, biases[0]])
    return weights, biases


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
