"""Clips to a classifier by the method that training clips choose."""

import contextlib
import dataclasses
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gansynth_isa.api.classifiers import load_classifier
from gansynth_isa.api.clips import SplitClips
from gansynth_isa.api.starting import Report, ReportingConsole, check_type, start, without_advice
from gansynth_isa.choosing.candidates import candidates_of, kinds_of
from gansynth_isa.config import ClassifierConfig, GridConfig, SeedConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.export.recording_classifier import RecordingClassifier
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.registry import kind_named

if TYPE_CHECKING:
    from gansynth_isa.choosing.supply import Supply
    from gansynth_isa.classifiers.training import TrainedClassifier


def choose_classifier(
    clips: SplitClips,
    settings: ClassifierConfig = ClassifierConfig(),  # noqa: B008 (frozen)
    generators: Mapping[str, Any] | None = None,
    samples_per_class: int = GridConfig.samples_per_class,
    seed: int = SeedConfig.seed,
    folder: Path | str | None = None,
    report: Report | None = None,
) -> RecordingClassifier:
    """Chooses among methods by the training clips alone, trains by what it took, and tests.

    Args:
      clips: see `load_clips`; the test side has no part in the choice.
      settings: candidates, minutes, network, steps, seed; their method is taken to be 'auto'.
      generators: kind -> its settings, for kinds that candidates name; those of others are their defaults.
      samples_per_class: synthetic clips of each class.
      seed: of generators and their clips.
      folder: where the classifier is kept, as by `gansynth_isa_classify --method=auto`; a finished one is read instead
        of trained again. None keeps nothing.
      report: is given the lines that the command prints: the table of candidates, and what was taken and why; None:
        they are not shown. `result['choice']` of the classifier has them too.

    Raises:
      InputError: candidates that do not exist or go together, settings of another kind, or a folder that holds another
        classifier or cannot be written.
      TrainingDiverged: a loss is no longer finite; for a classifier a FloatingPointError too.
    """
    check_type("clips", clips, SplitClips)
    check_type("settings", settings, ClassifierConfig)
    samples_per_class = GridConfig(samples_per_class=samples_per_class).samples_per_class
    config = dataclasses.replace(settings, method="auto")
    own = _settings_of_kinds(config, generators or {}, clips)
    start()
    from gansynth_isa.choosing.supply import Supply

    training = TrainingData(clips.train, clips.data, clips.features)
    supply = Supply(training, own, samples_per_class, SeedConfig(seed=seed).seed)
    with without_advice(), contextlib.closing(ReportingConsole(report)) as console:
        if folder is not None:
            return _chosen_in_folder(Path(folder), config, supply, clips.test, console)
        trained = _chosen(config, supply, clips.test, console)
    return RecordingClassifier(
        trained.class_names, clips.data, clips.features, trained.probabilities, dict(trained.result)
    )


def _settings_of_kinds(config: ClassifierConfig, given: Mapping[str, Any], clips: SplitClips) -> dict[str, Any]:
    found = {}
    for name in kinds_of(candidates_of(config)):
        kind = kind_named(name)
        settings = given.get(name, kind.config_class())
        check_type(f"generators: {name}", settings, kind.config_class)
        found[name] = kind.resolve_for(settings, clips.data, clips.features)
    return found


def _chosen(config: ClassifierConfig, supply: "Supply", test: ClipSet, console: Console) -> "TrainedClassifier":
    from gansynth_isa.choosing.choice import choose, plan_choice, train_chosen

    plan = plan_choice(config, supply)
    console.line(plan.text())
    with tempfile.TemporaryDirectory() as place:
        choice = choose(plan, supply, Path(place), console)
    return train_chosen(choice, plan.config, supply.clips, test)


def _chosen_in_folder(
    folder: Path, config: ClassifierConfig, supply: "Supply", test: ClipSet, console: Console
) -> RecordingClassifier:
    from gansynth_isa.choosing.choice import plan_choice
    from gansynth_isa.choosing.folder import is_chosen, train_in_folder
    from gansynth_isa.runs.folder_lock import locked

    plan = plan_choice(config, supply)
    if not is_chosen(folder, plan, supply, test):
        console.line(plan.text())
        with locked(folder):
            train_in_folder(folder, plan, supply, test, console)
    return load_classifier(folder)
