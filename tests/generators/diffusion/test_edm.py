"""EDM's factors by hand, and its sampler with a denoiser that is known exactly."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.edm import (
    factors,
    loss_weight,
    sample,
    sampling_levels,
    training_levels,
)

MEAN = np.array([0.3, -0.2, 0.1])
COVARIANCE = np.array([[0.25, 0.1, 0.0], [0.1, 0.16, -0.05], [0.0, -0.05, 0.09]])


def gaussian_denoiser(x, sigma):
    """The mean of a normal distribution given x, which is one of its draws plus noise of deviation sigma."""
    gain = tf.constant(COVARIANCE, tf.float32) @ tf.linalg.inv(
        tf.constant(COVARIANCE, tf.float32) + tf.square(sigma) * tf.eye(3)
    )
    return tf.constant(MEAN, tf.float32) + (x - tf.constant(MEAN, tf.float32)) @ tf.transpose(gain)


def test_factors_of_two_noise_levels_are_those_of_the_paper_by_hand():
    # sigma 0.5: 0.25 / 0.5; 0.5 * 0.5 / sqrt(0.5); 1 / sqrt(0.5); ln(0.5) / 4. sigma 1.2: sigma^2 + 0.25 = 1.3^2.
    found = factors(tf.constant([0.5, 1.2]))
    np.testing.assert_allclose(found.skip, [0.5, 0.25 / 1.69], rtol=1e-6)
    np.testing.assert_allclose(found.out, [0.353553391, 0.6 / 1.3], rtol=1e-6)
    np.testing.assert_allclose(found.in_, [1.414213562, 1 / 1.3], rtol=1e-6)
    np.testing.assert_allclose(found.noise, [-0.173286795, 0.045580389], rtol=1e-5)
    np.testing.assert_allclose(loss_weight(tf.constant([0.5, 1.2])), [8.0, 1.69 / 0.36], rtol=1e-6)


def test_noisy_data_and_the_target_of_the_network_have_a_deviation_of_1_at_every_level():
    random = np.random.default_rng(0)
    data = 0.5 * random.normal(size=200_000)
    for sigma in (0.01, 0.3, 4.0):
        noisy, made_of = data + sigma * random.normal(size=data.size), factors(tf.constant(sigma))
        target = (data - made_of.skip.numpy() * noisy) / made_of.out.numpy()
        assert np.std(made_of.in_.numpy() * noisy) == pytest.approx(1.0, abs=0.01)
        assert np.std(target) == pytest.approx(1.0, abs=0.01)
        assert float(loss_weight(tf.constant(sigma)) * made_of.out**2) == pytest.approx(1.0, rel=1e-5)


def test_training_levels_are_log_normal():
    # exp(-1.2) at the median, exp(-1.2 + 1.2) one deviation above it.
    np.testing.assert_allclose(
        training_levels(tf.constant([0.0, 1.0, -1.0])), [0.301194212, 1.0, 0.090717953], rtol=1e-5
    )


def test_sampling_levels_fall_from_80_to_nothing_by_the_seventh_power():
    levels = sampling_levels(18)
    assert (len(levels), levels[-1]) == (19, 0.0) and (np.diff(levels) < 0).all()
    assert levels[0] == pytest.approx(80.0) and levels[17] == pytest.approx(0.002)
    # Of three steps the middle one: ((80^(1/7) + 0.002^(1/7)) / 2)^7 = 2.515219.
    assert sampling_levels(3)[1] == pytest.approx(2.515219, rel=1e-5)


def test_sampler_with_the_denoiser_of_a_gaussian_returns_its_mean_and_covariance_within_5_percent():
    # The denoiser is linear in x, and so is what the sampler does to its noise: a draw is `mean + noise @ factor`.
    ends = sample(gaussian_denoiser, tf.concat([tf.zeros((1, 3)), tf.eye(3)], 0), 18).numpy().astype(np.float64)
    mean, factor = ends[0], ends[1:] - ends[0]
    assert np.linalg.norm(mean - MEAN) < 0.05 * np.linalg.norm(MEAN)
    found = factor.T @ factor
    assert np.linalg.norm(found - COVARIANCE) < 0.05 * np.linalg.norm(COVARIANCE)
    np.testing.assert_allclose(np.diag(found), np.diag(COVARIANCE), rtol=0.05)


@pytest.mark.parametrize(("num_steps", "variance_ratio"), [(18, 1.1136), (36, 1.0245)])
def test_heun_in_sigma_widens_a_gaussian_as_the_paper_s_algorithm_in_numpy_does(num_steps, variance_ratio):
    # Algorithm 1 in float64 for D(x; sigma) = 0.25 x / (0.25 + sigma^2), by a NumPy script of its own.
    def denoise(x, sigma):
        return 0.25 / (0.25 + tf.square(sigma)) * x

    end = sample(denoise, tf.ones((1, 1)), num_steps, "sigma").numpy()[0, 0]
    assert (end / 0.5) ** 2 == pytest.approx(variance_ratio, abs=2e-4)
    assert (sample(denoise, tf.ones((1, 1)), num_steps).numpy()[0, 0] / 0.5) ** 2 == pytest.approx(1.0, abs=2e-4)


def test_draws_of_the_sampler_have_the_gaussian_s_mean_and_covariance():
    draws = sample(gaussian_denoiser, tf.random.stateless_normal((20_000, 3), (1, 2)), 18).numpy()
    np.testing.assert_allclose(draws.mean(axis=0), MEAN, atol=0.02)
    np.testing.assert_allclose(np.cov(draws.T), COVARIANCE, atol=0.05 * COVARIANCE.max())


@pytest.mark.parametrize("variable", ["angle", "sigma"])
def test_sampler_asks_the_denoiser_35_times_in_18_steps(variable):
    asked = []

    def denoise(x, sigma):
        asked.append(float(sigma))
        return tf.zeros_like(x)

    sample(denoise, tf.ones((1, 2)), 18, variable)
    assert len(asked) == DiffusionConfig().num_evaluations == 35
    assert asked[0] == pytest.approx(80.0) and asked[-1] == pytest.approx(0.002)
