"""Does the tasks of an experiment, one after the other, in whichever process it is."""

import dataclasses
import time
import traceback
from collections.abc import Generator
from dataclasses import dataclass

from gansynth_isa.classifiers.budget import with_equal_steps
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.experiments.choices import ChoiceSource
from gansynth_isa.experiments.experiment import OpenExperiment
from gansynth_isa.experiments.folds import Fold
from gansynth_isa.experiments.generators import GeneratorSource
from gansynth_isa.experiments.pools import pool_in, subset_of
from gansynth_isa.experiments.schedule import Schedule, Task
from gansynth_isa.experiments.trials import GeneratorKey, Trial
from gansynth_isa.methods import method_named


@dataclass(frozen=True)
class Outcome:
    """What became of a task.

    Attributes:
      row: for `results.jsonl` or `gans.jsonl`; None where it failed, or where the generator was measured before.
      minutes: what a generator took to train, None where it was there before, or what a classifier took.
      failure: one line that says what went wrong, None where nothing did.
      details: the traceback of a failure.
      refusal: text of an `InputError`, which concerns all that is left: a full disk, a foreign folder.
    """

    row: dict | None = None
    minutes: float | None = None
    failure: str | None = None
    details: str = ""
    refusal: str | None = None


class Worker:
    """Trains generators and classifiers, and keeps what the next task can use: the clips of the last generator.

    It only reads the files of rows; writing them is left to the one who gets the outcomes.
    """

    num_at_once = 1

    def __init__(self, experiment: OpenExperiment, folds: dict[str, Fold], console: Console):
        self._experiment, self._config = experiment, experiment.config
        self._folds = folds
        self._generators = GeneratorSource(experiment, console)
        self._choices = ChoiceSource(experiment, console)
        self._current: tuple[GeneratorKey, SyntheticClips] | None = None

    def outcomes(self, schedule: Schedule) -> Generator[tuple[Task, Outcome], None, None]:
        """Does all tasks in this process; each must be noted in `schedule` before the next one is asked for."""
        while (task := schedule.next()) is not None:
            yield task, self.perform(task)

    def perform(self, task: Task) -> Outcome:
        """Does one task; only what asks to stop gets out as an exception."""
        try:
            return self._make_generator(task) if isinstance(task, GeneratorKey) else self._train(task)
        except UnfitClips as error:
            return Outcome(failure=str(error))
        except InputError as error:
            return Outcome(refusal=str(error))
        except Exception as error:
            return Outcome(failure=one_line(error), details=traceback.format_exc())

    def _make_generator(self, key: GeneratorKey) -> Outcome:
        started, was_trained = time.monotonic(), self._generators.is_trained(key)
        self._current = None  # the clips of two generators may be more than fits
        clips, row = self._generators.make(key, self._folds[key.fold], self._subset(key))
        self._current = (key, clips)
        return Outcome(row=row, minutes=None if was_trained else (time.monotonic() - started) / 60)

    def _train(self, trial: Trial) -> Outcome:
        subset, test = self._subset(trial), self._folds[trial.fold].test
        if method_named(trial.method).chooses:
            result = self._choices.train(trial, self._folds[trial.fold], subset)
            return Outcome(row=trial.row() | _without_configuration(result), minutes=result["minutes"])
        synthetic = None if trial.generator_key is None else self._synthetic(trial.generator_key, subset)
        num_synthetic = self._config.grid.samples_per_class * len(subset.class_names)
        config = with_equal_steps(self._classifier_config(trial), len(subset), num_synthetic)
        unlabelled = pool_in(self._folds[trial.fold], subset, config.unlabelled)
        result = train_classifier(config, subset, test, synthetic, unlabelled=unlabelled).result
        row = trial.row() | self._settings_of(trial) | _without_configuration(result)
        return Outcome(row=row, minutes=result["minutes"])

    def _settings_of(self, trial: Trial) -> dict:
        """What tells a generator from one of the same kind with other settings."""
        if trial.generator is None:
            return {}
        return {"generator_settings": self._experiment.generator_settings[trial.generator]}

    def _subset(self, task: Task) -> ClipSet:
        return subset_of(self._folds[task.fold], self._config.data, task.level, task.subset_seed)

    def _classifier_config(self, trial: Trial) -> ClassifierConfig:
        base = self._config.classifier
        return dataclasses.replace(base, method=trial.method, trial_seed=base.trial_seed + trial.trial)

    def _synthetic(self, key: GeneratorKey, subset: ClipSet) -> SyntheticClips:
        """The clips of generator `key`, of which only the last is held."""
        if self._current is None or self._current[0] != key:
            self._current = None
            self._current = (key, self._generators.read(key, self._folds[key.fold], subset))
        return self._current[1]


def one_line(error: Exception) -> str:
    """Kind and text of an exception, shortened."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__


def _without_configuration(result: dict) -> dict:
    """The classifier's result without what `grid.json` says for all rows."""
    return {name: value for name, value in result.items() if name != "configuration"}
