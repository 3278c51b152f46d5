"""Denoiser, guidance, codec and the model that is exported, by hand and by what they must leave as it is."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.diffusion.edm import sample
from gansynth_isa.generators.diffusion.layout import Layout
from gansynth_isa.generators.diffusion.networks.changes import NUM_CHANGES
from gansynth_isa.generators.diffusion.networks.codec import Codec, white_kernel
from gansynth_isa.generators.diffusion.networks.denoiser import Denoiser
from gansynth_isa.generators.diffusion.networks.sampler import DiffusionSampler, Sampling

SPATIAL = Layout("autoencoder", (8, 16, 1), (4, 8, 2), 3, 4, 2, True)
VECTOR = Layout("components", (8, 16, 1), (5,), 3, 4, 2, False)
CLASSES = tf.constant([0, 1, 2, 1])


@pytest.fixture(params=[SPATIAL, VECTOR], ids=["places", "components"])
def layout(request):
    return request.param


def stirred(denoiser):
    """Some layers start with zeros: a network that says something needs others."""
    for index, variable in enumerate(denoiser.trainable_variables):
        if variable.path.endswith("kernel") and not np.any(variable):
            variable.assign(0.3 * tf.random.stateless_normal(variable.shape, (3, index)))
    return denoiser


def noise_of(layout, number=4):
    return tf.random.stateless_normal((number, *layout.latent_shape), (5, 1))


def test_untrained_denoiser_gives_the_share_of_its_input_that_the_paper_skips_the_network_with(layout):
    noisy, sigma = noise_of(layout), tf.constant([0.5, 0.5, 1.2, 1.2])
    given = Denoiser(layout, NUM_CHANGES)(noisy, sigma, tf.zeros((4, 3)), tf.zeros((4, NUM_CHANGES)))
    shares = np.reshape([0.5, 0.5, 0.25 / 1.69, 0.25 / 1.69], (4, *(1 for _ in layout.latent_shape)))
    np.testing.assert_allclose(given, shares * noisy, rtol=1e-5)


def test_denoiser_hears_of_noise_class_and_changes(layout):
    denoiser, noisy = stirred(Denoiser(layout, NUM_CHANGES)), noise_of(layout)
    usual = (tf.ones(4), tf.one_hot(CLASSES, 3), tf.zeros((4, NUM_CHANGES)))
    expected = denoiser(noisy, *usual)
    others = (1.5 * tf.ones(4), tf.zeros((4, 3)), tf.ones((4, NUM_CHANGES)))
    for index, other in enumerate(others):
        told = [other if place == index else value for place, value in enumerate(usual)]
        assert np.abs(denoiser(noisy, *told) - expected).max() > 1e-3


def test_weights_follow_the_seed(layout):
    first, second, other = (Denoiser(layout, NUM_CHANGES, seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(*pair) for pair in zip(first, second, strict=True))
    assert not all(np.array_equal(*pair) for pair in zip(first, other, strict=True))


def test_guidance_of_1_is_the_model_with_the_class_and_of_0_the_one_without(layout):
    denoiser, codec, noise = stirred(Denoiser(layout, NUM_CHANGES)), Codec(layout), noise_of(layout)
    for guidance, labels in ((1.0, tf.one_hot(CLASSES, 3)), (0.0, tf.zeros((4, 3)))):
        sampler = DiffusionSampler(layout, Sampling(3, guidance), denoiser=denoiser, codec=codec)

        def plain(x, sigma, labels=labels):
            return denoiser(x, sigma * tf.ones(4), labels, tf.zeros((4, NUM_CHANGES)))

        np.testing.assert_allclose(sampler.sample(noise, CLASSES), sample(plain, noise, 3), atol=1e-5)


def test_guidance_goes_on_from_without_the_class_through_with_it(layout):
    denoiser, labels = stirred(Denoiser(layout, NUM_CHANGES)), tf.one_hot(CLASSES, 3)
    expected = {
        guidance: DiffusionSampler(layout, Sampling(3, guidance), denoiser=denoiser).expected(
            noise_of(layout), tf.constant(0.7), labels
        )
        for guidance in (0.0, 1.0, 2.5)
    }
    assert np.abs(expected[1.0] - expected[0.0]).max() > 1e-3
    np.testing.assert_allclose(expected[2.5], expected[0.0] + 2.5 * (expected[1.0] - expected[0.0]), atol=1e-4)


def test_codec_standardises_scales_and_restores():
    codec = Codec(VECTOR)
    codec.clip_mean.assign(np.full((16, 1), 2.0))
    codec.clip_deviation.assign(np.full((16, 1), 4.0))
    # Components that pick the first five values, of mean 1 and deviation 2.
    codec.map.basis.assign(np.eye(5, 128))
    codec.latent_mean.assign(np.full(5, 1.0))
    codec.latent_deviation.assign(np.full(5, 2.0))
    clips = np.full((1, 8, 16, 1), 14.0, np.float32)  # standardised (14 - 2) / 4 = 3, scaled (3 - 1) / 2 * 0.5 = 0.5
    latents = codec.encode(codec.standardise(clips))
    np.testing.assert_allclose(latents, np.full((1, 5), 0.5))
    restored = codec.restore(codec.decode(latents)).numpy().reshape(-1)
    np.testing.assert_allclose(restored, [14.0] * 5 + [2.0] * 123)


def test_residual_is_noise_of_the_deviation_of_each_value():
    codec = Codec(SPATIAL)
    deviation = np.linspace(0.1, 1.0, 128).reshape(8, 16, 1)
    codec.residual.assign(deviation)
    codec.kernel.assign(white_kernel(1))
    noise = tf.random.stateless_normal((4000, 128), (7, 1))
    made = codec.with_residual(tf.ones((4000, 8, 16, 1)), noise).numpy()
    np.testing.assert_allclose(made.mean(axis=0), np.ones((8, 16, 1)), atol=0.08)
    np.testing.assert_allclose(made.std(axis=0), deviation, rtol=0.06)


def test_autoencoder_gives_clips_of_the_shape_that_it_was_given():
    for halved, latent_shape in ((8, (1, 2, 3)), (4, (2, 4, 3)), (1, (8, 16, 3))):
        codec = Codec(Layout("autoencoder", (8, 16, 2), latent_shape, 3, 4, 2, False))
        latents = codec.encode(tf.random.stateless_normal((2, 8, 16, 2), (1, 1)))
        assert latents.shape == (2, *latent_shape), halved
        assert codec.decode(latents).shape == (2, 8, 16, 2)
