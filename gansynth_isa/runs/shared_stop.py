"""Whether any process of a training was asked to stop; all of them stop at the same image."""

from gansynth_isa.errors import Interrupted
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.stop_signals import StopSignals


class SharedStop:
    """A request to stop that all processes of a training share.

    Args:
      signals: this process' own.
      replicas: the devices that share the training.
    """

    def __init__(self, signals: StopSignals, replicas: Replicas):
        self._signals, self._replicas = signals, replicas

    def is_asked(self) -> bool:
        """Whether some process was asked; the processes must come here together."""
        return self._replicas.any(self._signals.requested is not None)

    def interruption(self, state: str) -> Interrupted:
        """The exception to raise; `state` says what is saved."""
        return self._signals.interruption(state)

    def wait_for_all(self) -> None:
        """Returns when all have come here: the end of one must not disturb the chief while it saves."""
        self._replicas.wait_for_all()
