"""The processes of a training on several machines, as TF_CONFIG describes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from gansynth_isa.errors import InputError

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
    if not isinstance(index, int) or not 0 <= index < len(addresses):
        raise InputError(f"TF_CONFIG: expected an index from 0 to {len(addresses) - 1}, got {index!r}")
    return Cluster(addresses, index)
