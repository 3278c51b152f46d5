"""The wait for data between steps."""

import time

import pytest

from gansynth_isa.benchmark.training_case import mean_asking_s

PAUSE_S = 0.02


def paused(pause_s: float, times: list):
    while True:
        time.sleep(pause_s)
        times.append(pause_s)
        yield times


def test_time_in_the_pipeline_counts_and_time_at_work_does_not():
    asked, worked = [], []
    asking_s = mean_asking_s(paused(PAUSE_S, asked), 5, lambda: (time.sleep(3 * PAUSE_S), worked.append(1)))
    assert (len(asked), len(worked)) == (5, 5)
    assert asking_s == pytest.approx(PAUSE_S, rel=0.5)
