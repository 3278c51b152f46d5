"""One process of a parallel experiment: what it does, and how the parent holds it."""

import contextlib
import io
import os
import signal
import threading
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Final, Literal

from gansynth_isa.experiments.experiment import OpenExperiment
from gansynth_isa.experiments.schedule import Task
from gansynth_isa.experiments.trials import GeneratorKey, Trial
from gansynth_isa.experiments.workers.shared_clips import SharedClips
from gansynth_isa.validation import known

if TYPE_CHECKING:
    from gansynth_isa.experiments.workers.worker import Outcome  # which loads TensorFlow

READY: Final = "ready"
THREAD_VARIABLES = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


@dataclass(frozen=True)
class ProcessStart:
    """What a process is given; `num_threads` holds for what the environment leaves open."""

    experiment: OpenExperiment
    clips: SharedClips
    num_threads: int


class LocalProcess:
    """The parent's end of a process, which is started at once.

    Attributes:
      task: what it does, None while it has nothing to do.
      generator: that of its last task, whose clips it may hold.
      is_ready: it has started well.
    """

    def __init__(self, start: ProcessStart):
        context = get_context("spawn")  # a fork would inherit TensorFlow's locks without its threads
        self.connection, child_end = context.Pipe()
        self._process = context.Process(target=_run, args=(child_end, start))
        self._process.start()
        child_end.close()
        self.task: Task | None = None
        self.generator: GeneratorKey | None = None
        self.is_ready = False

    @property
    def name(self) -> str:
        """To read."""
        return f"worker process {self._process.pid}"

    def give(self, task: Task) -> None:
        """Lets it do `task`."""
        self.task = task
        self.generator = task.generator_key if isinstance(task, Trial) else task
        with contextlib.suppress(OSError):  # it is gone, which reading from it will tell
            self.connection.send(task)

    def receive(self) -> 'Literal["ready"] | bytes | Outcome | None':
        """The next message: `READY`, a line to show (bytes), or an `Outcome`; None when the process is gone."""
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            return None

    def end_reason(self) -> str:
        """How a process that is gone has ended."""
        self._process.join()
        code = known(self._process.exitcode)
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def was_killed(self) -> bool:
        """Whether a signal ended it, rather than something in it."""
        return (self._process.exitcode or 0) < 0

    def terminate(self) -> None:
        """Asks it to stop: a generator that trains is saved first, anything else ends at once."""
        self._process.terminate()

    def kill(self) -> None:
        """Ends it, whatever it does, and waits for that."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def _run(to_parent: connection.Connection, start: ProcessStart) -> None:
    """Does tasks until the parent has none left, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent says what follows
    for name in THREAD_VARIABLES:
        os.environ.setdefault(name, str(start.num_threads))
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # else the first process takes a GPU's whole memory
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # TensorFlow reads the environment when it is imported.
    from gansynth_isa.console import Console
    from gansynth_isa.experiments.folds import make_folds
    from gansynth_isa.experiments.workers.worker import Worker

    config = start.experiment.config
    folds = make_folds(start.clips.open(), config.data, config.grid)
    worker = Worker(start.experiment, folds, Console(_LineSender(to_parent)))
    try:
        to_parent.send(READY)
        while True:
            to_parent.send(worker.perform(to_parent.recv()))
    except (EOFError, OSError):
        os._exit(0)  # the parent has closed the connection
    except KeyboardInterrupt:
        os._exit(128 + signal.SIGTERM)  # what was being trained has been saved; taking TensorFlow down can take long


def _end_with_parent() -> None:
    """A parent that is killed can stop nobody: then this process asks itself to."""
    known(parent_process()).join()
    os.kill(os.getpid(), signal.SIGTERM)


class _LineSender(io.TextIOBase):
    """A text stream whose whole lines go to the parent, as bytes."""

    def __init__(self, to_parent: connection.Connection):
        super().__init__()
        self._to_parent = to_parent
        self._text = ""

    def write(self, text: str) -> int:
        *lines, self._text = (self._text + text).split("\n")
        for line in lines:
            self._to_parent.send(line.encode())
        return len(text)
