"""What kinds of generators learn from, and settings with which they do so in seconds."""

import dataclasses
import io

import numpy as np
import pytest
import soundfile

from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticWriter
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.gansynth.config import GansynthConfig
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.wavegan.config import WaveganConfig
from gansynth_isa.validation import to_dict

TINY_DIFFUSION = DiffusionConfig(
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

TINY_WAVEGAN = WaveganConfig(
    wavegan_model_size=2,
    wavegan_latent_size=4,
    wavegan_batch_size=2,
    wavegan_critic_steps=2,
    wavegan_num_images=16,
)

TINY_SPECGAN = SpecganConfig(
    specgan_model_size=4,
    specgan_latent_size=4,
    specgan_batch_size=2,
    specgan_critic_steps=2,
    specgan_num_images=16,
    specgan_learning_rate=0.02,  # what starts near 0 gets away from it in four steps
)


@pytest.fixture(scope="session")
def training(tiny_config, tiny_clips) -> TrainingData:
    """Six clips of two classes."""
    return TrainingData(tiny_clips, tiny_config.data, tiny_config.features)


@pytest.fixture(scope="session")
def imported_dir(tiny_config, tiny_clips, tmp_path_factory):
    """A folder of imported clips, three of each class."""
    folder = tmp_path_factory.mktemp("imported") / "clips"
    metadata = {
        "generator": "imported",
        "source": "a model",
        "class_names": list(tiny_clips.class_names),
        "weights_sha256": "1" * 64,
        "configuration": {"data": to_dict(tiny_config.data), "features": to_dict(tiny_config.features)},
        "imported": {
            "files": {f"{number}.wav": f"{number:064x}" for number in range(100, 106)},
            "clips": list("abcdef"),
        },
    }
    with SyntheticWriter(folder, metadata) as writer:
        writer.write(np.random.default_rng(1).normal(size=tiny_clips.spectrograms.shape), tiny_clips.labels)
    return folder


@pytest.fixture(scope="session")
def recorded(tiny_config, tmp_path_factory) -> TrainingData:
    """Six clips of two classes with their recordings, noise of 0.1 s at two levels."""
    from gansynth_isa.data.clip_sets.loading import load_clips

    folder, generator = tmp_path_factory.mktemp("recorded"), np.random.default_rng(0)
    for label, level in (("loud", 0.5), ("quiet", 0.05)):
        (folder / label).mkdir()
        for index in range(3):
            noise = level * generator.uniform(-1.0, 1.0, 4410)
            soundfile.write(folder / label / f"{index}.wav", noise, 44100, subtype="FLOAT")
    data = dataclasses.replace(tiny_config.data, data_dir=str(folder), dataset_name="recorded")
    return TrainingData(load_clips(data, tiny_config.features), data, tiny_config.features)


@pytest.fixture(scope="session")
def settings_of(tiny_config, imported_dir):
    """Gives settings of a kind with which it trains in seconds."""

    def settings(kind):
        if kind.name == "gansynth":
            return GansynthConfig(tiny_config.network, tiny_config.training)
        tiny = {"wavegan": TINY_WAVEGAN, "specgan": TINY_SPECGAN, "diffusion": TINY_DIFFUSION}.get(kind.name)
        given = {"imported_dir": str(imported_dir)} if kind.name == "imported" else {}
        return kind.resolve_for(tiny or kind.config_class(**given), tiny_config.data, tiny_config.features)

    return settings


@pytest.fixture(scope="session")
def surroundings():
    """A console that nobody sees."""
    return Surroundings(Console(io.StringIO()), show_reports=False)


@pytest.fixture(scope="session")
def clips_of():
    """Gives clips of as many recordings per class, which differ as much as is asked for."""
    return _clips_of


def _clips_of(recordings_per_class, distance=1.0, seed=0, clips_per_recording=2):
    """Clips of shape (6, 4, 1); bin k of class k is louder by `distance`, and recordings differ a little."""
    generator, rows, labels, names = np.random.default_rng(seed), [], [], []
    for label, count in enumerate(recordings_per_class):
        for recording in range(count):
            level = generator.normal(0.0, 0.3, (1, 1, 4)) + distance * np.eye(4)[label]
            rows.append(level + generator.normal(0.0, 0.5, (clips_per_recording, 6, 4)))
            labels += [label] * clips_per_recording
            names += [f"{label}/{recording}.wav"] * clips_per_recording
    return ClipSet(
        spectrograms=np.concatenate(rows)[..., np.newaxis].astype(np.float32),
        labels=np.array(labels, np.int32),
        class_names=tuple("abcd"[: len(recordings_per_class)]),
        recordings=tuple(names),
        groups=tuple(names),
        splits=(None,) * len(names),
        digests={name: name for name in names},
    )
