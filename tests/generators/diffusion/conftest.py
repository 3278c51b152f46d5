"""A run of seconds for each kind of latents."""

import dataclasses

import pytest

from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.registry import kind_named

TINY = DiffusionConfig(
    diffusion_latent_channels=2,
    diffusion_components=4,
    diffusion_filters=4,
    diffusion_autoencoder_filters=2,
    diffusion_autoencoder_images=16,
    diffusion_images=16,
    diffusion_batch_size=4,
    diffusion_steps=2,
    diffusion_save_summaries_num_images=8,
    diffusion_save_checkpoints_num_images=8,
)


@pytest.fixture(scope="session")
def diffusion_config(tiny_config):
    """Gives resolved settings of a run of 16 images in each stage, with some of them changed."""

    def config(**changes):
        return kind_named("diffusion").resolve(dataclasses.replace(TINY, **changes), tiny_config.features)

    return config


@pytest.fixture(scope="session", params=["autoencoder", "components"])
def latents(request):
    return request.param


@pytest.fixture(scope="session")
def finished(latents, diffusion_config, training, surroundings, tmp_path_factory):
    """Folder of a finished run, which tests must not change."""
    folder = tmp_path_factory.mktemp(latents) / "run"
    config = diffusion_config(diffusion_latents=latents, diffusion_reduction=2 if latents == "autoencoder" else None)
    kind_named("diffusion").fit(config, training, 3, folder, surroundings)
    return folder
