"""A run of seconds for each kind of latents."""

import dataclasses

import pytest

from gansynth_isa.generators.registry import kind_named


@pytest.fixture(scope="session")
def diffusion_config(settings_of):
    """Gives resolved settings of a run of 16 images in each stage, with some of them changed."""

    def config(**changes):
        return dataclasses.replace(settings_of(kind_named("diffusion")), **changes)

    return config


@pytest.fixture(scope="session", params=["autoencoder", "components"])
def latents(request):
    return request.param


@pytest.fixture(scope="session")
def finished(latents, diffusion_config, training, surroundings, tmp_path_factory):
    """Folder of a finished run, which tests must not change."""
    folder = tmp_path_factory.mktemp(latents) / "run"
    config = diffusion_config(diffusion_latents=latents, diffusion_reduction=2)
    kind_named("diffusion").fit(config, training, 3, folder, surroundings)
    return folder
