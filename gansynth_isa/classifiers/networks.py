"""Classifiers of log-mel clips as Keras models."""

from functools import partial

import keras
import numpy as np
from keras import layers, ops

from gansynth_isa.environment import check_keras
from gansynth_isa.tensors import Shape, Tensor

NUM_BANDS = 64
NUM_FILTERS = 16
KERNEL_SIZE = 3
BAND_POOL = 2
THREE_LAYER_FILTERS = (16, 32, 64)
STEM_FILTERS = 16
# Filters of the residual blocks and of the last convolution.
RESIDUAL_FILTERS = {"cnn420": ((32, 64, 128), 100), "cnn_large": ((64, 128, 256), 200)}
BATCH_NORM_MOMENTUM = 0.9
DEVIATION_EPSILON = 1e-4
SEED_RANGE = 2**31


@keras.saving.register_keras_serializable("gansynth_isa")
class TimeStatistics(layers.Layer):
    """Mean and standard deviation over time, for every band and channel by itself.

    (batch, frames, bands, channels) -> (batch, bands * channels * 2). Frequency is not pooled here: in which
    band a sound's energy lies, and how it fluctuates there, is what tells steady sounds apart.
    """

    def call(self, inputs: Tensor) -> Tensor:
        """Computes the statistics; the small constant keeps the root's gradient finite."""
        mean = ops.mean(inputs, axis=1, keepdims=True)
        variance = ops.mean(ops.square(inputs - mean), axis=1)
        joined = ops.concatenate([mean[:, 0], ops.sqrt(variance + DEVIATION_EPSILON)], axis=-1)
        return ops.reshape(joined, (-1, joined.shape[1] * joined.shape[2]))

    def compute_output_shape(self, input_shape: tuple[int | None, int, int, int]) -> Shape:
        """Shape of the output for one of the input."""
        return (input_shape[0], input_shape[2] * input_shape[3] * 2)


def build_classifier(
    name: str, input_shape: tuple[int, ...], num_classes: int, dropout: float = 0.5, seed: int = 0
) -> keras.Model:
    """A classifier with softmax output, (batch, frames, mel_bins, channels) -> (batch, classes).

    Args:
      name: 'cnn' (small), 'three_layer' (the paper's kind for Pucks), 'cnn420' (its kind for Metal Balls) or
        'cnn_large' (as that, four times the weights).
      input_shape: (frames, mel_bins, channels).
      num_classes: 2 or more.
      dropout: share of the features before the last layer that is dropped in training, 0 .. 1.
      seed: of weights and dropout; the same seed gives the same weights, whatever was built before.

    Raises:
      ValueError: an unknown name.
      InputError: see `check_keras`.
    """
    check_keras()
    builders = {"cnn": _cnn_features, "three_layer": _three_layer_features}
    builders |= {each: partial(_residual_features, name=each) for each in RESIDUAL_FILTERS}
    if name not in builders:
        raise ValueError(f"classifier: expected one of {', '.join(builders)}, got {name!r}")
    inputs = keras.Input(tuple(input_shape))
    weights = _Initializers(seed)
    x = layers.Dropout(dropout, seed=seed % SEED_RANGE)(builders[name](inputs, weights))
    head = layers.Dense(num_classes, activation="softmax", kernel_initializer=weights.dense())
    return keras.Model(inputs, head(x), name=name)


class _Initializers:
    """Weight initialisers with seeds of their own, all following from one."""

    def __init__(self, seed: int):
        self._seeds = np.random.SeedSequence(seed)

    def _seed(self) -> int:
        return int(self._seeds.spawn(1)[0].generate_state(1)[0]) % SEED_RANGE

    def convolution(self) -> keras.initializers.Initializer:
        """For convolutions that a rectifier follows."""
        return keras.initializers.HeNormal(seed=self._seed())

    def dense(self) -> keras.initializers.Initializer:
        """For the last layer."""
        return keras.initializers.GlorotUniform(seed=self._seed())


def _convolution(num_filters: int, weights: _Initializers, kernel_size: int = KERNEL_SIZE) -> keras.Layer:
    """A convolution without bias: the normalisation that follows brings its own."""
    initializer = weights.convolution()
    return layers.Conv2D(num_filters, kernel_size, padding="same", use_bias=False, kernel_initializer=initializer)


def _cnn_features(inputs: Tensor, weights: _Initializers) -> Tensor:
    """Convolution, pooling over frequency, statistics over time: shallow, for a handful of clips per class."""
    x = layers.AveragePooling2D((1, max(1, inputs.shape[2] // NUM_BANDS)))(inputs)
    x = _convolution(NUM_FILTERS, weights)(x)
    x = layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM)(x)
    x = layers.ReLU()(x)
    x = layers.AveragePooling2D((1, min(BAND_POOL, x.shape[2])))(x)
    x = TimeStatistics()(x)
    return layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM)(x)


def _three_layer_features(inputs: Tensor, weights: _Initializers) -> Tensor:
    """Three convolutions with 2x2 maximum pooling, then the maximum of each map: the paper's kind for Pucks."""
    x = inputs
    for num_filters in THREE_LAYER_FILTERS:
        x = _convolution(num_filters, weights)(x)
        x = layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM)(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D(2, padding="same")(x)
    return layers.GlobalMaxPooling2D()(x)


def _residual_features(inputs: Tensor, weights: _Initializers, name: str) -> Tensor:
    """A residual network with average pooling after each block and global maximum pooling after the last convolution.

    The paper calls its network CNN420 without giving the sizes of its layers: these are ours, about 420 thousand
    weights for 'cnn420'.
    """
    block_filters, last_filters = RESIDUAL_FILTERS[name]
    x = _normalised(_convolution(STEM_FILTERS, weights)(inputs))
    for num_filters in block_filters:
        shortcut = _convolution(num_filters, weights, kernel_size=1)(x)
        x = _normalised(_convolution(num_filters, weights)(x))
        x = layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM)(_convolution(num_filters, weights)(x))
        x = layers.ReLU()(layers.Add()([x, shortcut]))
        x = layers.AveragePooling2D(2, padding="same")(x)
    return layers.GlobalMaxPooling2D()(_normalised(_convolution(last_filters, weights)(x)))


def _normalised(x: Tensor) -> Tensor:
    return layers.ReLU()(layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM)(x))
