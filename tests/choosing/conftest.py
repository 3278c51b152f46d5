"""Clips of two classes, and a kind of generator that knows more about them than the clips do, or less."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.choosing.supply import Supply
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import UnfitClips
from gansynth_isa.generators import registry
from gansynth_isa.generators.base import GeneratorKind, TrainedGenerator, TrainingData
from gansynth_isa.generators.fitted import FittedDescription, fit_in_folder, fitted_arrays
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.validation import Decides, Validated, setting

CLASS_NAMES = ("brass", "steel")
SHAPE = (4, 16, 1)
OFFSET = 1.0


def drawn(labels, rng, offset=OFFSET):
    """Clips of noise; class 1 is louder in the upper half of the bins."""
    clips = rng.normal(-5.0, 1.0, (len(labels), *SHAPE)).astype(np.float32)
    clips[np.asarray(labels) == 1, :, 8:] += offset
    return clips


def clips_of(per_class, seed=0, groups_per_class=None):
    """`per_class` clips of each class, in recordings of one clip each unless there are fewer groups."""
    labels = np.repeat([0, 1], per_class).astype(np.int32)
    count = groups_per_class or per_class
    names = tuple(f"{CLASS_NAMES[label]}/{index % per_class % count}.wav" for index, label in enumerate(labels))
    digests = {name: f"{seed}{name}" for name in names}
    spectrograms = drawn(labels, np.random.default_rng(seed))
    return ClipSet(spectrograms, labels, CLASS_NAMES, names, names, (None,) * len(names), digests)


@dataclass(frozen=True)
class OracleConfig(Validated):
    """Clips of the classes as they are, not of the training clips."""

    oracle_offset: float = setting(OFFSET, "by how much class 1 is louder", Decides.TRAINING)
    oracle_min_clips: int = setting(2, "fewer training clips are refused", Decides.TRAINING)


@dataclass(frozen=True)
class OracleDescription(FittedDescription):
    kind = "oracle"
    config_class = OracleConfig
    noun = "an oracle"


class TrainedOracle(TrainedGenerator):
    def __init__(self, description, arrays):
        self.provenance = description.provenance(arrays_sha256(arrays), {})
        self._offset = description.config.oracle_offset

    def clips(self, labels, seed, first=0):
        each = [
            drawn([label], np.random.default_rng([seed, first + n]), self._offset) for n, label in enumerate(labels)
        ]
        return np.concatenate(each)

    def summary(self):
        return "An oracle"


class OracleKind(GeneratorKind):
    name, title, config_class = "oracle", "Oracle", OracleConfig

    def plan(self, config, features):
        return ["oracle"]

    def fit(self, config, training, seed, folder, surroundings):
        if len(training.clips) < config.oracle_min_clips:
            raise UnfitClips(f"oracle: expected {config.oracle_min_clips} clips, got {len(training.clips)}")
        arrays = {"counts": np.bincount(training.clips.labels)}
        description = OracleDescription.of(config, seed, training)
        fit_in_folder(description, folder, surroundings, lambda: (arrays, ["fitted"]))

    def load(self, folder, warn, for_export=False):
        return TrainedOracle(OracleDescription.in_folder(folder), fitted_arrays(Path(folder), warn))

    def class_names(self, folder):
        return OracleDescription.in_folder(folder).class_names


@pytest.fixture(scope="module", autouse=True)
def oracle():
    """The kind, registered while the tests of a module run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_registered", dict(registry._registered))
        registry.register(OracleKind())
        yield


@pytest.fixture(scope="session")
def make_clips():
    """Gives clips: how many per class, a seed, and how many recordings of each class."""
    return clips_of


@pytest.fixture(scope="session")
def oracle_settings():
    """The settings of the oracle."""
    return OracleConfig


@pytest.fixture
def supply_of():
    """Gives the supply of training clips, the oracle as it is told to be."""

    def make(clips, **settings):
        data, features = DataConfig(clip_seconds=0.05), FeatureConfig(mel_bins=16, frames=4)
        return Supply(TrainingData(clips, data, features), {"oracle": OracleConfig(**settings)}, 60, 0)

    return make


@pytest.fixture
def config():
    """A network of seconds: `augmented` against clips of the oracle, one trial of each in two rounds."""
    return ClassifierConfig(
        method="auto",
        classifier_steps=8,
        auto_default="augmented",
        auto_candidates=("augmented", "oracle"),
        auto_minutes=0.3,
        real_share=0.25,
    )


@pytest.fixture
def console():
    """A console and what it printed."""
    output = io.StringIO()
    return Console(output), output
