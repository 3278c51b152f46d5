"""The devices that share a training: one, several of this machine, or those of several machines.

Every replica holds all weights and takes its share of every batch; what it learns from it is averaged over the
replicas before the weights change. Random numbers are drawn for the whole batch and shared out like it, so that
a run does not depend on how many replicas it has.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.errors import WorkerLost
from gansynth_isa.runs.cluster import Cluster, read_cluster, wait_for_workers

MESSAGE_LENGTH = 200
Result = TypeVar("Result")

# What TensorFlow raises in a worker when another one ends, is cut off or does not answer.
LOST_WORKER_ERRORS = (
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
    tf.errors.FailedPreconditionError,
    tf.errors.InternalError,
    tf.errors.UnknownError,
)


class Replicas:
    """One device, which shares with nobody.

    Attributes:
      num_replicas: devices on all machines.
      is_chief: whether this process writes files and reports; the only process of a machine alone is.
    """

    num_replicas = 1
    is_chief = True

    def scope(self) -> contextlib.AbstractContextManager:
        """The context in which variables are made that every replica has a copy of."""
        return contextlib.nullcontext()

    def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Calls `function` in every replica with the same arguments; its results must be the same in all."""
        return function(*arguments)

    def share(self, batch: tf.Tensor) -> tf.Tensor:
        """Within `run`: this replica's part of a whole batch, along the first axis."""
        return batch

    def mean(self, tensors: list[tf.Tensor]) -> list[tf.Tensor]:
        """Within `run`: the means of the tensors over all replicas."""
        return tensors

    def from_chief(self, number: int) -> int:
        """The chief's number, in every process."""
        return number

    def text_from_chief(self, text: str) -> str:
        """The chief's text, in every process."""
        return text

    def any(self, flag: bool) -> bool:
        """Whether the flag is set in any process."""
        return flag

    def wait_for_all(self) -> None:
        """Returns when all processes have come here, or one is gone."""

    def synchronize(self, variables: list) -> None:
        """Gives the chief's values to the variables of all processes."""

    @contextlib.contextmanager
    def attended(self) -> Iterator[None]:
        """Turns what TensorFlow raises when another process is gone into `WorkerLost`."""
        yield


class MirroredReplicas(Replicas):
    """The devices of one process, by a strategy of tf.distribute."""

    def __init__(self, strategy: tf.distribute.Strategy):
        self._strategy = strategy
        self.num_replicas = strategy.num_replicas_in_sync

    def scope(self) -> contextlib.AbstractContextManager:
        return self._strategy.scope()

    def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        results = self._strategy.run(function, args=arguments)
        return tf.nest.map_structure(lambda value: self._strategy.experimental_local_results(value)[0], results)

    def share(self, batch: tf.Tensor) -> tf.Tensor:
        size = batch.shape[0] // self.num_replicas
        first = tf.distribute.get_replica_context().replica_id_in_sync_group * size
        return tf.ensure_shape(batch[first : first + size], (size, *batch.shape[1:]))

    def mean(self, tensors: list[tf.Tensor]) -> list[tf.Tensor]:
        return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, tensors)


class WorkerReplicas(MirroredReplicas):
    """The devices of several processes, each of which is a worker of `cluster`."""

    def __init__(self, strategy: tf.distribute.MultiWorkerMirroredStrategy, cluster: Cluster):
        super().__init__(strategy)
        self._cluster = cluster
        self.is_chief = cluster.is_chief
        self._sum = tf.function(self._sum_over_workers)

    def _sum_over_workers(self, values: tf.Tensor) -> tf.Tensor:
        return self.run(lambda: self._sum_of_first_replicas([values])[0])

    def _sum_of_first_replicas(self, tensors: list[tf.Tensor]) -> list[tf.Tensor]:
        """Within `run`: sums over the processes, of which each counts once, however many devices it has."""
        context = tf.distribute.get_replica_context()
        per_process = self.num_replicas // self._cluster.num_workers
        is_first = tf.equal(context.replica_id_in_sync_group % per_process, 0)
        counted = [tf.where(is_first, tensor, tf.zeros_like(tensor)) for tensor in tensors]
        return context.all_reduce(tf.distribute.ReduceOp.SUM, counted)

    def _from_chief(self, values: np.ndarray) -> np.ndarray:
        return self._sum(tf.constant(values if self.is_chief else np.zeros_like(values))).numpy()

    def from_chief(self, number: int) -> int:
        return int(self._from_chief(np.array([number], np.int64))[0])

    def text_from_chief(self, text: str) -> str:
        codes = np.frombuffer(text.encode(), np.uint8).astype(np.int32)
        length = self.from_chief(len(codes))
        return self._from_chief(np.resize(codes, length)).astype(np.uint8).tobytes().decode()

    def any(self, flag: bool) -> bool:
        return bool(self._sum(tf.constant([int(flag)], tf.int64)).numpy()[0])

    def wait_for_all(self) -> None:
        with contextlib.suppress(*LOST_WORKER_ERRORS):
            self.any(False)

    def synchronize(self, variables: list) -> None:
        def take_over() -> None:
            for dtype in (tf.float32, tf.int64):  # tensors of one type are sent together
                same = [variable for variable in variables if tf.as_dtype(variable.dtype) == dtype]
                own = [tf.convert_to_tensor(variable) for variable in same]
                sent = own if self.is_chief else [tf.zeros_like(tensor) for tensor in own]
                for variable, value in zip(same, self._sum_of_first_replicas(sent), strict=True):
                    assign(variable, value)

        tf.function(lambda: self._strategy.run(take_over))()

    @contextlib.contextmanager
    def attended(self) -> Iterator[None]:
        try:
            yield
        except LOST_WORKER_ERRORS as error:
            raise WorkerLost(
                f"{self._cluster.name}: another worker has ended or does not answer ({type(error).__name__}: "
                f"{_first_line(error.message)}); the same command on all workers continues at the last checkpoint"
            ) from error


def _first_line(text: str) -> str:
    """What TensorFlow says, without the places in the graph that it lists below."""
    line = next(iter(text.strip().splitlines()), "no message")
    return line if len(line) <= MESSAGE_LENGTH else line[:MESSAGE_LENGTH] + "..."


def assign(variable: tf.Variable | keras.Variable, value: tf.Tensor) -> None:
    """Sets a variable; within `Replicas.run`, this replica's own copy of it alone."""
    own = getattr(variable, "value", variable) if not isinstance(variable, tf.Variable) else variable
    tf.raw_ops.AssignVariableOp(resource=own.handle, value=value)


def make_replicas(strategy: str, announce: Callable[[str], None]) -> Replicas:
    """The replicas that `--strategy` asks for; 'multi_worker' must be the first that uses TensorFlow.

    Args:
      strategy: 'none', 'mirrored' for all devices of this machine, or 'multi_worker' for those of all workers.
      announce: is given a line that says what is used.

    Raises:
      InputError: TF_CONFIG does not describe the workers.
      WorkerLost: a worker does not come.
    """
    if strategy == "none":
        return Replicas()
    if strategy == "mirrored":
        devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        names = [device.name for device in devices]
        announce(f"{len(names)} replicas: {', '.join(name.removeprefix('/device:') for name in names)}")
        return MirroredReplicas(tf.distribute.MirroredStrategy(names))
    cluster = read_cluster(os.environ)
    announce(f"{cluster.name}: waiting for {', '.join(cluster.others)}")
    wait_for_workers(cluster)
    replicas = WorkerReplicas(tf.distribute.MultiWorkerMirroredStrategy(), cluster)
    announce(f"{cluster.name}: all are there, {replicas.num_replicas} replicas")
    return replicas
