"""Which tasks of an experiment can be done next: generators, and the classifiers that wait for theirs.

Trials of one choice wait for the first of them, which makes it, so that it is not made twice.
"""

from collections.abc import Iterable, Sequence

from gansynth_isa.experiments.trials import GeneratorKey, Trial

Task = GeneratorKey | Trial


class Schedule:
    """The tasks that are left, in order; a generator stands before the first of its trials.

    Args:
      trials: classifiers to train. Every generator that one of them needs is a task too, also one that was trained
        before: whether its clips are still there is looked at when its turn comes.
      done: classifiers that were trained before; their choices are made.
    """

    def __init__(self, trials: Sequence[Trial], done: Iterable[Trial] = ()):
        self._generators = list(
            dict.fromkeys(trial.generator_key for trial in trials if trial.generator_key is not None)
        )
        self._waiting: list[Task] = _in_order(trials)
        self._running: list[Task] = []
        self._chosen = {trial.choice_place for trial in done} - {None}

    def next(self, near: GeneratorKey | None = None) -> Task | None:
        """Takes the first task that waits for nothing; None where all that are left wait for running ones.

        Args:
          near: trials of this generator go before others, since who asks holds its clips.
        """
        ready = [task for task in self._waiting if not self._is_blocked(task)]
        if not ready:
            return None
        task = next((task for task in ready if near is not None and _generator_of(task) == near), ready[0])
        self._waiting.remove(task)
        self._running.append(task)
        return task

    def put_back(self, task: Task) -> None:
        """Makes a running task the first of those that wait."""
        self._running.remove(task)
        self._waiting.insert(0, task)

    def finish(self, task: Task) -> None:
        """Notes that a running task succeeded."""
        self._running.remove(task)
        if isinstance(task, GeneratorKey):
            self._generators.remove(task)
        elif task.choice_place is not None:
            self._chosen.add(task.choice_place)

    def fail(self, task: Task) -> tuple[Trial, ...]:
        """Notes that a running task failed; returns the trials that fail with it."""
        self._running.remove(task)
        if isinstance(task, Trial):
            return (task,)
        failed = tuple(each for each in self._waiting if isinstance(each, Trial) and each.generator_key == task)
        self._waiting = [waiting for waiting in self._waiting if waiting not in failed]
        self._generators.remove(task)
        return failed

    def generators_left(self) -> tuple[GeneratorKey, ...]:
        """The generators that have not ended, running ones included."""
        return tuple(self._generators)

    def num_trials_left(self) -> int:
        """Trials that have not ended, running ones included."""
        return sum(isinstance(task, Trial) for task in self._waiting + self._running)

    def num_left(self) -> int:
        """Tasks that have not ended, running ones included."""
        return len(self._waiting) + len(self._running)

    def _is_blocked(self, task: Task) -> bool:
        return isinstance(task, Trial) and (task.generator_key in self._generators or self._is_being_chosen(task))

    def _is_being_chosen(self, trial: Trial) -> bool:
        place = trial.choice_place
        if place is None or place in self._chosen:
            return False
        return any(isinstance(task, Trial) and task.choice_place == place for task in self._running)


def _in_order(trials: Sequence[Trial]) -> list[Task]:
    tasks: dict[Task, None] = {}
    for trial in trials:
        if trial.generator_key is not None:
            tasks.setdefault(trial.generator_key)
        tasks.setdefault(trial)
    return list(tasks)


def _generator_of(task: Task) -> GeneratorKey | None:
    return task.generator_key if isinstance(task, Trial) else None
