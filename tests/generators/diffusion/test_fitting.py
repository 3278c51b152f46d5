"""What of a codec is computed: components by NumPy, scales, and the residual of clips whose residual is known."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.fitting import fit_codec, fit_standardisation, principal_components
from gansynth_isa.generators.diffusion.layout import Layout
from gansynth_isa.generators.diffusion.networks.codec import Codec

CONFIG = DiffusionConfig(diffusion_latents="components")


def fitted(clips, number, **settings):
    shape = clips.spectrograms.shape[1:]
    codec = Codec(Layout("components", shape, (number,), 2, 4, 2, True))
    fit_standardisation(codec, clips.spectrograms)
    fit_codec(codec, dataclasses.replace(CONFIG, **settings), clips)
    return codec


@pytest.mark.parametrize("shape", [(6, 20), (40, 5)])
def test_principal_components_are_those_of_the_singular_value_decomposition(shape):
    rows = np.random.default_rng(0).normal(size=shape)
    centre, basis = principal_components(rows, 3)
    expected = np.linalg.svd(rows - rows.mean(axis=0))[2][:3]
    np.testing.assert_allclose(centre, rows.mean(axis=0))
    np.testing.assert_allclose(np.abs(np.sum(basis * expected, axis=1)), np.ones(3), atol=1e-9)


def test_components_beyond_what_clips_span_are_zeros():
    _, basis = principal_components(np.random.default_rng(0).normal(size=(3, 10)), 5)
    np.testing.assert_allclose(np.linalg.norm(basis, axis=1), [1, 1, 0, 0, 0], atol=1e-9)


def test_latents_of_training_clips_have_mean_0_and_deviation_one_half(clips_of):
    clips = clips_of((4, 4))
    codec = fitted(clips, 3)
    latents = codec.encode(codec.standardise(clips.spectrograms)).numpy()
    np.testing.assert_allclose(latents.mean(axis=0), np.zeros(3), atol=1e-5)
    np.testing.assert_allclose(latents.std(axis=0), np.full(3, 0.5), rtol=1e-4)


def test_clips_come_back_whole_from_all_their_components(clips_of):
    clips = clips_of((2, 2))
    codec = fitted(clips, 7)
    returned = codec.restore(codec.decode(codec.encode(codec.standardise(clips.spectrograms)))).numpy()
    np.testing.assert_allclose(returned, clips.spectrograms, atol=1e-4)


def test_residual_is_what_components_of_other_recordings_lack(clips_of):
    # Values are standardised at about 1, of which noise of 0.5 / sqrt(0.5^2 + levels and classes) is no component's.
    clips = clips_of((12, 12))
    white = fitted(clips, 1, diffusion_residual="white")
    rows = white.standardise(clips.spectrograms).numpy().reshape(len(clips), -1)
    centre, basis = principal_components(rows, 1)
    within = rows - centre - (rows - centre) @ basis.T @ basis
    measured = np.sqrt(np.mean(np.square(white.residual.numpy())))
    assert 1.0 < measured / np.sqrt(np.mean(np.square(within))) < 1.1
    kernel = white.kernel.numpy()[..., 0]
    assert kernel[2, 2] == 1.0 and kernel.sum() == 1.0


def test_coloured_residual_hangs_together_as_that_of_the_clips():
    random = np.random.default_rng(0)
    noise = random.normal(size=(60, 21, 12, 1))
    clips_values = (noise[:, 1:] + noise[:, :-1]).astype(np.float32)  # neighbours in time correlate by a half
    names = tuple(map(str, range(60)))
    clips = ClipSet(clips_values, np.arange(60, dtype=np.int32) % 2, ("a", "b"), names, names, (None,) * 60,
                    dict.fromkeys(names, ""))  # fmt: skip
    codec, drawn = fitted(clips, 1), random.normal(size=(200, 240)).astype(np.float32)
    made = codec.with_residual(np.zeros((200, 20, 12, 1), np.float32), drawn)
    made = made.numpy()[..., 0]
    correlation = np.mean(made[:, 1:] * made[:, :-1]) / np.mean(made * made)
    assert correlation == pytest.approx(0.5, abs=0.12)
    assert abs(np.mean(made[:, :, 1:] * made[:, :, :-1]) / np.mean(made * made)) < 0.05
    np.testing.assert_allclose(made.std(), 1.0, atol=0.1)
