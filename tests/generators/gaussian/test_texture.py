"""The texture of the residual against noise whose autocorrelation is known."""

import numpy as np
import pytest
from scipy.ndimage import convolve

from gansynth_isa.generators.gaussian.class_rows import ClassRows
from gansynth_isa.generators.gaussian.config import GaussianConfig
from gansynth_isa.generators.gaussian.fitting import fit_gaussian
from gansynth_isa.generators.gaussian.network import gaussian_model
from gansynth_isa.generators.gaussian.texture import texture_amplitudes

SMALL = np.array([[0.03, 0.25, 0.03], [0.12, 0.9, 0.12], [0.03, 0.25, 0.03]])
SMALL /= np.sqrt((SMALL**2).sum())


def coloured(num_clips, frames=24, mel_bins=20, seed=0):
    """Noise of deviation 1 whose neighbours hang together as SMALL makes them."""
    white = np.random.default_rng(seed).normal(size=(num_clips, frames, mel_bins))
    return convolve(white, SMALL[np.newaxis], mode="wrap")[..., np.newaxis]


def autocorrelation(amplitudes, frames, mel_bins):
    """Of noise with such amplitudes, at a distance in frames and mel bins."""
    return np.fft.ifft2(np.square(amplitudes)).real[frames, mel_bins]


@pytest.mark.parametrize(("frames", "mel_bins"), [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (5, 4)])
def test_amplitudes_give_the_autocorrelation_times_the_share_in_which_both_values_lie(frames, mel_bins):
    padded = np.pad(SMALL, 6)
    shifted = np.roll(padded, (frames, mel_bins), (0, 1))
    expected = float((padded * shifted).sum()) * (1 - frames / 24) * (1 - mel_bins / 20)
    found = autocorrelation(texture_amplitudes(coloured(200))[0], frames, mel_bins)
    assert found == pytest.approx(expected, abs=0.02)


def test_amplitudes_of_clips_that_differ_in_level_alone_reach_over_the_whole_clip():
    levels = np.random.default_rng(0).normal(size=(50, 1, 1, 1)) * np.ones((50, 24, 20, 1))
    amplitudes = texture_amplitudes(levels)[0]
    assert autocorrelation(amplitudes, 12, 0) == pytest.approx(0.5, abs=1e-6)
    assert autocorrelation(amplitudes, 12, 10) == pytest.approx(0.25, abs=1e-6)


def test_amplitudes_of_channels_are_their_own():
    white = np.random.default_rng(1).normal(size=(200, 24, 20, 1))
    amplitudes = texture_amplitudes(np.concatenate([coloured(200), white], axis=-1))
    assert amplitudes.shape == (2, 48, 40)
    assert autocorrelation(amplitudes[0], 1, 0) > 0.3 and abs(autocorrelation(amplitudes[1], 1, 0)) < 0.02


def test_amplitudes_of_nothing_are_those_of_white_noise():
    np.testing.assert_array_equal(texture_amplitudes(np.zeros((3, 4, 5, 1))), np.ones((1, 8, 10)))


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
