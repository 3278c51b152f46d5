"""A GAN of seconds: its configuration, its clips, and one finished run."""

import numpy as np
import pytest

from gansynth_isa.config import DataConfig, FeatureConfig, GanConfig, NetworkConfig, TrainingConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_set import ClipSet
from gansynth_isa.derived import resolve
from gansynth_isa.training.gan_loop import train_gan

CONFIG = resolve(
    GanConfig(
        data=DataConfig(clip_seconds=0.1),
        features=FeatureConfig(mel_bins=8, frames=4),
        network=NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=2),
        training=TrainingConfig(
            batch_size_schedule=(4,),
            stable_stage_num_images=16,
            transition_stage_num_images=16,
            save_checkpoints_num_images=8,
            save_summaries_num_images=8,
        ),
    )
)


def make_clips() -> ClipSet:
    log_mel = np.random.default_rng(0).normal(size=(6, 4, 8, 1)).astype(np.float32)
    names = tuple(f"{label}/{index}.wav" for label in ("quiet", "loud") for index in range(3))
    return ClipSet(
        log_mel=log_mel,
        labels=np.array([1, 1, 1, 0, 0, 0], np.int32),
        class_names=("loud", "quiet"),
        recordings=names,
        groups=names,
        splits=(None,) * 6,
        digests={name: f"{index:064d}" for index, name in enumerate(names)},
        num_ignored=0,
    )


@pytest.fixture(scope="session")
def tiny_config() -> GanConfig:
    """Three stages of 16 images, batches of 4, checkpoints and reports every 8 images."""
    return CONFIG


@pytest.fixture(scope="session")
def tiny_clips() -> ClipSet:
    """Three clips each of two classes, of noise."""
    return make_clips()


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory, tiny_config, tiny_clips):
    """Folder of a finished run, beside log.txt and output.txt; tests must not change it."""
    folder = tmp_path_factory.mktemp("tiny")
    with (folder / "output.txt").open("w") as output:
        console = Console(output)
        console.open_log(folder / "log.txt")
        train_gan(tiny_config, tiny_clips, folder / "run", console, show_reports=False)
        console.close()
    return folder / "run"
