"""SpecGAN's layers against the paper, and its clips against the project's features of the same waveforms."""

import numpy as np
import pytest

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.specgan.geometry import layout_of
from gansynth_isa.generators.specgan.kind import SpecganKind
from gansynth_isa.generators.specgan.mel_clips import MelClips, log_magnitudes, normalised
from gansynth_isa.spectral.features import LogMel
from gansynth_isa.spectral.stft import Stft

# Donahue et al. 2019, tables 5 and 6, d = 64: weights and biases, by hand.
GENERATOR = (
    100 * 256 * 64 + 256 * 64,
    5 * 5 * 1024 * 512 + 512,
    5 * 5 * 512 * 256 + 256,
    5 * 5 * 256 * 128 + 128,
    5 * 5 * 128 * 64 + 64,
    5 * 5 * 64 * 1 + 1,
)
CRITIC = (
    5 * 5 * 1 * 64 + 64,
    5 * 5 * 64 * 128 + 128,
    5 * 5 * 128 * 256 + 256,
    5 * 5 * 256 * 512 + 512,
    5 * 5 * 512 * 1024 + 1024,
    4 * 4 * 1024 + 1,
)


def test_square_spectrograms_of_the_paper_have_its_layers_and_parameters():
    layout = layout_of(64, 128, 128)
    assert layout.strides == ((2, 2),) * 5 and layout.full_shape == (128, 128)
    assert tuple(layer.num_parameters for layer in layout.generator_layers(100, 0)) == GENERATOR
    assert tuple(layer.num_parameters for layer in layout.critic_layers(0)) == CRITIC


def test_many_bins_are_strided_before_the_frames():
    layout = layout_of(16, 32, 1024)
    critic_strides = layout.strides[::-1]
    assert critic_strides == ((1, 2),) * 5 + ((2, 2),) * 3
    assert layout.full_shape == (32, 1024)
    assert layout.filters[::-1] == (8, 16, 16, 32, 32, 64, 128, 256)
    assert layout.filters[0] == 16 * 16  # as many as behind the paper's five


def test_many_frames_are_strided_before_the_bins():
    assert layout_of(16, 64, 8).strides[::-1] == ((2, 1),) * 3 + ((2, 2),)


@pytest.mark.parametrize("frames", [2, 24])
def test_frames_that_strides_do_not_reach_are_refused(frames):
    with pytest.raises(
        InputError, match=f"frames: expected 4, 8, 16 or another power of two for specgan, got {frames}"
    ):
        SpecganKind().resolve(SpecganConfig(), FeatureConfig(frames=frames))


def test_representation_with_a_phase_is_refused():
    with pytest.raises(InputError, match="data_type: expected log_mel for specgan, which has no phase, got mel"):
        SpecganKind().resolve(SpecganConfig(), FeatureConfig(data_type="mel", frames=32))


def test_clips_of_spectrograms_are_the_features_of_their_waveforms():
    waveforms = np.random.default_rng(0).normal(0.0, 0.1, (40, 1000)).astype(np.float32)
    magnitudes = log_magnitudes(waveforms, Stft(128, 64, frames=16))
    mean, deviation = magnitudes.mean(axis=(0, 1)), 4.0 * magnitudes.std(axis=(0, 1))  # so wide that nothing is clipped
    clips = MelClips(mean, deviation, 32, 8000)(normalised(magnitudes, mean, deviation)[..., np.newaxis])
    expected = LogMel(128, 64, 32, 16, 8000)(waveforms)
    np.testing.assert_allclose(clips, expected, atol=1e-3)


def test_values_are_clipped_at_three_deviations():
    mean, deviation = np.array([1.0, 0.0]), np.array([2.0, 1.0])
    values = normalised(np.array([[7.0, 1.5], [9.0, -4.0]]), mean, deviation)
    np.testing.assert_allclose(values, [[1.0, 0.5], [1.0, -1.0]])


def test_images_that_are_left_open_cost_60_tflop():
    config = SpecganKind().resolve(SpecganConfig(), FeatureConfig(frames=32))
    lines = SpecganKind().plan(config, FeatureConfig(frames=32))
    assert "cost 60.0 TFLOP" in lines[1] and "(32, 1024) linear bins" in lines[0]
