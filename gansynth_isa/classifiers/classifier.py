"""What everybody may ask of a classifier, and the kind that is a Keras network."""

from dataclasses import dataclass
from typing import Protocol

import keras
import numpy as np

from gansynth_isa.spectral.standardisation import Standardisation

PREDICTION_BATCH = 64


class Classifier(Protocol):
    """Anything that gives probabilities to clips in the units of the features: trained, stored or exported.

    Evaluation, experiments and prediction ask for no more than this, so that a classifier need be no network.

    Attributes:
      class_names: in the order of the probabilities.
    """

    @property
    def class_names(self) -> tuple[str, ...]: ...

    def probabilities(self, spectrograms: np.ndarray) -> np.ndarray:
        """float32 (clips, classes), one row per clip, for clips (clips, frames, mel_bins, channels)."""
        ...


@dataclass(frozen=True)
class NetworkClassifier:
    """A Keras model as a `Classifier`.

    Attributes:
      model: float32 (clips, frames, mel_bins, channels), in the units of the features, -> (clips, classes)
        probabilities; see `standardised_model`.
      class_names: in the order of the probabilities.
    """

    model: keras.Model
    class_names: tuple[str, ...]

    def probabilities(self, spectrograms: np.ndarray) -> np.ndarray:
        """float32 (clips, classes) for clips (clips, frames, mel_bins, channels), which may be none."""
        parts = [
            np.asarray(self.model(spectrograms[start : start + PREDICTION_BATCH], training=False))
            for start in range(0, len(spectrograms), PREDICTION_BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.class_names)), np.float32)


def standardised_model(standardise: Standardisation, network: keras.Model) -> keras.Model:
    """The model that is trained, saved, asked and exported: standardisation, then the network.

    Args:
      standardise: fitted to the real training clips.
      network: of standardised clips, see `networks.build_classifier`.
    """
    clips = keras.Input(network.input_shape[1:], name="clips")
    return keras.Model(clips, network(standardise(clips)), name="classifier")


def is_standardised(model: keras.Model) -> bool:
    """Whether the model takes clips in the units of the features; the files of earlier versions do not."""
    return any(isinstance(layer, Standardisation) for layer in model.layers)
