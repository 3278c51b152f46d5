"""Clips of a trained generator, and real clips that go through its latents."""

import numpy as np
import pytest

from gansynth_isa.generators.generation import load_generator
from gansynth_isa.generators.registry import kind_named


def test_clips_of_the_class_that_is_asked_for_follow_the_latents_alone(finished):
    trained = load_generator(finished)
    first, other = trained.clips(np.zeros(3, np.int32), 5), trained.clips(np.ones(3, np.int32), 5)
    assert np.isfinite(first).all() and np.abs(first - other).max() > 0
    np.testing.assert_array_equal(trained.clips(np.zeros(1, np.int32), 5, 2), first[2:])


def test_real_clips_come_back_in_their_shape_and_follow_the_seed(finished, training):
    trained, clips = load_generator(finished), training.clips.spectrograms
    returned = trained.returned_clips(clips, seed=1)
    assert returned.shape == clips.shape and returned.dtype == np.float32
    np.testing.assert_array_equal(returned, trained.returned_clips(clips, seed=1))
    assert np.abs(returned - trained.returned_clips(clips, seed=2)).max() > 0
    assert trained.returned_clips(clips[:0]).shape == (0, *clips.shape[1:])


def test_components_that_span_the_clips_give_them_back(training, diffusion_config, surroundings, tmp_path):
    config = diffusion_config(diffusion_latents="components", diffusion_components=5, diffusion_residual="none")
    kind_named("diffusion").fit(config, training, 0, tmp_path / "run", surroundings)
    returned = load_generator(tmp_path / "run").returned_clips(training.clips.spectrograms)
    np.testing.assert_allclose(returned, training.clips.spectrograms, atol=1e-4)


def test_metadata_tell_latents_and_sampling(finished, latents):
    details = load_generator(finished).provenance.details
    assert details["diffusion_latent_shape"] == ([2, 4, 2] if latents == "autoencoder" else [4])
    assert (details["diffusion_steps"], details["diffusion_guidance"]) == (2, 1.0)
    assert details["diffusion_image"] == (32 if latents == "autoencoder" else 16)


def test_generators_of_other_kinds_have_nothing_that_clips_could_go_through(training, surroundings, tmp_path):
    kind = kind_named("smote")
    kind.fit(kind.resolve(kind.config_class(), training.features), training, 0, tmp_path / "run", surroundings)
    assert load_generator(tmp_path / "run").returned_clips(training.clips.spectrograms) is None


@pytest.mark.parametrize(("guidance", "heun"), [(2.0, "angle"), (1.0, "sigma")])
def test_guidance_and_heun_s_variable_reach_the_sampler(
    training, diffusion_config, surroundings, tmp_path, guidance, heun
):
    config = diffusion_config(diffusion_latents="components", diffusion_guidance=guidance, diffusion_heun=heun)
    kind_named("diffusion").fit(config, training, 0, tmp_path / "run", surroundings)
    sampling = load_generator(tmp_path / "run").sampler.sampling
    assert (sampling.guidance, sampling.variable, sampling.num_steps) == (guidance, heun, 2)
