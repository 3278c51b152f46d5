"""The kernel of the residual against noise that passed a kernel which is known."""

import numpy as np
import pytest
from scipy.ndimage import convolve

from gansynth_isa.generators.gaussian.class_rows import ClassRows
from gansynth_isa.generators.gaussian.config import GaussianConfig
from gansynth_isa.generators.gaussian.fitting import fit_gaussian
from gansynth_isa.generators.gaussian.network import gaussian_model
from gansynth_isa.generators.texture import KERNEL_SIZE, edge_gain, texture_kernel

SMALL = np.array([[0.03, 0.25, 0.03], [0.12, 0.9, 0.12], [0.03, 0.25, 0.03]])
SMALL /= np.sqrt((SMALL**2).sum())


def coloured(num_clips, frames=24, mel_bins=20, seed=0):
    """Noise of deviation 1 whose neighbours hang together as SMALL makes them."""
    white = np.random.default_rng(seed).normal(size=(num_clips, frames, mel_bins))
    return convolve(white, SMALL[np.newaxis], mode="wrap")[..., np.newaxis]


def test_kernel_of_noise_that_passed_a_kernel_is_that_kernel():
    kernel = texture_kernel(coloured(80))
    assert kernel.shape == (KERNEL_SIZE, KERNEL_SIZE, 1)
    np.testing.assert_allclose(kernel[1:4, 1:4, 0], SMALL, atol=0.03)
    assert np.abs(kernel[0]).max() < 0.03


def test_kernel_of_white_noise_is_a_single_one():
    kernel = texture_kernel(np.random.default_rng(0).normal(size=(80, 24, 20, 1)))
    expected = np.zeros((KERNEL_SIZE, KERNEL_SIZE))
    expected[2, 2] = 1.0
    np.testing.assert_allclose(kernel[..., 0], expected, atol=0.02)


def test_kernels_of_channels_are_their_own():
    white = np.random.default_rng(1).normal(size=(80, 24, 20, 1))
    kernel = texture_kernel(np.concatenate([coloured(80), white], axis=-1))
    np.testing.assert_allclose(kernel[1:4, 1:4, 0], SMALL, atol=0.03)
    assert abs(kernel[2, 2, 1] - 1.0) < 0.02


def test_edge_gain_is_the_deviation_that_is_left_at_the_edge():
    kernel = np.zeros((KERNEL_SIZE, KERNEL_SIZE, 1))
    kernel[2, 1:4, 0] = 0.6, 0.6, np.sqrt(0.28)
    gain = edge_gain(kernel, (6, 6, 1))[..., 0]
    np.testing.assert_allclose(gain[3], [np.sqrt(0.64), 1, 1, 1, 1, np.sqrt(0.72)])


@pytest.mark.parametrize(("wanted", "is_alike"), [("coloured", True), ("white", False)])
def test_clips_of_a_gaussian_have_deviation_and_texture_of_the_residual_where_it_is_coloured(wanted, is_alike):
    rows = 0.5 * coloured(400).reshape(400, -1).astype(np.float32)
    labels = np.arange(400) % 2
    config = GaussianConfig(1, 1.0, 0.0, wanted, 0.0)
    gaussian = fit_gaussian(ClassRows(rows, labels, np.arange(400), 2, (24, 20, 1)), config)
    model = gaussian_model(gaussian, (24, 20, 1))
    latents = np.random.default_rng(3).normal(size=(300, model.input["latents"].shape[1])).astype(np.float32)
    clips = np.asarray(model({"latents": latents, "class_index": np.zeros(300, np.int32)}))[..., 0]
    clips = clips - clips.mean(axis=0)
    np.testing.assert_allclose(clips.std(axis=0), 0.5, atol=0.12)
    neighbours = (clips[:, 1:] * clips[:, :-1]).mean() / (clips**2).mean()
    expected = float((SMALL[1:] * SMALL[:-1]).sum())  # autocorrelation at a lag of one frame, about 0.45
    assert (abs(neighbours - expected) < 0.05) == is_alike
