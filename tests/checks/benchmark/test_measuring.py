"""Stretches between readings of a ceiling, with a clock and a ceiling that are told what to say."""

import pytest

from gansynth_isa.checks.benchmark import measuring
from gansynth_isa.checks.benchmark.measuring import Effort, measure


class FakeMachine:
    """A clock that runs only while it is told to work, and a ceiling that gives its readings in turn."""

    def __init__(self, step_seconds: list[float], ceilings: list[float]):
        self.now = 0.0
        self.calls = []
        self._step_seconds, self._ceilings = iter(step_seconds), iter(ceilings)

    def perf_counter(self) -> float:
        return self.now

    def read(self) -> float:
        return next(self._ceilings)

    def run(self, num_steps: int) -> int:
        self.calls.append(num_steps)
        self.now += num_steps * next(self._step_seconds)
        return num_steps * 8


def measure_on(machine, monkeypatch, effort):
    monkeypatch.setattr(measuring.time, "perf_counter", machine.perf_counter)
    return measure(machine.run, machine, effort)


def test_stretch_with_the_median_share_counts(monkeypatch):
    machine = FakeMachine([9.0, 1.0, 4.0, 2.0], [100.0, 100.0, 100.0, 100.0])
    measured = measure_on(machine, monkeypatch, Effort(repeats=3, seconds=1.0))
    assert measured.images_per_s == pytest.approx(8 / 2.0)
    assert measured.ceiling_gflops == pytest.approx(100.0)


def test_slow_stretch_on_a_machine_as_slow_is_no_worse_a_share(monkeypatch):
    # Rates 8, 4, 8 under ceilings 100, 50, 25 around them: shares 0.08, 0.08 and 0.32 in another order.
    machine = FakeMachine([9.0, 1.0, 2.0, 1.0], [100.0, 100.0, 0.0, 50.0])
    measured = measure_on(machine, monkeypatch, Effort(repeats=3, seconds=1.0))
    assert measured.images_per_s / measured.ceiling_gflops == pytest.approx(4 / 50)


def test_first_call_and_short_stretches_are_not_counted(monkeypatch):
    machine = FakeMachine([50.0, 0.1, 0.1], [100.0] * 3)
    measured = measure_on(machine, monkeypatch, Effort(repeats=1, seconds=1.0))
    assert machine.calls == [1, 1, 10]
    assert measured.images_per_s == pytest.approx(80.0)


def test_memory_taken_while_timing_is_told_apart_from_what_the_graph_took(monkeypatch):
    peaks = iter([700.0, 712.5])
    monkeypatch.setattr(measuring, "peak_rss_mib", lambda: next(peaks))
    machine = FakeMachine([9.0, 1.0], [100.0, 100.0])
    measured = measure_on(machine, monkeypatch, Effort(repeats=1, seconds=1.0))
    assert (measured.peak_rss_mib, measured.rss_growth_mib) == (712.5, 12.5)


def test_one_stretch_is_enough_where_a_step_takes_a_minute(monkeypatch):
    machine = FakeMachine([60.0, 62.0], [100.0, 80.0])
    measured = measure_on(machine, monkeypatch, Effort(repeats=3, seconds=3.0))
    assert machine.calls == [1, 1]
    assert measured.images_per_s / measured.ceiling_gflops == pytest.approx(8 / 62 / 90)
