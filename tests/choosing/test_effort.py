import pytest

from gansynth_isa.choosing.effort import MIN_STEPS, affordable, least_minutes, seconds_per_step
from gansynth_isa.config import ClassifierConfig

SHAPE = (32, 64, 1)


def test_time_of_a_step_follows_from_values_and_operations_by_hand():
    """cnn: one convolution of 3 x 3 from 1 to 16 channels at 32 x 64 places; batches of 32."""
    values, operations = 32 * 64 + 32 * 64 * 16, 2 * 9 * 16 * 32 * 64
    expected = 32 * (values * 1e-8 + 3 * operations / 80e9)
    assert seconds_per_step(ClassifierConfig(), SHAPE, 3) == pytest.approx(expected)


def effort(minutes, steps=600, num_pairs=20):
    return affordable(ClassifierConfig(auto_minutes=minutes), SHAPE, 3, steps, num_pairs)


def test_effort_is_all_steps_and_three_trials_where_there_is_time():
    found = effort(1000.0)
    assert (found.trials, found.steps) == (3, 600)
    each = 4.0 + 600 * seconds_per_step(ClassifierConfig(), SHAPE, 3)
    assert found.minutes == pytest.approx(3 * 20 * each / 60)


def test_effort_gives_up_trials_first_then_steps_and_then_all():
    each = 4.0 + 600 * seconds_per_step(ClassifierConfig(), SHAPE, 3)
    assert effort(2.01 * 20 * each / 60).trials == 2
    fewer = effort(1.5 * 20 * each / 60)
    assert fewer.trials == 2 and MIN_STEPS <= fewer.steps < 600
    assert effort(0.01) is None


@pytest.mark.parametrize("minutes", [2.0, 3.0, 5.0, 7.5, 10.0, 20.0])
def test_effort_stays_within_the_minutes(minutes):
    found = effort(minutes)
    assert found is None or found.minutes <= minutes


def test_least_minutes_are_those_from_which_a_comparison_fits():
    """1.73 minutes, rounded up to a tenth."""
    least = least_minutes(ClassifierConfig(), SHAPE, 3, 20)
    unrounded = 20 * (4.0 + 100 * seconds_per_step(ClassifierConfig(), SHAPE, 3)) / 60
    assert (least, unrounded) == (1.8, pytest.approx(1.73, abs=0.005))
    assert effort(unrounded * 0.99) is None
    assert (effort(least).trials, effort(least).steps >= MIN_STEPS) == (1, True)


def test_candidates_without_a_network_take_no_time():
    assert (effort(0.01, num_pairs=0).trials, effort(0.01, num_pairs=0).minutes) == (1, 0.0)


def test_training_of_few_steps_keeps_them_all():
    assert effort(10.0, steps=7).steps == 7
