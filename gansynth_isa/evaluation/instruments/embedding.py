"""Clips as a trained network sees them: what its last layer reads."""

import keras
import numpy as np

from gansynth_isa.classifiers.classifier import PREDICTION_BATCH, Classifier, NetworkClassifier

# Of the root mean square deviation of all features: one that hardly ever answers to held-out clips would, standardised
# by its own deviation, outweigh all others in a cubic kernel.
SMALLEST_DEVIATION = 0.1


class Embedding:
    """Features of clips, (clips, features), before the last layer of a classifier.

    Args:
      classifier: of `classifiers.training`; its network ends in a dense layer.
    """

    def __init__(self, classifier: NetworkClassifier):
        network = classifier.model.layers[-1]
        features = keras.Model(network.inputs, network.layers[-1].input)
        clips = keras.Input(classifier.model.input_shape[1:])
        self._model = keras.Model(clips, features(classifier.model.layers[-2](clips)))

    def __call__(self, spectrograms: np.ndarray) -> np.ndarray:
        """float32 (clips, features) of clips (clips, frames, mel_bins, channels), which may be none."""
        parts = [
            np.asarray(self._model(spectrograms[start : start + PREDICTION_BATCH], training=False))
            for start in range(0, len(spectrograms), PREDICTION_BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self._model.output_shape[-1]), np.float32)


def embedding_of(classifier: Classifier) -> Embedding | None:
    """The embedding of a network; None for a classifier that is none."""
    return Embedding(classifier) if isinstance(classifier, NetworkClassifier) else None


def standardised(vectors: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both with mean and deviation of the first at 0 and 1, feature by feature: the kernel expects that scale.

    A deviation below a tenth of the root mean square of all counts as that; where there is none at all, as 1.
    """
    mean, deviations = vectors.mean(axis=0), vectors.std(axis=0)
    smallest = SMALLEST_DEVIATION * float(np.sqrt(np.mean(deviations**2)))
    scale = np.maximum(deviations, smallest) if smallest > 0.0 else 1.0
    return (vectors - mean) / scale, (others - mean) / scale
