"""Keras models that need nothing beside them: standardisation is part of the graph.

They consist of Keras' own layers, operations and this project's registered layers, without lambdas, so that
their files load with safe mode on.
"""

import keras
import numpy as np

from gansynth_isa.classifiers.training import TrainedClassifier
from gansynth_isa.config import FeatureConfig


def deployable_classifier(trained: TrainedClassifier, data_type: str = FeatureConfig.data_type) -> keras.Model:
    """The classifier with its standardisation inside.

    Input `log_mel` (or what else the data type is named), float32 (batch, frames, mel_bins, channels), natural
    logarithm of power. Output: float32 (batch, classes), probabilities.
    """
    clips = keras.Input(trained.model.input_shape[1:], name=data_type)
    standardise = keras.layers.Normalization(
        axis=(-2, -1), mean=trained.mean, variance=np.square(trained.std, dtype=np.float64), name="standardise"
    )
    return keras.Model(clips, trained.model(standardise(clips)), name="deployable_classifier")
