"""A classifier and a GAN of seconds, in the folders that the commands write."""

import json
import shutil

import numpy as np
import pytest

from gansynth_isa.classifiers.folder import Sources, read_classifier, write_classifier
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError
from gansynth_isa.export.deployed import load_classifier
from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig, TrainingConfig
from gansynth_isa.generators.gansynth.resolution import resolve
from gansynth_isa.generators.gansynth.training.run import train_gan
from gansynth_isa.spectral.features import LogMel

SAMPLE_RATE, CLIP_SAMPLES = 8000, 800
DATA = DataConfig(dataset_name="tones", sample_rate=SAMPLE_RATE, clip_seconds=0.1, clip_overlap=0.5, min_clip_dbfs=-50)
FEATURES = FeatureConfig(fft_length=64, hop_length=16, mel_bins=16, frames=64)
CLASS_NAMES = ("high", "low")


def make_waveform(label: int, seconds: float, seed: int) -> np.ndarray:
    """A tone in noise, float32 (samples,): 2000 Hz for class 0, 400 Hz for class 1."""
    time_s = np.arange(int(SAMPLE_RATE * seconds)) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * (2000, 400)[label] * time_s)
    return (0.2 * tone + 0.1 * np.random.default_rng(seed).normal(size=len(time_s))).astype(np.float32)


def make_clips(count: int, seed: int, features: FeatureConfig = FEATURES) -> ClipSet:
    """Clips of both classes in turn, two to a file."""
    labels = np.arange(count) % 2
    waveforms = np.stack([make_waveform(label, 0.1, seed + index) for index, label in enumerate(labels)])
    spectrograms = LogMel(features.fft_length, features.hop_length, features.mel_bins, features.frames, SAMPLE_RATE)
    names = tuple(f"{CLASS_NAMES[label]}/{seed}-{index // 4}.wav" for index, label in enumerate(labels))
    digests = {name: f"{seed}{name}" for name in names}
    return ClipSet(
        spectrograms(waveforms).numpy(), labels.astype(np.int32), CLASS_NAMES, names, names, (None,) * count, digests
    )


@pytest.fixture(scope="session")
def waveform_of():
    """The function `make_waveform`."""
    return make_waveform


@pytest.fixture(scope="session")
def clips_of():
    """The function `make_clips`."""
    return make_clips


@pytest.fixture(scope="session")
def classifier_dir(tmp_path_factory):
    """Folder of a trained classifier; tests must not change it."""
    folder = tmp_path_factory.mktemp("classifier") / "C"
    config = ClassifierConfig(classifier_steps=40, classifier_batch_size=16)
    train, test = make_clips(24, 0), make_clips(40, 1000)
    trained = train_classifier(config, train, test, None)
    write_classifier(folder, trained, DATA, FEATURES, Sources.of(train, test, None))
    return folder


@pytest.fixture(scope="session")
def stored(classifier_dir):
    """The classifier of `classifier_dir`, read back."""
    return read_classifier(classifier_dir)


@pytest.fixture(scope="session")
def gan_dir(tmp_path_factory):
    """Folder of a finished GAN with a normaliser per mel bin, one of the bins constant; not to be changed."""
    folder = tmp_path_factory.mktemp("gan") / "R"
    features = FeatureConfig(
        fft_length=64, hop_length=16, mel_bins=16, frames=8, data_normalizer="specgrams_freq_normalizer"
    )
    clips = make_clips(8, 0, features)
    clips.spectrograms[:, :, 0] = -13.8155
    training = TrainingConfig(
        train_progressive=False,
        batch_size_schedule=(4,),
        stable_stage_num_images=8,
        moving_average_half_life_images=4.0,
    )
    network = NetworkConfig(latent_vector_size=5, fmap_max=4, num_resolutions=2)
    config = resolve(GanConfig(data=DATA, features=features, network=network, training=training))
    with (folder.parent / "output.txt").open("w") as output:
        train_gan(config, clips, folder, Console(output), show_reports=False)
    return folder


@pytest.fixture
def copied_classifier(classifier_dir, tmp_path):
    """A copy of the classifier's folder, to change."""
    shutil.copytree(classifier_dir, tmp_path / "C")
    return tmp_path / "C"


@pytest.fixture
def change_json():
    """Replaces values of a JSON object in a file."""

    def change(path, **changes):
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


@pytest.fixture
def refusal_of():
    """The one line by which the folder of a classifier is refused."""

    def ask(folder):
        with pytest.raises(InputError) as refusal:
            load_classifier(folder)
        assert "\n" not in str(refusal.value)
        return str(refusal.value)

    return ask
