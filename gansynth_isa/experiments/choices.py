"""Trials of the method that chooses: one choice per training subset, whose trials differ in their seeds.

The rows of its trials hold a choice, so that another process, or the same command later, does not make it again.
"""

import dataclasses
import tempfile
import time
from pathlib import Path

from gansynth_isa.choosing.candidates import candidates_of, kinds_of
from gansynth_isa.choosing.choice import Choice, Plan, choose, chosen_before, plan_choice, train_chosen
from gansynth_isa.choosing.supply import Supply
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import settings_of_candidates
from gansynth_isa.experiments.experiment import OpenExperiment
from gansynth_isa.experiments.folds import Fold
from gansynth_isa.experiments.rows.choices import is_choice
from gansynth_isa.experiments.rows.files import RESULTS_FILE, read_rows
from gansynth_isa.experiments.trials import Trial
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.methods import AUTO
from gansynth_isa.validation import known


class ChoiceSource:
    """Trains classifiers by what training clips choose; holds the last choice, which does not depend on the trial."""

    def __init__(self, experiment: OpenExperiment, console: Console):
        self._config, self._console = experiment.config, console
        self._results = experiment.output_dir / RESULTS_FILE
        self._current: tuple[tuple, ClassifierConfig, Choice] | None = None

    def train(self, trial: Trial, fold: Fold, subset: ClipSet) -> dict:
        """The result of one trial, its minutes those of the choice too where it was made for this trial.

        Returns:
          The result, and under `candidate_settings` what tells it from one whose candidates had other settings.

        Raises:
          InputError: candidates that do not exist, or whose kinds of generators have no settings; a row of this choice
            names what is no candidate.
        """
        started, place = time.monotonic(), known(trial.choice_place)
        if self._current is None or self._current[0] != place:
            self._current = None  # the clips of two choices may be more than fits
            self._current = (place, *self._choice_of(trial, fold, subset))
        _, config, choice = self._current
        config = dataclasses.replace(config, trial_seed=config.trial_seed + trial.trial)
        result = train_chosen(choice, config, subset, fold.test).result
        settings = settings_of_candidates(self._config)
        of_candidates = {name: settings[name] for name in (*kinds_of(candidates_of(config)), AUTO)}
        return {**result, "candidate_settings": of_candidates, "minutes": (time.monotonic() - started) / 60}

    def _choice_of(self, trial: Trial, fold: Fold, subset: ClipSet) -> tuple[ClassifierConfig, Choice]:
        config = self._config
        data = dataclasses.replace(
            config.data, clips_per_class=trial.level, subset_seed=trial.subset_seed, test_groups=fold.test_groups
        )
        training = TrainingData(subset, data, config.features)
        supply = Supply(training, config.generators, config.grid.samples_per_class, config.seeds.seed)
        plan = plan_choice(dataclasses.replace(config.classifier, method=trial.method), supply)
        with tempfile.TemporaryDirectory() as folder:
            return plan.config, self._choose(trial, plan, supply, Path(folder))

    def _choose(self, trial: Trial, plan: Plan, supply: Supply, folder: Path) -> Choice:
        place = f"fold {trial.fold}, level {trial.level}, subset {trial.subset_seed}"
        record = self._record_of(trial)
        if record is None:
            self._console.line(f"{place}: choosing")
            self._console.line(plan.text())
            return choose(plan, supply, folder, self._console)
        try:
            choice = chosen_before(record, plan, supply, folder, self._console)
        except InputError as error:
            raise InputError(f"{self._results}: {place}: {error}") from error
        self._console.line(f"{place}: auto takes {choice.candidate.name}, as the trials before this one")
        return choice

    def _record_of(self, trial: Trial) -> dict | None:
        """What a row of another trial of the same choice holds of it."""
        for row in read_rows(self._results):
            if Trial.from_row(row).choice_place == trial.choice_place and is_choice(row.get("choice")):
                return row["choice"]
        return None
