"""Layers of the progressive GAN: equalised learning rate, pixel norm, minibatch deviation."""

import math
from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from gansynth_isa.tensors import Shape, Tensor
from gansynth_isa.validation import known

LEAKY_RELU_SLOPE = 0.2
PIXEL_NORM_EPSILON = 1e-8
DEVIATION_EPSILON = 1e-6


def he_gain(activation: str | None) -> float:
    """Gain of the run-time scale `gain / sqrt(fan_in)` for the activation that follows."""
    return math.sqrt(2.0) if activation == "leaky_relu" else 1.0


def pixel_norm(values: Tensor) -> Tensor:
    """Scales each position's channel vector to a root mean square of 1 (Karras et al. 2018, section 4.2)."""
    exact = ops.cast(values, "float32")
    norm = ops.rsqrt(ops.mean(ops.square(exact), axis=-1, keepdims=True) + PIXEL_NORM_EPSILON)
    return ops.cast(exact * norm, values.dtype)


def convolution_policy(precision: str) -> str:
    """Keras' dtype policy of a convolution: 'float32' or 'bfloat16' products, weights in float32."""
    return "mixed_bfloat16" if precision == "bfloat16" else precision


def activate(values: Tensor, activation: str | None) -> Tensor:
    """Applies an activation by its name; None and 'linear' leave the values as they are."""
    if activation == "leaky_relu":
        if keras.backend.standardize_dtype(values.dtype) == "bfloat16":
            return _leaky_relu_in_bfloat16(values)
        return ops.leaky_relu(values, negative_slope=LEAKY_RELU_SLOPE)
    return keras.activations.get(activation)(values)


@ops.custom_gradient
def _leaky_relu_in_bfloat16(values: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Leaky ReLU with a gradient of products: the library's own is not vectorised in bfloat16 on processors.

    The gradient needs the outputs alone, so that convolution, bias and activation may become one kernel.
    """
    outputs = ops.leaky_relu(values, negative_slope=LEAKY_RELU_SLOPE)

    def gradient(upstream: Tensor) -> Tensor:
        rising = ops.sign(ops.stop_gradient(outputs))
        return upstream * ((1 + LEAKY_RELU_SLOPE) / 2 + (1 - LEAKY_RELU_SLOPE) / 2 * rising)

    return outputs, gradient


def noise_strength(layer: "StartProjection | EqualizedConv2D") -> keras.Variable:
    """Adds a layer's strengths of its noise, one per filter, all 0 at the start."""
    return layer.add_weight(name="noise_strength", shape=(layer.filters,), initializer="zeros", autocast=False)


def with_noise(mapped: Tensor, noise: Tensor | None, strength: Tensor | None) -> Tensor:
    """Adds noise with a strength per filter (StyleGAN, Karras et al. 2019, section 2), or nothing where there is none.

    Args:
      mapped: (batch, frames, mel_bins, filters), before the activation.
      noise: (batch, frames, mel_bins, 1), or None.
      strength: (filters,), or None.
    """
    if noise is None or strength is None:
        return mapped
    return mapped + ops.cast(noise, mapped.dtype) * ops.cast(strength, mapped.dtype)


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

    def __init__(self, units: int, activation: str | None = None, seed: int = 0, **kwargs: Any):
        super().__init__(**kwargs)
        self.units, self.activation, self.seed = units, activation, seed

    def build(self, input_shape: Shape) -> None:
        num_inputs = known(input_shape[-1])
        initializer = keras.initializers.RandomNormal(0.0, 1.0, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=(num_inputs, self.units), initializer=initializer)
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        self.scale = he_gain(self.activation) / math.sqrt(num_inputs)

    def call(self, inputs: Tensor) -> Tensor:
        return activate(ops.matmul(inputs, self.kernel * self.scale) + self.bias, self.activation)

    def get_config(self) -> dict[str, Any]:
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
      noise_input: whether calls take noise (batch, frames, mel_bins, 1); its strengths start at 0.
    """

    def __init__(
        self, resolution: tuple[int, int], filters: int, seed: int = 0, noise_input: bool = False, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.resolution, self.filters, self.seed = (resolution[0], resolution[1]), filters, seed
        self.noise_input = noise_input

    def build(self, input_shape: Shape) -> None:
        shape = (known(input_shape[-1]), *self.resolution, self.filters)
        initializer = keras.initializers.RandomNormal(0.0, 1.0, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=initializer)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")
        self.noise_strength = noise_strength(self) if self.noise_input else None
        self.scale = he_gain("leaky_relu") / math.sqrt(math.prod(shape[:3]))

    def call(self, inputs: Tensor, noise: Tensor | None = None) -> Tensor:
        kernel = ops.reshape(self.kernel, (ops.shape(inputs)[-1], -1))
        maps = ops.reshape(ops.matmul(inputs * self.scale, kernel), (-1, *self.resolution, self.filters))
        return activate(with_noise(maps, noise, self.noise_strength) + self.bias, "leaky_relu")

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *self.resolution, self.filters)

    def get_config(self) -> dict[str, Any]:
        names = ("resolution", "filters", "seed", "noise_input")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


@keras.saving.register_keras_serializable("gansynth_isa")
class EqualizedConv2D(keras.layers.Layer):
    """Convolution with 'same' padding, weights from N(0, 1) scaled by gain / sqrt(fan_in) when used.

    (batch, frames, mel_bins, channels) -> (batch, frames, mel_bins, filters), frames and mel bins times
    `upscale`. With `dtype='mixed_bfloat16'` the weights are kept, and scaled, in float32; inputs, products and
    outputs are bfloat16.

    Args:
      filters: number of output channels.
      kernel_size: height and width of the kernel.
      activation: None, 'leaky_relu' or the name of a Keras activation.
      seed: seed of the weights.
      upscale: whole factors (frames, mel_bins) of a nearest-neighbour upscaling before the convolution.
      noise_input: whether calls take noise (batch, frames, mel_bins, 1) at the output's resolution, which is added
        before the activation; its strengths start at 0.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        activation: str | None = None,
        seed: int = 0,
        upscale: tuple[int, int] = (1, 1),
        noise_input: bool = False,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.upscale, self.noise_input = (upscale[0], upscale[1]), noise_input
        self.filters, self.kernel_size, self.activation, self.seed = filters, kernel_size, activation, seed

    def build(self, input_shape: Shape) -> None:
        shape = (self.kernel_size, self.kernel_size, known(input_shape[-1]), self.filters)
        initializer = keras.initializers.RandomNormal(0.0, 1.0, seed=self.seed)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=initializer, autocast=False)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros", autocast=False)
        self.noise_strength = noise_strength(self) if self.noise_input else None
        self.scale = he_gain(self.activation) / math.sqrt(math.prod(shape[:3]))

    def call(self, inputs: Tensor, noise: Tensor | None = None) -> Tensor:
        mapped = with_noise(self._convolve(inputs, self.kernel * self.scale), noise, self.noise_strength)
        return activate(ops.add(mapped, ops.cast(self.bias, self.compute_dtype)), self.activation)

    def _convolve(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        if self.upscale == (1, 1):
            kernel = ops.cast(kernel, self.compute_dtype)
            return ops.conv(inputs, kernel, strides=1, padding="same", data_format="channels_last")
        # Pixels of one upscaled box are equal, so taps that fall on the same box are added up beforehand: the
        # same sums as a transposed convolution, with (k + s - 1)^2 / (k s)^2 of the products, 4/9 for k = 3, s = 2.
        kernel = ops.cast(upscaling_kernel(kernel, self.upscale), self.compute_dtype)
        return ops.conv_transpose(inputs, kernel, self.upscale, padding="same", data_format="channels_last")

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        sizes = (size and size * factor for size, factor in zip(input_shape[1:3], self.upscale, strict=True))
        return (input_shape[0], *sizes, self.filters)

    def get_config(self) -> dict[str, Any]:
        names = ("filters", "kernel_size", "activation", "seed", "upscale", "noise_input")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def upscaling_kernel(kernel: Tensor, scale: tuple[int, int]) -> Tensor:
    """Kernel of the transposed convolution with strides `scale` that equals upscaling by `scale`, then `kernel`.

    Args:
      kernel: (size, size, channels, filters) of a convolution with 'same' padding.
      scale: whole factors of the nearest-neighbour upscaling.

    Returns:
      (size + scale[0] - 1, size + scale[1] - 1, filters, channels), with size + 1 for an even size.
    """
    if kernel.shape[0] % 2 == 0:  # padded unevenly, one more behind: a zero tap in front makes it even
        kernel = ops.pad(kernel, [(1, 0), (1, 0), (0, 0), (0, 0)])
    summed = ops.flip(kernel, axis=(0, 1))
    for axis, factor in enumerate(scale):
        shifted = []
        for shift in range(factor):
            padding = [(0, 0)] * 4
            padding[axis] = (shift, factor - 1 - shift)
            shifted.append(ops.pad(summed, padding))
        summed = sum(shifted[1:], shifted[0])
    return ops.transpose(summed, (0, 1, 3, 2))


@keras.saving.register_keras_serializable("gansynth_isa")
class MinibatchDeviation(keras.layers.Layer):
    """Appends one channel: the standard deviation over the batch, averaged over all positions and channels.

    The variance is taken about a mean through which no gradient flows, as in the original
    (`tf.nn.moments`): first derivatives are the same without it, second derivatives, which the gradient
    penalty needs, are not. (batch, frames, mel_bins, channels) -> (batch, frames, mel_bins, channels + 1).
    """

    def call(self, inputs: Tensor, num_groups: int = 1) -> Tensor:
        """Appends the channel; with `num_groups`, each of that many sub-batches has a statistic of its own."""
        shape = ops.shape(inputs)
        grouped = ops.reshape(inputs, (num_groups, -1, *shape[1:]))
        mean = ops.stop_gradient(ops.mean(grouped, axis=1, keepdims=True))
        variance = ops.mean(ops.square(grouped - mean), axis=1, keepdims=True)
        deviation = ops.mean(ops.sqrt(variance + DEVIATION_EPSILON), axis=(2, 3, 4), keepdims=True)
        channel = ops.broadcast_to(deviation, (*ops.shape(grouped)[:4], 1))
        return ops.concatenate([inputs, ops.reshape(channel, (*shape[:3], 1))], axis=-1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (*input_shape[:-1], known(input_shape[-1]) + 1)
