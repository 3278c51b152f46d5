"""Runs the grid of an experiment; finished trials are never repeated, and a failed one does not end the others."""

import dataclasses
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from gansynth_isa.config import ClassifierConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_set import ClipSet
from gansynth_isa.data.subset import choose_subset
from gansynth_isa.data.synthetic import SyntheticClips
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.experiment import ExperimentConfig, OpenExperiment, open_experiment
from gansynth_isa.experiments.folds import Fold, make_folds
from gansynth_isa.experiments.gans import GanSource
from gansynth_isa.experiments.rows import RESULTS_FILE, read_rows
from gansynth_isa.experiments.timing import TimeLeft
from gansynth_isa.experiments.trials import GanKey, Trial, all_trials, decides_per_file
from gansynth_isa.training.budget import with_equal_steps
from gansynth_isa.training.classifier import train_classifier


def check_experiment(
    config: ExperimentConfig, clips: ClipSet, output_dir: Path
) -> tuple[OpenExperiment, dict[str, Fold]]:
    """Checks the grid against the data and the folder; returns the experiment in its folder, and the folds.

    Raises:
      InputError: the grid does not fit the data, or the folder holds another experiment.
    """
    folds = make_folds(clips, config.gan.data, config.grid)
    return open_experiment(config, clips, output_dir), folds


def run_experiment(experiment: OpenExperiment, folds: dict[str, Fold], console: Console) -> int:
    """Trains every classifier of the grid that `results.jsonl` does not hold yet, and the GANs they need.

    Args:
      experiment: from `check_experiment`; its folder takes `results.jsonl`, `gans.jsonl`, `gans/` and `synthetic/`.
      folds: from `check_experiment`.
      console: where progress is shown.

    Returns:
      The number of trials that failed.
    """
    done = {Trial.from_row(row) for row in read_rows(experiment.output_dir / RESULTS_FILE)}
    trials = all_trials(experiment.config.grid, tuple(folds))
    left = [trial for trial in trials if trial not in done]
    console.line(f"{len(trials)} classifiers, {len(trials) - len(left)} of them trained before")
    runner = _Runner(experiment, folds, console)
    with console.progress(len(trials), "experiment") as progress:
        progress.update(len(trials) - len(left))
        for index, trial in enumerate(left):
            runner.run(trial, left[index + 1 :], f"[{len(trials) - len(left) + index + 1}/{len(trials)}]")
            progress.update()
    runner.show_failures()
    return len(runner.failures)


class _Runner:
    """Trains one trial after the other and keeps what the next one can use."""

    def __init__(self, experiment: OpenExperiment, folds: dict[str, Fold], console: Console):
        self._experiment = experiment
        self._config = experiment.config
        self._folds = folds
        self._console = console
        self._gans = GanSource(experiment, console)
        self._time_left = TimeLeft()
        self._current: tuple[GanKey, SyntheticClips] | None = None
        self._failed_gans: dict[GanKey, Exception] = {}
        self.failures: list[str] = []

    def run(self, trial: Trial, rest: Sequence[Trial], position: str) -> None:
        """Trains the classifier of `trial` and appends its row; a failure is shown and counted."""
        try:
            row = self._train(trial)
        except InputError:
            raise  # a full disk or a foreign folder concerns all that is left
        except Exception as error:
            self._console.log(traceback.format_exc())
            self._console.line(f"{position} {trial.name}: FAILED: {_one_line(error)}")
            self.failures.append(f"{trial.name}: {_one_line(error)}")
            return
        self._experiment.append(RESULTS_FILE, row)
        self._time_left.add_classifier(row["minutes"])
        time_left = self._time_left.text(self._num_gans(rest), len(rest))
        self._console.line(f"{position} {trial.name}: accuracy {row['accuracy']:.3f} ({time_left})")

    def show_failures(self) -> None:
        """Prints how many trials failed, and the first of them."""
        if self.failures:
            self._console.line(
                f"{len(self.failures)} classifiers FAILED, the first one: {self.failures[0]}; "
                "the same command again tries these only"
            )

    def _train(self, trial: Trial) -> dict:
        fold = self._folds[trial.fold]
        clips_per_file = self._config.gan.data.clips_per_file
        subset = choose_subset(fold.train, trial.level, trial.subset_seed, clips_per_file)
        synthetic = None if trial.gan_key is None else self._synthetic(trial.gan_key, fold, subset)
        data = self._config.gan.data
        num_synthetic = self._config.grid.samples_per_class * len(subset.class_names)
        config = with_equal_steps(self._classifier_config(trial), len(subset), num_synthetic)
        result = train_classifier(config, subset, fold.test, synthetic, decide_per_file=decides_per_file(data)).result
        return {**trial.row(), **_without_configuration(result)}

    def _classifier_config(self, trial: Trial) -> ClassifierConfig:
        base = self._config.classifier
        return dataclasses.replace(base, method=trial.method, trial_seed=base.trial_seed + trial.trial)

    def _synthetic(self, key: GanKey, fold: Fold, subset: ClipSet) -> SyntheticClips:
        """The clips of GAN `key`; only those of the last GAN are held, and a failed GAN is not tried again."""
        if key in self._failed_gans:
            raise RuntimeError(f"its GAN failed: {_one_line(self._failed_gans[key])}")
        if self._current is None or self._current[0] != key:
            self._current = None
            started, was_trained = time.monotonic(), self._gans.is_trained(key)
            try:
                self._current = (key, self._gans.clips(key, fold, subset))
            except Exception as error:
                self._failed_gans[key] = error
                raise
            if not was_trained:
                self._time_left.add_gan((time.monotonic() - started) / 60)
        return self._current[1]

    def _num_gans(self, trials: Sequence[Trial]) -> int:
        keys = {trial.gan_key for trial in trials if trial.gan_key is not None} - set(self._failed_gans)
        if self._current is not None:
            keys.discard(self._current[0])
        return sum(not self._gans.is_trained(key) for key in keys)


def _without_configuration(result: dict) -> dict:
    """The classifier's result without what `experiment.json` says for all rows."""
    return {name: value for name, value in result.items() if name != "configuration"}


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__
