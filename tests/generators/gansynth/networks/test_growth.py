"""Growth: blending weights against the original's tables, resampling against NumPy."""

import json
from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.generators.gansynth.networks.growth import (
    blend_images,
    discriminator_weight,
    downscale,
    generator_weight,
    upscale,
)

SCHEDULES = json.loads((Path(__file__).parents[3] / "reference" / "schedules.json").read_text())


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_weights_of_every_tabled_image_match_original(name):
    for row in SCHEDULES[name]["progress"]:
        for block, (ours, theirs) in enumerate(zip(row["generator_alpha"], row["discriminator_alpha"], strict=True), 1):
            assert float(generator_weight(block, row["progress"])) == pytest.approx(ours, abs=1e-5)
            assert float(discriminator_weight(block, row["progress"])) == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize("scale", [(2, 2), (2, 1), (4, 2)])
def test_resampling_matches_numpy_means_and_repeats(scale):
    images = np.random.default_rng(0).normal(size=(3, 8, 8, 2)).astype(np.float32)
    means = images.reshape(3, 8 // scale[0], scale[0], 8 // scale[1], scale[1], 2).mean((2, 4))
    np.testing.assert_allclose(downscale(images, scale), means, atol=1e-6)
    np.testing.assert_array_equal(upscale(images, scale), images.repeat(scale[0], 1).repeat(scale[1], 2))


def test_blend_at_both_ends_of_a_transition_gives_coarse_and_fine():
    images = np.random.default_rng(0).normal(size=(2, 4, 4, 1)).astype(np.float32)
    coarse = np.asarray(upscale(downscale(images, (2, 2)), (2, 2)))
    np.testing.assert_allclose(blend_images(images, 0.0, 2, (2, 2)), coarse, atol=1e-6)
    np.testing.assert_allclose(blend_images(images, 1.0, 2, (2, 2)), images, atol=1e-6)
    np.testing.assert_allclose(blend_images(images, 0.25, 2, (2, 2)), 0.75 * coarse + 0.25 * images, atol=1e-6)
