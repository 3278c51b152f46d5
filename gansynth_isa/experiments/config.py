"""What decides the outcome of an experiment, its JSON form, and the names that rows bear."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from gansynth_isa.choosing.named_settings import filled_in
from gansynth_isa.choosing.sound import rule
from gansynth_isa.classifiers.former_settings import as_hashed, completed
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GenerationConfig, GridConfig, SeedConfig
from gansynth_isa.config.classifier import BY_SOUND, unused_settings, used_by_choice, used_by_lda
from gansynth_isa.config.identity import FREE_IN_EXPERIMENT, changes, without
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError
from gansynth_isa.generators.registry import DEFAULT_KIND, kind_named
from gansynth_isa.methods import AUTO
from gansynth_isa.validation import differences, from_dict, to_dict

ID_LENGTH = 12  # hexadecimal digits


@dataclass(frozen=True)
class ExperimentConfig:
    """All that decides the outcome of an experiment, nothing left open.

    Attributes:
      data: which recordings, and how they are cut.
      features: how clips become spectrograms.
      generators: kind -> its settings; empty for a grid of methods that use real clips alone.
      classifier: how classifiers are trained.
      grid: which cells there are.
      seeds: of weights, latents and data order.
      generation: what becomes of synthetic clips before they are used.
    """

    data: DataConfig = field(default_factory=DataConfig)
    features: FeatureConfig = field(default_factory=FeatureConfig)
    generators: Mapping[str, Any] = field(default_factory=dict)
    classifier: ClassifierConfig = field(default_factory=ClassifierConfig)
    grid: GridConfig = field(default_factory=GridConfig)
    seeds: SeedConfig = field(default_factory=SeedConfig)
    generation: GenerationConfig = field(default_factory=GenerationConfig)

    def to_dict(self) -> dict:
        """Ready for JSON."""
        return to_dict(self)

    @classmethod
    def from_dict(cls, values: dict) -> "ExperimentConfig":
        """The configuration that `to_dict` gave, now or when the progressive GAN was the only kind.

        Raises:
          InputError: a name or kind that is not known, or a value that is not allowed.
        """
        if "gan" in values:
            values = _of_one_kind(values)
        generators: dict[str, Any] = {
            name: from_dict(kind_named(name, "generators").config_class, settings)
            for name, settings in values.get("generators", {}).items()
        }
        groups = {name: group for name, group in get_type_hints(cls).items() if name != "generators"}
        unknown = sorted(values.keys() - groups.keys() - {"generators"})
        if unknown:
            raise InputError(f"{unknown[0]}: no such group of settings")
        dataset = values.get("data", {}).get("dataset", DataConfig.dataset)
        values = {**values, "classifier": completed(values.get("classifier", {}), dataset)}
        made: dict[str, Any] = {
            name: from_dict(group, values[name]) for name, group in groups.items() if name in values
        }
        return cls(generators=generators, **made)


def _of_one_kind(values: dict) -> dict:
    """The present form of a configuration whose data and features belonged to the progressive GAN."""
    gan = values["gan"]
    return {
        "data": gan["data"],
        "features": gan["features"],
        "generators": {DEFAULT_KIND: {"network": gan["network"], "training": gan["training"]}},
        "classifier": values["classifier"],
        "grid": values["grid"],
        "seeds": {"seed": gan["training"].get("seed", SeedConfig.seed)},
    }


def refused_changes(old: ExperimentConfig, new: ExperimentConfig) -> list[str]:
    """One line for every setting in which two configurations differ and must not within one folder.

    More levels, methods, kinds of generators, subsets, repeats or trials may be added to a folder later, and the
    recordings may have moved. Settings that no method of either uses may differ.
    """
    unused = frozenset.intersection(*(unused_settings(name) for name in {*old.grid.methods, *new.grid.methods}))
    if not (old.grid.chooses and new.grid.chooses):
        unused |= used_by_choice()
    used = {name: getattr(old.classifier, name) for name in unused}
    new = dataclasses.replace(new, classifier=dataclasses.replace(new.classifier, **used))
    both = old.generators.keys() & new.generators.keys()
    before, after = (
        dataclasses.replace(config, generators={name: config.generators[name] for name in sorted(both)})
        for config in (old, new)
    )
    return changes(before, after, FREE_IN_EXPERIMENT)


def experiment_ids(config: ExperimentConfig, clips: ClipSet) -> tuple[str, ...]:
    """The names that rows of this experiment may bear, its own first; by them rows alone can be carried elsewhere.

    Made of the data and of the settings that are not those of a reference: a new setting changes no old experiment.
    Settings of the progressive GAN are in the name where it is one of the kinds; other kinds may come and go, and their
    rows have `generator_settings`.
    """
    gansynth = {name: settings for name, settings in config.generators.items() if name == DEFAULT_KIND}
    each = tuple(dataclasses.replace(config, generators=generators) for generators in (gansynth, {}))
    names = [_name(_without_choice(which), clips) for which in each]
    former = [_name(which, clips) for which in each]  # when what a choice weighs was a part of the name of all rows
    return tuple(dict.fromkeys([*names, *former]))


def lda_id(config: ExperimentConfig, clips: ClipSet) -> str:
    """The name that rows of linear discriminant analysis bear: of the data and of the settings that it uses."""
    used = {name: getattr(config.classifier, name) for name in used_by_lda()}
    classifier = dataclasses.replace(_reference().classifier, **used)
    return _name(
        dataclasses.replace(config, generators={}, classifier=classifier, generation=GenerationConfig()), clips
    )


def _without_choice(config: ExperimentConfig) -> ExperimentConfig:
    """What the method that chooses weighs is told by its own rows, see `settings_of_candidates`."""
    reference = _reference().classifier
    choice = {name: getattr(reference, name) for name in used_by_choice()}
    return dataclasses.replace(config, classifier=dataclasses.replace(config.classifier, **choice))


def _name(config: ExperimentConfig, clips: ClipSet) -> str:
    changed = differences(_reference(), without(config, FREE_IN_EXPERIMENT))
    settings = as_hashed(changed, config.classifier, config.data.dataset)
    return _digest([settings, clips.fingerprint()["sha256"]])


def _reference() -> ExperimentConfig:
    """What settings are told from: never changed, so that published results keep their names."""
    return ExperimentConfig(
        generators={DEFAULT_KIND: kind_named(DEFAULT_KIND).config_class()},
        classifier=ClassifierConfig(classifier_steps=600),
    )


def settings_id(kind: str, config: Any) -> str:
    """What rows of a generator bear: it tells the settings of its kind that are no defaults."""
    default = kind_named(kind).config_class()
    return _digest(differences(without(default, FREE_IN_EXPERIMENT), without(config, FREE_IN_EXPERIMENT)))


def settings_of_candidates(config: ExperimentConfig) -> dict[str, str]:
    """What rows of the method that chooses bear: what tells the settings of each kind, and those of the choice itself.

    Settings of a kind are as a choice fills in those left open. What is weighed, and for how long, stands under `AUTO`.
    """
    kinds = {kind: settings_id(kind, filled_in(kind, own)) for kind, own in config.generators.items()}
    own = [getattr(config.classifier, name) for name in sorted(used_by_choice())]
    return {**kinds, AUTO: _digest([*own, rule()] if config.classifier.auto_default == BY_SOUND else own)}


def _digest(values: list) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:ID_LENGTH]
