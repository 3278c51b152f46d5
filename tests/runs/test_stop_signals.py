"""Signals that set a request, and what was there before."""

import os
import signal

import pytest

from gansynth_isa.errors import Interrupted
from gansynth_isa.runs.stop_signals import StopSignals


def test_first_signal_is_remembered_and_handlers_come_back():
    before = [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with pytest.raises(Interrupted) as caught, StopSignals() as stop:
        assert stop.requested is None
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.requested == signal.SIGTERM
        raise stop.interruption("saved")
    assert str(caught.value) == "stopped by SIGTERM: saved"
    assert [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_signal_that_nobody_looked_at_is_not_swallowed():
    with pytest.raises(Interrupted) as caught, StopSignals():
        os.kill(os.getpid(), signal.SIGINT)
    assert caught.value.signum == signal.SIGINT


def test_signal_that_was_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with StopSignals() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            assert stop.requested is None
    finally:
        signal.signal(signal.SIGHUP, before)
