"""Experiments with each kind that saves checkpoints, at a size of seconds."""

import dataclasses

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import DataConfig, FeatureConfig, GridConfig
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.wavegan.config import WaveganConfig

RATE = 4000
CONFIGS = {
    "diffusion": DiffusionConfig(
        diffusion_filters=4,
        diffusion_autoencoder_filters=2,
        diffusion_autoencoder_images=8,
        diffusion_images=8,
        diffusion_batch_size=4,
        diffusion_steps=2,
    ),
    "specgan": SpecganConfig(specgan_model_size=2, specgan_batch_size=2, specgan_critic_steps=1, specgan_num_images=8),
    "wavegan": WaveganConfig(wavegan_model_size=2, wavegan_batch_size=2, wavegan_critic_steps=1, wavegan_num_images=8),
}


@pytest.fixture(scope="module")
def short_recordings(tmp_path_factory):
    """Recordings of noise of 0.06 s: three of each of two classes, in three groups."""
    folder, generator = tmp_path_factory.mktemp("recordings"), np.random.default_rng(0)
    for name, level in (("loud", 0.5), ("quiet", 0.05)):
        for group in "123":
            noise = level * generator.uniform(-1.0, 1.0, 240)
            soundfile.write(folder / f"{name}_{group}.wav", noise, RATE, subtype="FLOAT")
    pattern = r"(?P<label>\w+)_(?P<group>\d)\.wav"
    return DataConfig(
        data_dir=str(folder), file_pattern=pattern, sample_rate=RATE, clip_seconds=0.06, test_groups=("3",)
    )


@pytest.fixture(scope="module")
def short_features():
    """Clips of (8, 8) from 32 linear bins."""
    return FeatureConfig(fft_length=64, hop_length=32, mel_bins=8, frames=8)


@pytest.fixture(scope="module")
def experiment_of(tiny_experiment, short_recordings, short_features):
    """Gives the experiment of some kinds: a generator of each, and a classifier of its clips."""

    def of(*names):
        configs = {
            name: kind_named(name).resolve_for(CONFIGS[name], short_recordings, short_features) for name in names
        }
        grid = GridConfig(levels=(2,), methods=("gan",), generators=names, gan_repeats=1, trials=1, samples_per_class=4)
        return dataclasses.replace(
            tiny_experiment, data=short_recordings, features=short_features, generators=configs, grid=grid
        )

    return of


@pytest.fixture(scope="module")
def short_clips(short_recordings, short_features):
    return load_clips(short_recordings, short_features)


@pytest.fixture(scope="module")
def checkpointed_kinds():
    """Their names, but for that of the progressive GAN."""
    return tuple(CONFIGS)
