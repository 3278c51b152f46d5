"""Parts of the networks: residual blocks that may be told of conditions, and how a number becomes a vector."""

import itertools
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from gansynth_isa.tensors import Shape, Tensor

NORM_EPSILON = 1e-6
# Angular frequencies of the sines and cosines of a noise level's quarter logarithm, which lies between -1.6 and 1.1.
NOISE_FREQUENCIES = tuple(2.0**power for power in range(-1, 7))


def seeds(seed: int, network: int) -> Iterator[int]:
    """Seeds of the initial weights of one network, one for each layer."""
    return (
        int(np.random.SeedSequence((seed, network, number)).generate_state(1)[0] >> 1) for number in itertools.count()
    )


def normalised(values: Tensor) -> Tensor:
    """Each place's channels at a root mean square of 1 (Zhang and Sennrich 2019)."""
    return values * ops.rsqrt(ops.mean(ops.square(values), axis=-1, keepdims=True) + NORM_EPSILON)


def noise_embedding(noise: Tensor) -> Tensor:
    """(batch,) noise levels, as networks are told them, as (batch, 2 * len(NOISE_FREQUENCIES)) sines and cosines."""
    angles = ops.expand_dims(noise, -1) * ops.convert_to_tensor(NOISE_FREQUENCIES, "float32")
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


def convolution(filters: int, size: int, name: str, seed: int, strides: int = 1, is_zero: bool = False) -> keras.Layer:
    """A convolution of `size` x `size`; with zeros at the start where its block shall change nothing at first."""
    return keras.layers.Conv2D(
        filters, size, strides=strides, padding="same", name=name, kernel_initializer=_initializer(seed, is_zero)
    )


def upward_convolution(filters: int, name: str, seed: int) -> keras.Layer:
    """A transposed convolution to twice the resolution: 4 x 4, so that every pixel is made of as many products."""
    return keras.layers.Conv2DTranspose(
        filters, 4, strides=2, padding="same", name=name, kernel_initializer=_initializer(seed, False)
    )


def dense(units: int, name: str, seed: int, is_zero: bool = False, use_bias: bool = True) -> keras.Layer:
    """A layer of every input to every output."""
    return keras.layers.Dense(units, name=name, use_bias=use_bias, kernel_initializer=_initializer(seed, is_zero))


def _initializer(seed: int, is_zero: bool) -> keras.Initializer | str:
    if is_zero:
        return "zeros"
    return keras.initializers.VarianceScaling(1.0, "fan_avg", "uniform", seed=seed)


class Block(keras.layers.Layer):
    """Two layers beside a shortcut; between them conditions scale and shift each channel.

    Args:
      filters: channels of the output.
      name: of the block; its layers' names begin with it.
      layer_seeds: seeds of initial weights.
      is_spatial: 3 x 3 convolutions of images, or dense layers of vectors.
      num_conditions: numbers of the vector of conditions; 0: it is told of none.

    Call: values (batch, ..., channels) and conditions (batch, num_conditions) to (batch, ..., filters).
    """

    def __init__(
        self, filters: int, name: str, layer_seeds: Iterator[int], is_spatial: bool = True, num_conditions: int = 0
    ):
        super().__init__(name=name)
        self.filters, self.num_conditions, self.is_spatial = filters, num_conditions, is_spatial

        def layer(part: str, is_zero: bool = False) -> keras.Layer:
            if is_spatial:
                return convolution(filters, 3, f"{name}_{part}", next(layer_seeds), is_zero=is_zero)
            return dense(filters, f"{name}_{part}", next(layer_seeds), is_zero=is_zero)

        self.first, self.second = layer("first"), layer("second", is_zero=True)
        self.modulation = dense(2 * filters, f"{name}_modulation", next(layer_seeds)) if num_conditions else None
        self._shortcut_seed = next(layer_seeds)
        self.shortcut: keras.Layer | None = None

    def build(self, shape: Shape, conditions_shape: Shape | None = None) -> None:
        """Makes the weights."""
        self.first.build(shape)
        inner = (*shape[:-1], self.filters)
        self.second.build(inner)
        if self.modulation is not None:
            self.modulation.build((None, self.num_conditions))
        if shape[-1] != self.filters:
            name = f"{self.name}_shortcut"
            self.shortcut = (
                convolution(self.filters, 1, name, self._shortcut_seed)
                if self.is_spatial
                else dense(self.filters, name, self._shortcut_seed)
            )
            self.shortcut.build(shape)
        self.built = True

    def call(self, values: Tensor, conditions: Tensor | None = None) -> Tensor:
        """The block's output."""
        inner = normalised(self.first(ops.silu(normalised(values))))
        if self.modulation is not None:
            modulation = self.modulation(conditions)
            if self.is_spatial:
                modulation = modulation[:, None, None]
            scale, shift = ops.split(modulation, 2, axis=-1)
            inner = inner * (1.0 + scale) + shift
        shortcut = values if self.shortcut is None else self.shortcut(values)
        return shortcut + self.second(ops.silu(inner))
