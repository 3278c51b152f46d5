"""Trials of the method that chooses: one choice per training subset, whose trials differ in their seeds."""

import dataclasses
import tempfile
import time
from pathlib import Path

from gansynth_isa.choosing.candidates import candidates_of, kinds_of
from gansynth_isa.choosing.choice import Choice, choose, plan_choice, train_chosen
from gansynth_isa.choosing.supply import Supply
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.experiments.config import ExperimentConfig, settings_of_candidates
from gansynth_isa.experiments.folds import Fold
from gansynth_isa.experiments.trials import Trial
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.methods import AUTO


class ChoiceSource:
    """Trains classifiers by what training clips choose; holds the last choice, which does not depend on the trial."""

    def __init__(self, config: ExperimentConfig, console: Console):
        self._config, self._console = config, console
        self._current: tuple[tuple, ClassifierConfig, Choice] | None = None

    def train(self, trial: Trial, fold: Fold, subset: ClipSet) -> dict:
        """The result of one trial, its minutes those of the choice too where it was made for this trial.

        Returns:
          The result, and under `candidate_settings` what tells it from one whose candidates had other settings.

        Raises:
          InputError: candidates that do not exist, or whose kinds of generators have no settings.
        """
        started, place = time.monotonic(), (trial.fold, trial.level, trial.subset_seed)
        if self._current is None or self._current[0] != place:
            self._current = None  # the clips of two choices may be more than fits
            self._console.line(f"fold {trial.fold}, level {trial.level}, subset {trial.subset_seed}: choosing")
            self._current = (place, *self._choose(trial, fold, subset))
        _, config, choice = self._current
        config = dataclasses.replace(config, trial_seed=config.trial_seed + trial.trial)
        result = train_chosen(choice, config, subset, fold.test).result
        settings = settings_of_candidates(self._config)
        of_candidates = {name: settings[name] for name in (*kinds_of(candidates_of(config)), AUTO)}
        return {**result, "candidate_settings": of_candidates, "minutes": (time.monotonic() - started) / 60}

    def _choose(self, trial: Trial, fold: Fold, subset: ClipSet) -> tuple[ClassifierConfig, Choice]:
        config = self._config
        data = dataclasses.replace(
            config.data, clips_per_class=trial.level, subset_seed=trial.subset_seed, test_groups=fold.test_groups
        )
        training = TrainingData(subset, data, config.features)
        supply = Supply(training, config.generators, config.grid.samples_per_class, config.seeds.seed)
        plan = plan_choice(dataclasses.replace(config.classifier, method=trial.method), supply)
        self._console.line(plan.text())
        with tempfile.TemporaryDirectory() as folder:
            return plan.config, choose(plan, supply, Path(folder), self._console)
