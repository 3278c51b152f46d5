"""Kinds that save checkpoints as tasks of other processes: their rows must be those of a single process."""

import dataclasses
import io

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import DataConfig, FeatureConfig, GridConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.experiments.runner import check_experiment, run_experiment
from gansynth_isa.experiments.workers.local_workers import LocalWorkers
from gansynth_isa.experiments.workers.worker import Worker
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.registry import kind_named, kinds
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
def data(tmp_path_factory):
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
def features():
    """Clips of (8, 8) from 32 linear bins."""
    return FeatureConfig(fft_length=64, hop_length=32, mel_bins=8, frames=8)


@pytest.fixture(scope="module")
def experiment(tiny_experiment, data, features):
    """Two generators of a kind, each with a classifier of its clips."""

    def of(*names):
        configs = {name: kind_named(name).resolve_for(CONFIGS[name], data, features) for name in names}
        grid = GridConfig(levels=(2,), methods=("gan",), generators=names, gan_repeats=1, trials=1, samples_per_class=4)
        return dataclasses.replace(tiny_experiment, data=data, features=features, generators=configs, grid=grid)

    return of


@pytest.fixture(scope="module")
def clips(data, features):
    return load_clips(data, features)


def test_every_kind_that_saves_checkpoints_is_tried_as_a_task_of_other_processes():
    assert {name for name, kind in kinds().items() if kind.saves_checkpoints} == {"gansynth", *CONFIGS}


@pytest.mark.slow  # two further processes, in which TensorFlow starts and graphs are made
def test_rows_of_two_processes_are_those_of_one(experiment, clips, rows_without_times, tmp_path):
    quiet, config = Console(io.StringIO()), experiment(*CONFIGS)
    opened, folds = check_experiment(config, clips, tmp_path / "one")
    assert run_experiment(opened, folds, Worker(opened, folds, quiet), quiet) == 0
    opened, folds = check_experiment(config, clips, tmp_path / "two")
    assert run_experiment(opened, folds, LocalWorkers(opened, clips, quiet, 2), quiet) == 0
    rows = rows_without_times(tmp_path / "two")
    assert [row for row in rows if "'generator': 'wavegan'" in row] and len(rows) == 2 * len(CONFIGS)
    assert rows == rows_without_times(tmp_path / "one")
