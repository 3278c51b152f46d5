"""Signals that ask a training to save and stop."""

import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Any

from gansynth_isa.errors import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignals:
    """While this context lasts, Ctrl-C and a scheduler's SIGTERM or SIGHUP set `requested` and do no more.

    A training looks at it between calls of the graph, saves, and raises `interruption`. A signal that was
    ignored before, as `nohup` does with SIGHUP, stays ignored. Repeated signals change nothing: schedulers send
    them twice, and SIGKILL is safe at any moment.
    """

    def __init__(self) -> None:
        self.requested: int | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "StopSignals":
        if threading.current_thread() is threading.main_thread():
            for signum in SIGNALS:
                if signal.getsignal(signum) not in (signal.SIG_IGN, None):
                    self._before[signum] = signal.signal(signum, self._request)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for signum, handler in self._before.items():
            signal.signal(signum, handler)
        if self.requested and kind is None:
            raise self.interruption("the training had just ended")

    def _request(self, signum: int, frame: FrameType | None) -> None:
        if self.requested is None and sys.stderr.isatty():
            sys.stderr.write("\nstopping after this step, then saving\n")
        self.requested = self.requested or signum

    def interruption(self, state: str) -> Interrupted:
        """The exception to raise; `state` says what is saved."""
        if self.requested is None:
            return Interrupted(signal.SIGTERM, f"stopped with another worker: {state}")
        return Interrupted(self.requested, f"stopped by {signal.Signals(self.requested).name}: {state}")
