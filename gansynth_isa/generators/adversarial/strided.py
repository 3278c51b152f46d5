"""Strided convolutions in one dimension, and their transposes, computed by convolutions of stride 1.

Weights and results are those of `keras.layers.Conv1D` and `Conv1DTranspose` with padding 'same'. Groups of `stride`
neighbours become channels: a kernel of 25 and stride 4 becomes one of 7 over four times the channels, with 3 zeros
among 28 weights. Processors compute that two to three times as fast where there are few channels.
"""

from typing import Any

import keras
from keras import ops

from gansynth_isa.tensors import Tensor


def grouped_taps(kernel_size: int, stride: int) -> tuple[int, int, int]:
    """How a kernel is cut into groups of `stride`.

    Returns:
      Zeros before it, zeros behind it, and the number of groups, which is odd: as many before the middle as behind.
    """
    before = max(0, kernel_size - stride) // 2  # as padding 'same' puts it in front
    behind = kernel_size - before - 1
    reach = max(-(-before // stride), behind // stride)
    return reach * stride - before, (reach + 1) * stride - 1 - behind, 2 * reach + 1


class _Strided(keras.layers.Layer):
    """What both have in common; `kernel` is (kernel_size, inputs, outputs), or (kernel_size, outputs, inputs)."""

    def __init__(
        self, filters: int, kernel_size: int, stride: int, initializer: keras.initializers.Initializer, name: str
    ):
        super().__init__(name=name)
        self.filters, self.kernel_size, self.stride, self.initializer = filters, kernel_size, stride, initializer

    def _make_weights(self, shape: tuple[int, ...]) -> None:
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=self.initializer)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")
        self.built = True

    def _grouped_kernel(self) -> Tensor:
        """(groups, stride, channels, channels) with zeros where the kernel ends."""
        before, behind, groups = grouped_taps(self.kernel_size, self.stride)
        padded = ops.pad(self.kernel, ((before, behind), (0, 0), (0, 0)))
        return ops.reshape(padded, (groups, self.stride, *self.kernel.shape[1:]))


class StridedConvolution(_Strided):
    """(batch, positions, inputs) to (batch, positions / stride, filters); the stride divides the positions."""

    def build(self, input_shape: Any) -> None:
        """Makes the weights."""
        self._make_weights((self.kernel_size, input_shape[-1], self.filters))

    def call(self, values: Tensor) -> Tensor:
        """The convolution."""
        _, positions, channels = values.shape
        grouped = ops.reshape(values, (-1, positions // self.stride, self.stride * channels))
        groups, _, _, outputs = (kernel := self._grouped_kernel()).shape
        kernel = ops.reshape(kernel, (groups, self.stride * channels, outputs))
        return ops.conv(grouped, kernel, padding="same") + self.bias


class TransposedConvolution(_Strided):
    """(batch, positions, inputs) to (batch, positions * stride, filters)."""

    def build(self, input_shape: Any) -> None:
        """Makes the weights."""
        self._make_weights((self.kernel_size, self.filters, input_shape[-1]))

    def call(self, values: Tensor) -> Tensor:
        """The transposed convolution."""
        _, positions, channels = values.shape
        kernel = ops.transpose(ops.flip(self._grouped_kernel(), axis=0), (0, 3, 1, 2))
        kernel = ops.reshape(kernel, (kernel.shape[0], channels, self.stride * self.filters))
        grouped = ops.conv(values, kernel, padding="same")
        return ops.reshape(grouped, (-1, positions * self.stride, self.filters)) + self.bias
