"""Strided convolutions against Keras' own layers of the same weights."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.adversarial.strided import StridedConvolution, TransposedConvolution, grouped_taps

GLOROT = keras.initializers.GlorotUniform(seed=1)
SIZES = [(25, 4), (25, 3), (25, 2), (25, 1), (5, 2), (4, 4), (2, 4)]


@pytest.mark.parametrize(
    ("kernel_size", "stride", "expected"), [(25, 4, (2, 1, 7)), (25, 2, (1, 0, 13)), (25, 3, (1, 1, 9))]
)
def test_groups_hold_the_kernel_and_the_zeros_around_it(kernel_size, stride, expected):
    assert grouped_taps(kernel_size, stride) == expected


@pytest.mark.parametrize(("kernel_size", "stride"), SIZES)
def test_convolution_equals_that_of_keras(kernel_size, stride):
    values = tf.random.stateless_normal((2, 24, 3), (0, 1))
    own = StridedConvolution(5, kernel_size, stride, GLOROT, "own")
    own.build((None, 24, 3))
    own.bias.assign(np.arange(5.0))
    layer = keras.layers.Conv1D(5, kernel_size, stride, "same")
    layer.build((None, 24, 3))
    layer.set_weights(own.get_weights())
    np.testing.assert_allclose(own(values), layer(values), atol=1e-5)


@pytest.mark.parametrize(("kernel_size", "stride"), SIZES)
def test_transposed_convolution_equals_that_of_keras(kernel_size, stride):
    values = tf.random.stateless_normal((2, 24, 3), (0, 1))
    own = TransposedConvolution(5, kernel_size, stride, GLOROT, "own")
    own.build((None, 24, 3))
    own.bias.assign(np.arange(5.0))
    layer = keras.layers.Conv1DTranspose(5, kernel_size, stride, "same")
    layer.build((None, 24, 3))
    layer.set_weights(own.get_weights())
    np.testing.assert_allclose(own(values), layer(values), atol=1e-5)
