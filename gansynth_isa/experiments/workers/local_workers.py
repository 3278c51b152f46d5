"""Does the tasks of an experiment in several processes of this machine.

TensorFlow's threads are divided among them. Results are those of one process with as many threads, bit for bit: a
task depends on nothing but the experiment, the recordings and its own name.
"""

import os
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from multiprocessing import connection

from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import WorkerLost
from gansynth_isa.experiments.experiment import OpenExperiment
from gansynth_isa.experiments.schedule import Schedule, Task
from gansynth_isa.experiments.workers.local_process import READY, LocalProcess, ProcessStart
from gansynth_isa.experiments.workers.shared_clips import shared_clips
from gansynth_isa.experiments.workers.worker import Outcome
from gansynth_isa.runs.stop_signals import StopSignals

POLL_S = 0.5
STOP_S = 60.0  # how long processes have to save


class LocalWorkers:
    """Several processes; each is started when there is a task for it.

    Args:
      experiment: in its folder.
      clips: all clips of both sides.
      console: where the lines of the processes are shown, each with the name of the task.
      num_processes: 1 or more.
    """

    def __init__(self, experiment: OpenExperiment, clips: ClipSet, console: Console, num_processes: int):
        self.num_at_once = num_processes
        self._experiment, self._clips, self._console = experiment, clips, console
        self._processes: list[LocalProcess] = []
        self._lost_once: set[Task] = set()

    def outcomes(self, schedule: Schedule) -> Generator[tuple[Task, Outcome], None, None]:
        """Does all tasks; each outcome must be noted in `schedule` before the next one is asked for.

        A task whose process is killed is tried once more. When a signal asks to stop, all generators are saved.

        Raises:
          Interrupted: a signal asked to stop.
          WorkerLost: a process cannot start.
        """
        with ExitStack() as stack:
            stop = stack.enter_context(StopSignals())
            shared = stack.enter_context(shared_clips(self._clips))
            stack.callback(self._end_all)
            start = ProcessStart(self._experiment, shared, max(1, num_cores() // self.num_at_once))
            while self._give_tasks(schedule, start):
                for process in self._with_messages():
                    yield from self._receive(process, schedule)
                if stop.requested:
                    self._stop_all()
                    raise stop.interruption("finished classifiers are kept, and generators were saved")

    def _give_tasks(self, schedule: Schedule, start: ProcessStart) -> bool:
        """Gives tasks to all who can take one; whether anyone is at work."""
        for process in self._processes:
            if process.task is None and (task := schedule.next(process.generator)) is not None:
                process.give(task)
        while len(self._processes) < self.num_at_once and (task := schedule.next()) is not None:
            self._processes.append(LocalProcess(start))
            self._processes[-1].give(task)
        return any(process.task is not None for process in self._processes)

    def _with_messages(self) -> list[LocalProcess]:
        ready = connection.wait([process.connection for process in self._processes], POLL_S)
        return [process for process in self._processes if process.connection in ready]

    def _receive(self, process: LocalProcess, schedule: Schedule) -> Iterator[tuple[Task, Outcome]]:
        message = process.receive()
        if message is None:
            yield from self._lose(process, schedule)
        elif isinstance(message, Outcome):
            task, process.task = process.task, None
            assert task is not None, "an outcome belongs to the task that was given"
            yield task, message
        elif message == READY:
            process.is_ready = True
        else:
            self._show(process, message)

    def _show(self, process: LocalProcess, line: bytes) -> None:
        assert process.task is not None, "lines come while something is done"
        text, name = line.decode(), process.task.name
        self._console.line(text if text.startswith(name) else f"{name}: {text}")

    def _lose(self, process: LocalProcess, schedule: Schedule) -> Iterator[tuple[Task, Outcome]]:
        """A process is gone: its task is put back, or has failed if that was the second time."""
        self._processes.remove(process)
        task, reason = process.task, f"{process.name} {process.end_reason()}"
        if not process.is_ready and not process.was_killed():
            raise WorkerLost(f"{reason} at its start; the log says more")
        if task is None:
            self._console.line(f"{reason} while it had nothing to do")
        elif task in self._lost_once:
            yield task, Outcome(failure=f"{reason}, the second time")
        else:
            self._lost_once.add(task)
            self._console.line(f"{task.name}: {reason}; it is tried once more")
            schedule.put_back(task)

    def _stop_all(self) -> None:
        """Asks all processes to stop, and shows what they say until they are gone or the time is over."""
        self._console.line("stopping; generators that are being trained are saved first")
        for process in self._processes:
            process.terminate()
        end = time.monotonic() + STOP_S
        while self._processes and time.monotonic() < end:
            for process in self._with_messages():
                message = process.receive()
                if message is None:
                    self._processes.remove(process)
                elif isinstance(message, bytes) and process.task is not None:
                    self._show(process, message)

    def _end_all(self) -> None:
        for process in self._processes:
            process.kill()
        self._processes.clear()


def num_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
