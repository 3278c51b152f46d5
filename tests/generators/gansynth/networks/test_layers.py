"""Layers: upscaling within a convolution, and the number format of a convolution, against NumPy and plain products."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.networks.layers import EqualizedConv2D, activate


def built(**arguments) -> EqualizedConv2D:
    layer = EqualizedConv2D(5, seed=3, **arguments)
    layer.build((None, None, None, 3))
    return layer


@pytest.mark.parametrize("scale", [(2, 2), (2, 1), (1, 2), (3, 2)])
@pytest.mark.parametrize("kernel_size", [1, 2, 3, 4, 5])
def test_convolution_that_upscales_equals_repeated_pixels_then_convolution(kernel_size, scale):
    maps = np.random.default_rng(0).normal(size=(2, 4, 6, 3)).astype(np.float32)
    repeated = maps.repeat(scale[0], axis=1).repeat(scale[1], axis=2)
    expected = built(kernel_size=kernel_size)(repeated)
    layer = built(kernel_size=kernel_size, upscale=scale)
    np.testing.assert_allclose(layer(maps), expected, atol=1e-5)
    assert layer.compute_output_shape(maps.shape) == expected.shape


def test_convolution_from_its_configuration_upscales_as_before():
    layer = built(kernel_size=3, upscale=(2, 1), activation="leaky_relu")
    copy = EqualizedConv2D.from_config(layer.get_config())
    maps = np.ones((1, 2, 2, 3), np.float32)
    np.testing.assert_array_equal(layer(maps), copy(maps))


def test_convolution_in_bfloat16_keeps_weights_in_float32_and_rounds_products():
    maps = np.random.default_rng(0).normal(size=(2, 4, 6, 3)).astype(np.float32)
    layer = built(kernel_size=3, dtype="mixed_bfloat16")
    outputs = layer(maps)
    assert outputs.dtype == tf.bfloat16
    assert {variable.dtype for variable in layer.variables} == {"float32"}
    expected = built(kernel_size=3)(maps).numpy()
    difference = np.abs(tf.cast(outputs, tf.float32).numpy() - expected)
    assert 0 < difference.max() < 0.03 * np.abs(expected).max()


@pytest.mark.parametrize("number_format", ["float32", "bfloat16"])
def test_leaky_relu_has_slope_one_above_zero_and_a_fifth_below(number_format):
    values = tf.constant([-2.0, -0.5, 0.5, 4.0], number_format)
    with tf.GradientTape() as tape:
        tape.watch(values)
        outputs = activate(values, "leaky_relu")
    slopes = tape.gradient(outputs, values)
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), [-0.4, -0.1, 0.5, 4.0], rtol=5e-3)
    np.testing.assert_allclose(tf.cast(slopes, tf.float32), [0.2, 0.2, 1.0, 1.0], rtol=1e-2)


def test_gradient_of_a_gradient_through_leaky_relu_in_bfloat16_is_that_of_its_slopes():
    values = tf.constant([-2.0, 4.0], tf.bfloat16)
    factors = tf.constant([3.0, 5.0], tf.bfloat16)
    with tf.GradientTape() as outer:
        outer.watch(factors)
        with tf.GradientTape() as inner:
            inner.watch(values)
            total = tf.reduce_sum(factors * activate(values, "leaky_relu"))
        slopes = inner.gradient(total, values)
    np.testing.assert_allclose(tf.cast(outer.gradient(slopes, factors), tf.float32), [0.2, 1.0], rtol=1e-2)
