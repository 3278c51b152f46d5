"""Does the tasks of an experiment on a Ray cluster: every generator and every classifier is a Ray task.

The recordings are read by the process that asks alone; the clips go to the nodes through Ray's object store. The
experiment's folder must be shared: generators and their clips lie there. Needs the extra `cluster`.
"""

import os
import time
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.environment import settle
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.experiment import EXPERIMENT_FILE, OpenExperiment, package_versions
from gansynth_isa.experiments.schedule import Schedule, Task
from gansynth_isa.experiments.workers.worker import Outcome
from gansynth_isa.runs.stop_signals import StopSignals

if TYPE_CHECKING:
    import ray

POLL_S = 1.0
STOP_S = 60.0  # how long tasks have to save
MAX_RETRIES = 3  # of a task whose worker or node is lost


@dataclass(frozen=True)
class RemoteStart:
    """What every task is given; `versions` are those of the process that asks."""

    experiment: OpenExperiment
    num_threads: int
    versions: dict[str, str]


class RayWorkers:
    """The free CPUs and GPUs of a cluster.

    Args:
      experiment: in its folder, which all nodes see under the same path.
      clips: all clips of both sides.
      console: where the lines of a task are shown when it has ended.
      address: of the cluster, as `ray.init` takes it: host:port of its head, or auto.
      num_cpus, num_gpus: what each task takes of its node.

    Raises:
      InputError: Ray is not installed, there is no cluster at the address, or no node of it can do a task.
    """

    def __init__(
        self, experiment: OpenExperiment, clips: ClipSet, console: Console, address: str, num_cpus: int, num_gpus: float
    ):
        self._ray = _connect(address)
        self.num_at_once = self._count(num_cpus, num_gpus)
        self._clips, self._console = clips, console
        absolute = replace(experiment, output_dir=experiment.output_dir.resolve())
        self._start = RemoteStart(absolute, num_cpus, package_versions())
        self._perform = self._ray.remote(
            num_cpus=num_cpus, num_gpus=num_gpus, max_retries=MAX_RETRIES, scheduling_strategy="SPREAD"
        )(perform_task)

    def outcomes(self, schedule: Schedule) -> Generator[tuple[Task, Outcome], None, None]:
        """Does all tasks; each outcome must be noted in `schedule` before the next one is asked for.

        When a signal asks to stop, all generators are saved.

        Raises:
          Interrupted: a signal asked to stop.
        """
        with ExitStack() as stack:
            stack.callback(self._ray.shutdown)
            stop = stack.enter_context(StopSignals())  # after `ray.init`, which sets handlers of its own
            clips = self._ray.put(replace(self._clips, spectrograms=np.asarray(self._clips.spectrograms)))
            running = {}
            while True:
                while (task := schedule.next()) is not None:
                    running[self._perform.remote(self._start, clips, task)] = task
                if not running:
                    return
                ended, _ = self._ray.wait(list(running), timeout=POLL_S)
                for reference in ended:
                    yield running.pop(reference), self._outcome(reference)
                if stop.requested:
                    self._stop(list(running))
                    raise stop.interruption("finished classifiers are kept, and generators were saved")

    def _outcome(self, reference: "ray.ObjectRef") -> Outcome:
        """What a task gave back; a worker or node that was lost for good is a failure."""
        try:
            outcome, lines = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            return Outcome(failure=f"lost, {MAX_RETRIES} retries included: {type(error).__name__}", details=str(error))
        for line in lines:
            self._console.line(line)
        return outcome

    def _stop(self, references: list) -> None:
        """Asks all tasks to stop and waits until they have."""
        self._console.line("stopping; generators that are being trained are saved first")
        for reference in references:
            self._ray.cancel(reference)
        end = time.monotonic() + STOP_S
        while references and time.monotonic() < end:
            _, references = self._ray.wait(references, num_returns=len(references), timeout=POLL_S)

    def _count(self, num_cpus: int, num_gpus: float) -> int:
        """How many tasks the cluster can do at once."""
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        counts = [int(node.get("CPU", 0) // num_cpus) for node in nodes]
        if num_gpus:
            gpus = [int(node.get("GPU", 0) / num_gpus) for node in nodes]
            counts = [min(pair) for pair in zip(counts, gpus, strict=True)]
        if not sum(counts):
            self._ray.shutdown()
            raise InputError(
                f"task_cpus, task_gpus: expected what a node of the cluster has, got {num_cpus} CPUs and "
                f"{num_gpus:g} GPUs; the nodes have {'; '.join(_resources_text(node) for node in nodes)}"
            )
        return sum(counts)


def perform_task(start: RemoteStart, clips: ClipSet, task: Task) -> tuple[Outcome, list[str]]:
    """Does one task in a Ray worker; returns its outcome and the lines it showed."""
    if refusal := _unfit(start):
        return Outcome(refusal=refusal), []
    settle()  # a node has its own environment
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, str(start.num_threads))
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    # TensorFlow reads the environment when it is imported.
    import io

    from gansynth_isa.experiments.folds import make_folds
    from gansynth_isa.experiments.workers.worker import Worker

    config, output = start.experiment.config, io.StringIO()
    folds = make_folds(clips, config.data, config.grid)
    outcome = Worker(start.experiment, folds, Console(output)).perform(task)
    lines = output.getvalue().splitlines()
    return outcome, [line if line.startswith(task.name) else f"{task.name}: {line}" for line in lines]


def _unfit(start: RemoteStart) -> str | None:
    """Why this node must not do a task: results would be lost, or of other versions."""
    if not (start.experiment.output_dir / EXPERIMENT_FILE).exists():
        return (
            f"output_dir: expected a folder that all nodes share, but {os.uname().nodename} sees no "
            f"{start.experiment.output_dir / EXPERIMENT_FILE}"
        )
    here = package_versions()
    for name, version in start.versions.items():
        if here[name] != version:
            return f"ray_address: expected {name} {version} on all nodes, but {os.uname().nodename} has {here[name]}"
    return None


def _connect(address: str) -> ModuleType:
    """The module `ray`, connected."""
    try:
        import ray
    except ImportError:
        raise InputError("ray_address: expected Ray; install it with: pip install 'gansynth_isa[cluster]'") from None
    try:
        ray.init(address=address, log_to_driver=False, logging_level="error")
    except (ConnectionError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"ray_address: expected a running Ray cluster at {address!r}: {reason}") from None
    return ray


def _resources_text(node: dict) -> str:
    return f"{node.get('CPU', 0):g} CPUs and {node.get('GPU', 0):g} GPUs"
