"""Keras models that need nothing beside them: the names of inputs are part of the graph.

They consist of Keras' own layers, operations and this project's registered layers, without lambdas, so that
their files load with safe mode on.
"""

import keras

from gansynth_isa.config import FeatureConfig


def deployable_classifier(model: keras.Model, data_type: str = FeatureConfig.data_type) -> keras.Model:
    """The trained model, which standardises by itself, with an input that says what it takes.

    Input `log_mel` (or what else the data type is named), float32 (batch, frames, mel_bins, channels), natural
    logarithm of power. Output: float32 (batch, classes), probabilities.
    """
    clips = keras.Input(model.input_shape[1:], name=data_type)
    return keras.Model(clips, model(clips), name="deployable_classifier")
