"""Noise inputs of the generator: where they lie in the latents, and what they add, against NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.networks.deployable import deployable_generator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.networks.latent_layout import LatentLayout, noise_maps, noise_resolutions
from gansynth_isa.generators.gansynth.networks.layers import EqualizedConv2D, StartProjection
from gansynth_isa.spectral.normalizers import Normalizer

SHAPE = {
    "latent_vector_size": 5,
    "num_classes": 3,
    "start_resolution": (2, 4),
    "filters": (8, 8, 8, 4),
    "num_blocks": 2,
    "scale": (2, 1),
}
# Two maps of 2 x 4 in block 1, two of 4 x 4 in block 2.
NUM_NOISE = 2 * 8 + 2 * 16


def inputs_of(generator: Generator) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.random.stateless_normal((2, generator.latent_size), (0, 1)), tf.one_hot([0, 2], 3)


def strengths(generator: Generator) -> list:
    return [variable for variable in generator.trainable_variables if variable.path.endswith("noise_strength")]


def test_latents_with_noise_hold_the_maps_of_all_convolutions():
    assert Generator(**SHAPE).latent_size == 5
    generator = Generator(noise_inputs=True, **SHAPE)
    assert generator.latent_size == 5 + NUM_NOISE
    assert [variable.shape for variable in strengths(generator)] == [(8,)] * 4
    with pytest.raises(ValueError, match="latents: expected 53 numbers per clip, got 5"):
        generator(tf.zeros((1, 5)), tf.one_hot([0], 3))


def test_layout_splits_latents_in_the_order_of_its_parts():
    parts = LatentLayout(vector=2, noise=3).split(np.arange(10).reshape(2, 5))
    assert parts["vector"].tolist() == [[0, 1], [5, 6]]
    assert parts["noise"].tolist() == [[2, 3, 4], [7, 8, 9]]
    assert list(LatentLayout(vector=2).split(np.zeros((1, 2)))) == ["vector"]


def test_noise_maps_follow_each_other_from_the_coarsest():
    resolutions = noise_resolutions((1, 2), (2, 2), 2)
    assert resolutions == {"1_0": (1, 2), "1_1": (1, 2), "2_0": (2, 4), "2_1": (2, 4)}
    maps = noise_maps(np.arange(20, dtype=np.float32)[np.newaxis], resolutions)
    np.testing.assert_array_equal(maps["1_1"], [[[[2], [3]]]])
    np.testing.assert_array_equal(np.squeeze(maps["2_1"]), [[12, 13, 14, 15], [16, 17, 18, 19]])


def test_noise_of_strength_zero_leaves_the_images_as_they_are():
    plain, noisy = Generator(seed=3, **SHAPE), Generator(seed=3, noise_inputs=True, **SHAPE)
    latents, labels = inputs_of(noisy)
    assert all(not np.any(variable.numpy()) for variable in strengths(noisy))
    np.testing.assert_array_equal(noisy(latents, labels), plain(latents[:, :5], labels))


def test_noise_with_a_strength_changes_the_images_and_each_strength_has_a_gradient():
    generator = Generator(noise_inputs=True, **SHAPE)
    latents, labels = inputs_of(generator)
    before = generator(latents, labels).numpy()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(generator(latents, labels)))
    for gradient in tape.gradient(loss, [variable.value for variable in strengths(generator)]):
        assert np.all(np.abs(gradient) > 0)
    for variable in strengths(generator):
        variable.assign(np.full(variable.shape, 0.5, np.float32))
    other = tf.concat([latents[:, :5], -latents[:, 5:]], axis=1)
    assert np.abs(generator(latents, labels) - before).max() > 1e-2
    assert np.abs(generator(latents, labels) - generator(other, labels)).max() > 1e-2


def test_convolution_adds_noise_times_strength_before_bias_and_activation():
    layer = EqualizedConv2D(3, 1, "leaky_relu", noise_input=True)
    layer.build((None, None, None, 2))
    layer.bias.assign([0.1, 0.2, -0.3])
    layer.noise_strength.assign([1.0, 0.0, -2.0])
    generator = np.random.default_rng(0)
    maps, noise = generator.normal(size=(2, 4, 4, 2)), generator.normal(size=(2, 4, 4, 1))
    kernel = layer.kernel.numpy()[0, 0] * np.sqrt(2 / 2)
    expected = maps @ kernel + noise * [1.0, 0.0, -2.0] + [0.1, 0.2, -0.3]
    expected = np.where(expected > 0, expected, 0.2 * expected)
    outputs = layer(maps.astype(np.float32), noise.astype(np.float32))
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_start_projection_adds_noise_times_strength_before_the_activation():
    layer = StartProjection((2, 3), 2, noise_input=True)
    layer.build((None, 4))
    layer.noise_strength.assign([1.0, -3.0])
    noise = np.random.default_rng(0).normal(size=(1, 2, 3, 1)).astype(np.float32)
    expected = noise * [1.0, -3.0]
    outputs = layer(np.zeros((1, 4), np.float32), noise)
    np.testing.assert_allclose(outputs, np.where(expected > 0, expected, 0.2 * expected), atol=1e-6)


def test_noise_in_bfloat16_stays_near_that_in_float32():
    images = []
    for precision in ("float32", "bfloat16"):
        generator = Generator(noise_inputs=True, precision=precision, **SHAPE)
        for variable in strengths(generator):
            assert variable.dtype == "float32"
            variable.assign(np.full(variable.shape, 0.5, np.float32))
        images.append(generator(*inputs_of(generator)).numpy())
    np.testing.assert_allclose(*images, atol=0.1)
    assert images[0].dtype == images[1].dtype == np.float32


def test_keras_file_of_a_generator_with_noise_makes_the_same_clips(tmp_path):
    generator = Generator(noise_inputs=True, **SHAPE)
    for variable in strengths(generator):
        variable.assign(np.full(variable.shape, 0.5, np.float32))
    model = deployable_generator(generator, Normalizer(np.array([0.5]), np.array([0.25]), np.zeros(1)))
    model.save(tmp_path / "generator.keras")
    latents, labels = inputs_of(generator)
    clips = keras.saving.load_model(tmp_path / "generator.keras")(
        {"latents": latents, "class_index": tf.constant([0, 2])}
    )
    np.testing.assert_allclose(clips, (generator(latents, labels) - 0.25) / 0.5, atol=1e-5)


def test_generator_from_a_configuration_of_version_0_1_has_its_latent_vector():
    config = Generator(**SHAPE).get_config()
    former = {"latent_size": config.pop("latent_vector_size"), **config}
    del former["noise_inputs"], former["latent_normalization"]
    assert Generator.from_config(former).layout == LatentLayout(vector=5)
