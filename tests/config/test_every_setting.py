"""A changed setting changes what it declares to decide, and nothing else."""

import dataclasses
import itertools
import json

import numpy as np
import pytest
import soundfile

from gansynth_isa.classifiers.folder import Sources, is_finished
from gansynth_isa.cli.options import CommandConfig, flag_groups
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GenerationConfig, GridConfig, SeedConfig
from gansynth_isa.config.classifier import used_by_choice
from gansynth_isa.config.identity import FREE_AMONG_WORKERS, changes, decided_by
from gansynth_isa.data.clip_sets.clip_reader import ClipReader
from gansynth_isa.data.clip_sets.feature_cache import cache_key
from gansynth_isa.data.clip_sets.pipeline import feature_batches
from gansynth_isa.data.clip_sets.subset import split_sides
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.data.recordings.finding import find_recordings
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import ExperimentConfig, experiment_ids, settings_id, settings_of_candidates
from gansynth_isa.experiments.experiment import open_experiment
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.copies.config import CopiesConfig
from gansynth_isa.generators.copies.trained import CopiesDescription
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.description import DiffusionDescription
from gansynth_isa.generators.events.config import EventsConfig
from gansynth_isa.generators.events.trained import EventsDescription
from gansynth_isa.generators.gansynth.config import GanConfig, GansynthConfig, NetworkConfig, TrainingConfig
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gaussian.config import GaussianConfig
from gansynth_isa.generators.gaussian.trained import GaussianDescription
from gansynth_isa.generators.imported.config import ImportedConfig
from gansynth_isa.generators.imported.trained import ImportedDescription
from gansynth_isa.generators.provenance import check_synthetic
from gansynth_isa.generators.registry import kinds
from gansynth_isa.generators.smote.config import SmoteConfig
from gansynth_isa.generators.smote.trained import SmoteDescription
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.specgan.trained import SpecganDescription
from gansynth_isa.generators.transfer.config import TransferConfig
from gansynth_isa.generators.transfer.trained import TransferDescription
from gansynth_isa.generators.wavegan.config import WaveganConfig
from gansynth_isa.generators.wavegan.trained import WaveganDescription
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.spectral.normalizers import Normalizer
from gansynth_isa.spectral.transform import make_transform
from gansynth_isa.validation import Decides, to_dict

# What a changed setting changes, by what it decides: entries of the feature cache, whether synthetic clips fit, and
# whether a folder holds the same run (for another worker too), classifier or experiment.
TRAINED = {"run", "worker", "classifier", "experiment"}
EFFECTS = {
    Decides.CLIPS: {"cache", "synthetic", *TRAINED},
    Decides.BAD_FILES: {"cache"},
    Decides.RECORDINGS: TRAINED,
    Decides.SPLIT: TRAINED,
    Decides.CELL: TRAINED - {"experiment"},
    Decides.GRID: TRAINED - {"experiment"},
    Decides.TRAINING: TRAINED,
    Decides.MACHINE: TRAINED - {"worker"},
    Decides.REPORTS: {"classifier", "experiment"},
    Decides.NAME: {"classifier"},
    Decides.PLACE: set(),
    Decides.OUTPUT: set(),
    Decides.SPEED: set(),
}
# What is asked of whom: a group that is not in it cannot change it.
OF_DATA = {"cache", "synthetic", *TRAINED}
# Settings of kinds other than the progressive GAN, and what their folders say.
FITTED = {
    GaussianConfig: GaussianDescription,
    TransferConfig: TransferDescription,
    SmoteConfig: SmoteDescription,
    EventsConfig: EventsDescription,
    CopiesConfig: CopiesDescription,
    ImportedConfig: ImportedDescription,
    DiffusionConfig: DiffusionDescription,
    WaveganConfig: WaveganDescription,
    SpecganConfig: SpecganDescription,
}
OF_GANSYNTH = {"run", "worker", "experiment"}
ASKED = {
    DataConfig: OF_DATA,
    FeatureConfig: OF_DATA,
    SeedConfig: OF_GANSYNTH,
    NetworkConfig: OF_GANSYNTH,
    TrainingConfig: OF_GANSYNTH,
    **{group: {"run", "experiment"} for group in FITTED},
    ClassifierConfig: {"classifier", "experiment"},
    GridConfig: {"experiment"},
    GenerationConfig: {"experiment"},
}
GROUPS = flag_groups()
KINDS = set(kinds())
BASE = {group: group() for group in GROUPS} | {
    DataConfig: DataConfig(sample_rate=8000, clip_seconds=0.1),
    FeatureConfig: FeatureConfig(fft_length=128, hop_length=64, mel_bins=64, frames=16),
}
# Settings that the method alone takes that chooses.
CHOOSING = {ClassifierConfig: ClassifierConfig(method="auto"), GridConfig: GridConfig(methods=("baseline", "auto"))}


def settings_of(groups):
    """(group, setting) of all settings, but for those with a single legal value."""
    return [
        pytest.param(group, item, id=f"{group.__name__}.{item.name}")
        for group in groups
        for item in dataclasses.fields(group)
        if len(item.metadata.get("choices", "ab")) > 1
    ]


def other_value(config, item):
    """A configuration in which this one setting has another legal value."""
    value = getattr(config, item.name)
    number = 0 if value is None or not isinstance(value, int | float) else value
    entries = value if isinstance(value, tuple) else ()
    candidates = itertools.chain(
        item.metadata.get("choices", ()),
        (True, False),
        (number + 1, number * 2, 7, 16000),
        (number / 2, number + 0.25, -20.0),
        ("other", "0"),
        ((*entries, "a:1"), (*entries, 7), (*entries, "other"), entries[:-1]),
    )
    for candidate in candidates:
        try:
            changed = dataclasses.replace(config, **{item.name: candidate})
        except InputError:
            continue
        if getattr(changed, item.name) != value:
            return changed
    raise AssertionError(f"{item.name}: found no other legal value than {value!r}")


def with_other(parts, group, item):
    """All groups with another value of this setting, as its flag sets it: in every group that has it."""
    value = getattr(other_value(parts[group], item), item.name)
    sharers = [other for other in ASKED if other is group or item.name in other.__dataclass_fields__]
    return parts | {other: dataclasses.replace(parts[other], **{item.name: value}) for other in sharers}


def is_refused(check, *arguments) -> bool:
    try:
        check(*arguments)
    except InputError:
        return True
    return False


def gan_of(parts) -> GanConfig:
    return GanConfig(parts[DataConfig], parts[FeatureConfig], parts[NetworkConfig], parts[TrainingConfig])


def descriptions_of(parts, clips) -> dict:
    """{kind: what the folder of its training says}."""
    normalizer = Normalizer(np.ones(1), np.zeros(1), np.zeros(1))
    training = TrainingData(clips, parts[DataConfig], parts[FeatureConfig])
    return {
        "gansynth": RunDescription(gan_of(parts), clips.class_names, (1, 1), clips.fingerprint(), normalizer, 1),
        **{of.kind: of.of(parts[group], parts[SeedConfig].seed, training) for group, of in FITTED.items()},
    }


def differing_runs(old, new, clips, folder) -> set[str]:
    """The kinds whose folders refuse to go on with the new settings."""
    before, after = descriptions_of(old, clips), descriptions_of(new, clips)
    found = set()
    for kind, description in before.items():
        run = RunFolder(folder / kind)
        run.open(description)
        if is_refused(run.check, after[kind]):
            found.add(kind)
    return found


def kinds_asked(group) -> set[str]:
    """The kinds of generators that a group of settings belongs to."""
    own = {NetworkConfig: {"gansynth"}, TrainingConfig: {"gansynth"}}
    own |= {fitted: {description.kind} for fitted, description in FITTED.items()}
    return own.get(group, KINDS if "run" in ASKED[group] else set())


def classifier_differs(old, new, folder) -> bool:
    sources = Sources("a", "b", ("x.wav",), None)
    parts = {"configuration": ClassifierConfig, "data": DataConfig, "features": FeatureConfig}
    result = {name: to_dict(old[group]) for name, group in parts.items()}
    (folder / "result.json").write_text(json.dumps({**result, "sources": dataclasses.asdict(sources)}))
    return is_refused(is_finished, folder, *(new[group] for group in parts.values()), sources)


def experiment_of(parts) -> ExperimentConfig:
    generators = {
        "gansynth": GansynthConfig(parts[NetworkConfig], parts[TrainingConfig]),
        **{description.kind: parts[group] for group, description in FITTED.items()},
    }
    own = (parts[DataConfig], parts[FeatureConfig], generators, parts[ClassifierConfig], parts[GridConfig])
    return ExperimentConfig(*own, parts[SeedConfig], parts[GenerationConfig])


def names_in_rows(config, clips) -> list[str]:
    """What rows bear of their experiment and of the settings of their generators."""
    settings = [settings_id(kind, own) for kind, own in config.generators.items()]
    choice = [settings_of_candidates(config)["auto"]] if config.grid.chooses else []
    return [experiment_ids(config, clips)[0], *settings, *choice]


def experiment_differs(old, new, clips, folder) -> bool:
    before, after = experiment_of(old), experiment_of(new)
    open_experiment(before, clips, folder / "experiment")
    differs = is_refused(open_experiment, after, clips, folder / "experiment")
    assert differs == (names_in_rows(before, clips) != names_in_rows(after, clips))
    return differs


def synthetic_differs(old, new, clips) -> bool:
    train, test = split_sides(clips, ("1",))
    metadata = {"configuration": to_dict(gan_of(old)), "data": train.fingerprint()}
    synthetic = SyntheticClips(train.spectrograms, train.labels, train.class_names, metadata)
    return is_refused(check_synthetic, synthetic, train, test, new[DataConfig], new[FeatureConfig])


def test_every_decision_and_every_group_of_settings_is_tried_here():
    assert set(EFFECTS) == set(Decides)
    assert set(GROUPS) == {CommandConfig, *ASKED}
    assert {kind for group in ASKED for kind in kinds_asked(group)} == KINDS


@pytest.mark.parametrize(("group", "item"), settings_of(ASKED))
def test_changed_setting_changes_what_it_declares_and_nothing_else(group, item, clips, tmp_path):
    base = BASE | CHOOSING if group is ClassifierConfig and item.name in used_by_choice() else BASE
    changed = with_other(base, group, item)
    digests = {"a.wav": "1"}
    keys = {cache_key(parts[DataConfig], parts[FeatureConfig], digests) for parts in (base, changed)}
    runs = differing_runs(base, changed, clips, tmp_path)
    found = {
        "cache": len(keys) == 2,
        "synthetic": synthetic_differs(base, changed, clips),
        "run": bool(runs),
        "worker": bool(changes(gan_of(base), gan_of(changed), FREE_AMONG_WORKERS)),
        "classifier": classifier_differs(base, changed, tmp_path),
        "experiment": experiment_differs(base, changed, clips, tmp_path),
    }
    declared = set().union(*(EFFECTS[one] for one in decided_by(item)))
    assert {name for name, differs in found.items() if differs} == declared & ASKED[group]
    assert not runs or group is TrainingConfig or runs == kinds_asked(group)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """A folder of two stereo recordings at 8 kHz, a quarter of a second each."""
    folder = tmp_path_factory.mktemp("recordings")
    for number, label in enumerate("ab"):
        (folder / label).mkdir()
        samples = np.random.default_rng(number).normal(0.0, 0.05, (2000, 2))
        soundfile.write(folder / label / "x.wav", samples, 8000)
    return folder


def features_of(data: DataConfig, features: FeatureConfig, found) -> dict[str, bytes]:
    """{id of a clip: shape and bytes of its features}."""
    reader = ClipReader(data, found.recordings)
    batches = feature_batches(reader.waveforms(), make_transform(features, data.sample_rate), 8)
    arrays = [array for batch in batches for array in batch]
    return {name: (array.shape, array.tobytes()) for (_, name), array in zip(reader.clips, arrays, strict=True)}


@pytest.mark.parametrize(("group", "item"), settings_of((DataConfig, FeatureConfig)))
def test_setting_decides_clips_where_features_of_the_same_recordings_are_others(group, item, recordings):
    base = BASE | {DataConfig: dataclasses.replace(BASE[DataConfig], data_dir=str(recordings))}
    changed = base | {group: other_value(base[group], item)}
    same_place = dataclasses.replace(changed[DataConfig], data_dir=str(recordings))  # the same recordings, moved
    found = find_recordings(base[DataConfig])
    before = features_of(base[DataConfig], base[FeatureConfig], found)
    after = features_of(same_place, changed[FeatureConfig], found)
    assert len(before) == 4
    assert (before != after) == bool(decided_by(item) & Decides.CLIPS)
