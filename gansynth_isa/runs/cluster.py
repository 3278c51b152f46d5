"""The processes of a training on several machines, as TF_CONFIG describes them."""

import contextlib
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from gansynth_isa.errors import InputError, WorkerLost

WAIT_LIMIT_S = 600.0  # schedulers start the machines of a job minutes apart
CONNECTION_LIMIT_S = 2.0
POLL_S = 0.2
EXAMPLE = '{"cluster": {"worker": ["host1:2222", "host2:2222"]}, "task": {"type": "worker", "index": 0}}'


@dataclass(frozen=True)
class Cluster:
    """All workers, and which of them this process is; worker 0 is the chief.

    Attributes:
      addresses: `host:port` of every worker.
      index: of this process.
    """

    addresses: tuple[str, ...]
    index: int

    @property
    def is_chief(self) -> bool:
        """Whether this process writes the run's files."""
        return self.index == 0

    @property
    def num_workers(self) -> int:
        return len(self.addresses)

    @property
    def others(self) -> tuple[str, ...]:
        """Addresses of the other workers."""
        return self.addresses[: self.index] + self.addresses[self.index + 1 :]

    @property
    def name(self) -> str:
        """This process in words."""
        return f"worker {self.index} of {self.num_workers} at {self.addresses[self.index]}"


def read_cluster(environment: Mapping[str, str]) -> Cluster:
    """The cluster that the variable TF_CONFIG describes.

    Raises:
      InputError: it is not set, or no object with a list of workers and this process' place in it.
    """
    text = environment.get("TF_CONFIG")
    if not text:
        raise InputError(f"TF_CONFIG: expected the workers as {EXAMPLE}, got nothing")
    try:
        values = json.loads(text)
        jobs, task = values["cluster"], values["task"]
        if set(jobs) != {"worker"} or task["type"] != "worker":
            raise InputError(f"TF_CONFIG: expected workers alone, got {', '.join(jobs)} and a task of {task['type']!r}")
        addresses, index = tuple(jobs["worker"]), task["index"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"TF_CONFIG: expected the workers as {EXAMPLE}, got {text!r} ({error})") from None
    if not all(isinstance(address, str) and address.rpartition(":")[2].isdigit() for address in addresses):
        raise InputError(f"TF_CONFIG: expected workers as host:port, got {', '.join(map(str, addresses))}")
    if not isinstance(index, int) or not 0 <= index < len(addresses):
        raise InputError(f"TF_CONFIG: expected an index from 0 to {len(addresses) - 1}, got {index!r}")
    return Cluster(addresses, index)


def wait_for_workers(cluster: Cluster, limit_s: float = WAIT_LIMIT_S) -> None:
    """Waits until all workers are there.

    TensorFlow's own wait has no limit and heeds no signal. Each worker listens on its address until it has
    reached all others there; who comes later finds TensorFlow listening.

    Raises:
      InputError: another process listens on this worker's address.
      WorkerLost: a worker is not there after `limit_s` seconds.
    """
    missing, started = cluster.others, time.monotonic()
    port = int(cluster.addresses[cluster.index].rpartition(":")[2])
    try:
        listener = socket.create_server(("", port))
    except OSError as error:
        raise InputError(f"TF_CONFIG: {cluster.name} cannot listen there: {error.strerror or error}") from error
    with listener:
        while missing := tuple(address for address in missing if not _answers(address)):
            if time.monotonic() - started > limit_s:
                raise WorkerLost(f"{cluster.name}: no answer from {', '.join(missing)} in {limit_s:g} s")
            time.sleep(POLL_S)


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    with contextlib.suppress(OSError):
        socket.create_connection((host, int(port)), CONNECTION_LIMIT_S).close()
        return True
    return False
