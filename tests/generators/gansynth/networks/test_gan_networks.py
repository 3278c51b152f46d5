"""Generator and discriminator: shapes, configuration round trip, what they refuse, what a batch shares."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.networks.layers import MinibatchDeviation, StartProjection

SHAPE = {"num_classes": 3, "start_resolution": (2, 4), "filters": (8, 8, 8, 4), "scale": (2, 2)}


@pytest.mark.parametrize(("num_blocks", "growing"), [(1, False), (2, True), (2, False), (3, True)])
def test_networks_of_a_stage_work_at_its_own_resolution(num_blocks, growing):
    generator = Generator(latent_vector_size=5, num_blocks=num_blocks, growing=growing, **SHAPE)
    discriminator = Discriminator(num_blocks=num_blocks, growing=growing, **SHAPE)
    progress = tf.constant(num_blocks - 1.5)
    images = generator(tf.random.normal((4, 5)), tf.one_hot([0, 1, 2, 0], 3), progress)
    assert images.shape == (4, 2**num_blocks, 2 * 2**num_blocks, 1)
    scores, logits, _ = discriminator(images, progress)
    assert scores.shape == (4, 1)
    assert logits.shape == (4, 3)


def test_generator_from_its_configuration_has_equal_images():
    generator = Generator(latent_vector_size=5, num_blocks=2, seed=7, **SHAPE)
    copy = Generator.from_config(generator.get_config())
    inputs = tf.random.stateless_normal((2, 5), (0, 1)), tf.one_hot([0, 2], 3)
    np.testing.assert_array_equal(generator(*inputs), copy(*inputs))


def test_latents_normalised_apart_give_vector_and_label_a_root_mean_square_of_one_each():
    apart = Generator(latent_vector_size=5, num_blocks=1, latent_normalization="apart", **SHAPE)
    joined = Generator(latent_vector_size=5, num_blocks=1, **SHAPE)
    latents, labels = tf.random.stateless_normal((2, 5), (0, 1)), tf.one_hot([0, 2], 3)
    normal = latents / tf.sqrt(tf.reduce_mean(tf.square(latents), axis=1, keepdims=True))
    np.testing.assert_allclose(apart(latents, labels), joined(normal, np.sqrt(3) * labels), atol=1e-5)
    assert np.abs(apart(latents, labels) - joined(latents, labels)).max() > 1e-3


def test_networks_growing_with_one_block_are_refused():
    with pytest.raises(ValueError, match="growing: expected at least 2 blocks, got 1"):
        Generator(latent_vector_size=5, num_blocks=1, growing=True, **SHAPE)
    with pytest.raises(ValueError, match="growing: expected at least 2 blocks, got 1"):
        Discriminator(num_blocks=1, growing=True, **SHAPE)


def test_start_projection_equals_convolution_over_the_padded_vector():
    layer = StartProjection((2, 3), 4)
    layer.build((None, 5))
    vectors = np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32)
    kernel = np.transpose(layer.kernel.numpy(), (1, 2, 0, 3))[::-1, ::-1] * np.sqrt(2 / (2 * 3 * 5))
    padded = np.pad(vectors[:, np.newaxis, np.newaxis], ((0, 0), (1, 1), (2, 2), (0, 0)))
    expected = tf.nn.leaky_relu(tf.nn.conv2d(padded, kernel, 1, "VALID"), 0.2)
    np.testing.assert_allclose(layer(vectors), expected, atol=1e-6)


def test_minibatch_deviation_in_groups_equals_each_group_alone():
    maps = np.random.default_rng(0).normal(size=(6, 2, 2, 3)).astype(np.float32)
    layer = MinibatchDeviation()
    halves = [layer(maps[:3]), layer(maps[3:])]
    np.testing.assert_allclose(layer(maps, num_groups=2), np.concatenate(halves), atol=1e-6)
    expected = np.sqrt(maps[:3].var(axis=0) + 1e-6).mean()
    np.testing.assert_allclose(halves[0][..., 3], np.full((3, 2, 2), expected), rtol=1e-5)
