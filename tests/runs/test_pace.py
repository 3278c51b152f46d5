"""Rates and steps per call by a clock that is set by hand."""

import pytest

from gansynth_isa.runs.pace import Pace


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now

    def takes(self, seconds, image):
        """A call that takes so long and reaches `image`."""

        def call():
            self.now += seconds
            return image

        return call


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(clock)


def test_first_call_is_one_step_and_its_rate_says_nothing(pace, clock):
    assert pace.num_steps(1000, batch_size=4) == 1
    assert pace.measure(clock.takes(8.0, image=4), 0) == 4
    assert pace.images_per_s == 0.5 and not pace.is_known
    pace.measure(clock.takes(0.1, image=8), 4)
    assert pace.images_per_s == pytest.approx(40.0) and pace.is_known


def test_call_takes_about_two_seconds_and_no_more_steps_than_are_left(pace, clock):
    pace.measure(clock.takes(0.1, image=4), 0)  # 40 images/s: 80 in two seconds
    assert pace.num_steps(1000, batch_size=4) == 20
    assert pace.num_steps(30, batch_size=4) == 8
    assert pace.num_steps(1000, batch_size=200) == 1


def test_rate_since_a_report_leaves_out_the_first_call_and_pauses(pace, clock):
    pace.measure(clock.takes(50.0, image=4), 0)
    assert pace.since_report(4) == pytest.approx(0.08)  # there is nothing else
    pace.measure(clock.takes(1.0, image=24), 4)
    with pace.paused():
        clock.now += 30.0
    pace.measure(clock.takes(3.0, image=44), 24)
    assert pace.since_report(44) == pytest.approx(40 / 4)
    pace.reported(44)
    pace.measure(clock.takes(2.0, image=54), 44)
    assert pace.since_report(54) == pytest.approx(5.0)


def test_pause_before_the_first_call_changes_nothing(pace, clock):
    with pace.paused():
        clock.now += 30.0
    pace.measure(clock.takes(1.0, image=4), 0)
    assert pace.since_report(4) == pytest.approx(4.0)
