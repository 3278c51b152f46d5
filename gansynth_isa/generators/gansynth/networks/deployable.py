"""The generator as a Keras model that needs nothing beside it: one-hot encoding and restoration are part of the graph.

It consists of Keras' own layers, operations and this project's registered layers, without lambdas, so that its file
loads with safe mode on.
"""

import keras
import numpy as np
from keras import ops

from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.spectral.normalizers import Normalizer


def deployable_generator(generator: Generator, normalizer: Normalizer) -> keras.Model:
    """The generator with one-hot encoding before it and restoration behind it.

    Inputs, a dictionary: `latents`, float32 (batch, latent_size), standard normal, and `class_index`, int32
    (batch,). Output: float32 (batch, frames, mel_bins, channels), restored.
    """
    inputs = {
        "latents": keras.Input((generator.latent_size,), name="latents"),
        "class_index": keras.Input((), dtype="int32", name="class_index"),
    }
    images = generator(inputs["latents"], ops.one_hot(inputs["class_index"], generator.num_classes))
    return keras.Model(inputs, _restoration(normalizer)(images), name="deployable_generator")


def _restoration(normalizer: Normalizer) -> keras.Layer:
    """The inverse of the normaliser: images times deviation, plus mean; bins of scale 0 become their constant."""
    is_constant = normalizer.scale == 0.0
    divisor = np.where(is_constant, 1.0, normalizer.scale)
    mean = np.where(is_constant, normalizer.constant, -normalizer.offset / divisor)
    deviation = np.where(is_constant, 0.0, 1.0 / divisor)
    axes = tuple(range(-mean.ndim, 0))
    return keras.layers.Normalization(axis=axes, mean=mean, variance=np.square(deviation), invert=True, name="restore")
