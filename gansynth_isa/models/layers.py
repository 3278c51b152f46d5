"""Layers of the progressive GAN: equalised learning rate, pixel norm, minibatch deviation."""

import math

import keras
from keras import ops

LEAKY_RELU_SLOPE = 0.2
PIXEL_NORM_EPSILON = 1e-8
DEVIATION_EPSILON = 1e-6


def he_gain(activation: str | None) -> float:
    """Gain of the run-time scale `gain / sqrt(fan_in)` for the activation that follows."""
    return math.sqrt(2.0) if activation == "leaky_relu" else 1.0


def pixel_norm(values):
    """Scales each position's channel vector to a root mean square of 1 (Karras et al. 2018, section 4.2)."""
    return values * ops.rsqrt(ops.mean(ops.square(values), axis=-1, keepdims=True) + PIXEL_NORM_EPSILON)


def activate(values, activation: str | None):
    """Applies an activation by its name; None and 'linear' leave the values as they are."""
    if activation == "leaky_relu":
        return ops.leaky_relu(values, negative_slope=LEAKY_RELU_SLOPE)
    return keras.activations.get(activation)(values)


@keras.saving.register_keras_serializable("gansynth_isa")
class EqualizedDense(keras.layers.Layer):
    """Dense layer whose weights are drawn from N(0, 1) and scaled by gain / sqrt(fan_in) when used.

    The scale at run time gives every layer the same effective learning rate under Adam
    (Karras et al. 2018, section 4.1). (batch, inputs) -> (batch, units).

    Args:
      units: number of outputs.
      activation: None, 'leaky_relu' or the name of a Keras activation.
      seed: seed of the weights.
    """

    def __init__(self, units: int, activation: str | None = None, seed: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.units, self.activation, self.seed = units, activation, seed

    def build(self, input_shape):
        initializer = keras.initializers.RandomNormal(0.0, 1.0, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units), initializer=initializer)
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        self.scale = he_gain(self.activation) / math.sqrt(input_shape[-1])

    def call(self, inputs):
        return activate(ops.matmul(inputs, self.kernel * self.scale) + self.bias, self.activation)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "activation": self.activation, "seed": self.seed}


@keras.saving.register_keras_serializable("gansynth_isa")
class StartProjection(keras.layers.Layer):
    """The generator's first layer: a vector to a map of the start resolution, leaky ReLU.

    The original convolves the vector, zero-padded to (2 * frames - 1, 2 * mel_bins - 1), with a kernel of
    the start resolution; all but one tap multiply zeros. The equal dense product stores that kernel as
    (inputs, frames, mel_bins, filters), flipped in frames and mel bins, and keeps its scale and its one
    bias per filter. (batch, inputs) -> (batch, frames, mel_bins, filters).

    Args:
      resolution: (frames, mel_bins) of the map.
      filters: channels of the map.
      seed: seed of the weights.
    """

    def __init__(self, resolution: tuple[int, int], filters: int, seed: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.resolution, self.filters, self.seed = tuple(resolution), filters, seed

    def build(self, input_shape):
        shape = (input_shape[-1], *self.resolution, self.filters)
        initializer = keras.initializers.RandomNormal(0.0, 1.0, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=initializer)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")
        self.scale = he_gain("leaky_relu") / math.sqrt(math.prod(shape[:3]))

    def call(self, inputs):
        kernel = ops.reshape(self.kernel, (ops.shape(inputs)[-1], -1))
        maps = ops.reshape(ops.matmul(inputs * self.scale, kernel), (-1, *self.resolution, self.filters))
        return activate(maps + self.bias, "leaky_relu")

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.resolution, self.filters)

    def get_config(self):
        own = {"resolution": self.resolution, "filters": self.filters, "seed": self.seed}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("gansynth_isa")
class EqualizedConv2D(keras.layers.Layer):
    """Convolution with 'same' padding, weights from N(0, 1) scaled by gain / sqrt(fan_in) when used.

    (batch, frames, mel_bins, channels) -> (batch, frames, mel_bins, filters).

    Args:
      filters: number of output channels.
      kernel_size: height and width of the kernel.
      activation: None, 'leaky_relu' or the name of a Keras activation.
      seed: seed of the weights.
    """

    def __init__(self, filters: int, kernel_size: int, activation: str | None = None, seed: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size, self.activation, self.seed = filters, kernel_size, activation, seed

    def build(self, input_shape):
        shape = (self.kernel_size, self.kernel_size, input_shape[-1], self.filters)
        initializer = keras.initializers.RandomNormal(0.0, 1.0, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=initializer)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")
        self.scale = he_gain(self.activation) / math.sqrt(math.prod(shape[:3]))

    def call(self, inputs):
        mapped = ops.conv(inputs, self.kernel * self.scale, strides=1, padding="same", data_format="channels_last")
        return activate(mapped + self.bias, self.activation)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.filters)

    def get_config(self):
        own = {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "activation": self.activation,
            "seed": self.seed,
        }
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("gansynth_isa")
class MinibatchDeviation(keras.layers.Layer):
    """Appends one channel: the standard deviation over the batch, averaged over all positions and channels.

    The variance is taken about a mean through which no gradient flows, as in the original
    (`tf.nn.moments`): first derivatives are the same without it, second derivatives, which the gradient
    penalty needs, are not. (batch, frames, mel_bins, channels) -> (batch, frames, mel_bins, channels + 1).
    """

    def call(self, inputs, num_groups: int = 1):
        """Appends the channel; with `num_groups`, each of that many sub-batches has a statistic of its own."""
        shape = ops.shape(inputs)
        grouped = ops.reshape(inputs, (num_groups, -1, *shape[1:]))
        mean = ops.stop_gradient(ops.mean(grouped, axis=1, keepdims=True))
        variance = ops.mean(ops.square(grouped - mean), axis=1, keepdims=True)
        deviation = ops.mean(ops.sqrt(variance + DEVIATION_EPSILON), axis=(2, 3, 4), keepdims=True)
        channel = ops.broadcast_to(deviation, (*ops.shape(grouped)[:4], 1))
        return ops.concatenate([inputs, ops.reshape(channel, (*shape[:3], 1))], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)
