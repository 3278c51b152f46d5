"""Runs the grid of an experiment; finished trials are never repeated, and a failed one does not end the others."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import ExperimentConfig
from gansynth_isa.experiments.experiment import OpenExperiment, open_experiment
from gansynth_isa.experiments.folds import Fold, make_folds
from gansynth_isa.experiments.generators import trained_generators
from gansynth_isa.experiments.rows.files import GANS_FILE, RESULTS_FILE, read_rows
from gansynth_isa.experiments.schedule import Schedule, Task
from gansynth_isa.experiments.timing import TimeLeft
from gansynth_isa.experiments.trials import GeneratorKey, Trial, all_trials
from gansynth_isa.experiments.workers.worker import Outcome
from gansynth_isa.validation import known


class Workers(Protocol):
    """Whoever does the tasks: this process, several processes, or a cluster."""

    num_at_once: int

    def outcomes(self, schedule: Schedule) -> Generator[tuple[Task, Outcome], None, None]:
        """Does all tasks of `schedule`; each outcome is noted there before the next one is asked for."""


def check_experiment(
    config: ExperimentConfig, clips: ClipSet, output_dir: Path
) -> tuple[OpenExperiment, dict[str, Fold]]:
    """Checks the grid against the data and the folder; returns the experiment in its folder, and the folds.

    Raises:
      InputError: the grid does not fit the data, or the folder holds another experiment.
    """
    folds = make_folds(clips, config.data, config.grid)
    return open_experiment(config, clips, output_dir), folds


def run_experiment(experiment: OpenExperiment, folds: dict[str, Fold], workers: Workers, console: Console) -> int:
    """Trains every classifier of the grid that `results.jsonl` does not hold yet, and the generators they need.

    Args:
      experiment: from `check_experiment`; its folder takes `results.jsonl`, `gans.jsonl`, `gans/` and `synthetic/`.
      folds: from `check_experiment`.
      workers: who does it; all rows are written here.
      console: where progress is shown.

    Returns:
      The number of trials that failed.

    Raises:
      InputError: a folder is full or foreign, which concerns all that is left.
    """
    done = {Trial.from_row(row) for row in read_rows(experiment.output_dir / RESULTS_FILE)}
    trials = all_trials(experiment.config.grid, tuple(folds))
    left = [trial for trial in trials if trial not in done]
    console.line(f"{len(trials)} classifiers, {len(trials) - len(left)} of them trained before")
    schedule = Schedule(left, done)
    books = _Books(experiment, schedule, TimeLeft(workers.num_at_once), len(trials), console)
    with console.progress(len(trials), "experiment") as progress, closing(workers.outcomes(schedule)) as outcomes:
        progress.update(len(trials) - len(left))
        for task, outcome in outcomes:
            progress.update(books.note(task, outcome))
    books.show_failures()
    return len(books.failures)


class _Books:
    """Writes the rows, shows what became of each task, and counts the failures."""

    def __init__(
        self, experiment: OpenExperiment, schedule: Schedule, time_left: TimeLeft, num_trials: int, console: Console
    ):
        self._experiment, self._schedule = experiment, schedule
        self._time_left, self._num_trials, self._console = time_left, num_trials, console
        self._trained_before = trained_generators(experiment.output_dir)
        self.failures: list[str] = []

    def note(self, task: Task, outcome: Outcome) -> int:
        """Returns how many trials have ended with it."""
        if outcome.refusal is not None:
            raise InputError(outcome.refusal)
        if outcome.failure is not None:
            return self._fail(task, outcome)
        is_generator = isinstance(task, GeneratorKey)
        if outcome.row is not None:
            self._experiment.append(GANS_FILE if is_generator else RESULTS_FILE, outcome.row)
        if outcome.minutes is not None:
            (self._time_left.add_generator if is_generator else self._time_left.add_classifier)(outcome.minutes)
        self._schedule.finish(task)
        if isinstance(task, Trial):
            num_generators = len(set(self._schedule.generators_left()) - self._trained_before)
            time_left = self._time_left.text(num_generators, self._schedule.num_trials_left())
            self._show(task, f"accuracy {known(outcome.row)['accuracy']:.3f} ({time_left})")
        return int(not is_generator)

    def show_failures(self) -> None:
        """Prints how many trials failed, and the first of them."""
        if self.failures:
            self._console.line(
                f"{len(self.failures)} classifiers FAILED, the first one: {self.failures[0]}; "
                "the same command again tries these only"
            )

    def _fail(self, task: Task, outcome: Outcome) -> int:
        """A failed generator fails its trials."""
        self._console.log(outcome.details)
        failed, reason = self._schedule.fail(task), outcome.failure
        if isinstance(task, GeneratorKey):
            self._console.line(f"{task.name}: FAILED: {reason}")
            reason = f"its generator failed: {reason}"
        for number, trial in enumerate(failed):
            self._show(trial, f"FAILED: {reason}", len(failed) - 1 - number)
            self.failures.append(f"{trial.name}: {reason}")
        return len(failed)

    def _show(self, trial: Trial, text: str, num_to_come: int = 0) -> None:
        position = self._num_trials - self._schedule.num_trials_left() - num_to_come
        self._console.line(f"[{position}/{self._num_trials}] {trial.name}: {text}")
