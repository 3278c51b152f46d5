"""Interpolation and blend against hand computation, and pictures as files."""

import io

import matplotlib.image
import numpy as np
import pytest

from gansynth_isa.generators.gansynth.networks.building import build_generator
from gansynth_isa.generators.gansynth.training.samples import (
    blended_samples,
    fixed_samples,
    interpolated_samples,
)
from gansynth_isa.runs.clip_pictures import encode_png


@pytest.fixture(scope="module")
def generator(tiny_config):
    return build_generator(tiny_config.network, num_classes=2, num_blocks=2, growing=True)


def test_interpolation_leads_from_the_first_fixed_clip_to_the_second(generator):
    fixed, between = fixed_samples(generator, 0.5), interpolated_samples(generator, 0.5)
    assert between.shape == (2, 8, 4, 8, 1)
    np.testing.assert_allclose(between[:, [0, -1]], fixed[:, :2], atol=1e-5)
    assert np.abs(between[:, 4] - fixed[:, 0]).max() > 1e-4


def test_blend_of_a_transition_is_the_weighted_mean_of_before_and_after(generator):
    real = np.random.default_rng(1).uniform(-1, 1, (2, 4, 4, 8, 1)).astype(np.float32)
    blend = blended_samples(generator, real, 0.25)
    assert blend.shape == (2, 6, 4, 8, 1)
    for first in (0, 3):
        expected = 0.75 * blend[:, first] + 0.25 * blend[:, first + 2]
        np.testing.assert_allclose(blend[:, first + 1], expected, atol=1e-6)
    coarse = real[:, 0].reshape(2, 2, 2, 4, 2, 1).mean((2, 4)).repeat(2, 1).repeat(2, 2)
    np.testing.assert_allclose(blend[:, 3], coarse, atol=1e-6)
    np.testing.assert_array_equal(blend[:, 5], real[:, 0])


def test_png_is_read_back_by_another_library():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    read = matplotlib.image.imread(io.BytesIO(encode_png(pixels)))
    np.testing.assert_array_equal((read * 255).round().astype(np.uint8), pixels)
