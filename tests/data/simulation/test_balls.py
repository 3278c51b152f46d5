import numpy as np
import pytest

from gansynth_isa.data.simulation.balls import (
    RUN_IN_S,
    SAMPLE_RATE,
    SURFACES,
    Roll,
    _resonate,
    radiate,
    roll_down,
    rolling_sound,
    roughness_profile,
    tick_force,
    tick_times,
)


def steady_roll(speed=0.5, radius_m=0.007, duration_s=0.5):
    """A ball at constant speed."""
    samples = np.arange(round(duration_s * SAMPLE_RATE))
    return Roll(radius_m, speed * samples / SAMPLE_RATE, np.full(samples.shape, speed), 0.1)


def test_ticks_at_constant_speed_come_once_per_turn():
    turn_samples = 2 * np.pi * 0.007 / 0.5 * SAMPLE_RATE
    np.testing.assert_allclose(np.diff(tick_times(steady_roll(), 0.3)), turn_samples, rtol=1e-6)
    assert tick_times(steady_roll(), 0.3)[0] == pytest.approx(0.3 * turn_samples)


def test_ticks_of_an_accelerating_ball_come_faster_and_faster():
    gaps = np.diff(tick_times(roll_down(SAMPLE_RATE, np.random.default_rng(0)), 0.0))
    assert len(gaps) > 5
    assert (np.diff(gaps) < 0).all()


def test_tick_force_is_zero_between_ticks_and_at_most_one():
    force = tick_force(steady_roll(), np.random.default_rng(1))
    assert 0.3 < force.max() <= 1.0
    assert (force == 0).mean() > 0.8


def test_ball_way_is_the_integral_of_its_speed():
    roll = roll_down(SAMPLE_RATE, np.random.default_rng(2))
    travelled = np.concatenate([[0.0], np.cumsum((roll.speed[1:] + roll.speed[:-1]) / 2 / SAMPLE_RATE)])
    np.testing.assert_allclose(roll.distance_m, travelled, atol=1e-9)
    assert roll.speed[-1] > roll.speed[0]


def test_roughness_profile_with_a_steeper_slope_is_smoother_in_the_small():
    rough = roughness_profile(0.05, -0.5, np.random.default_rng(3))
    smooth = roughness_profile(0.05, -2.0, np.random.default_rng(3))
    assert rough.std() == pytest.approx(1.0) and smooth.std() == pytest.approx(1.0)
    assert np.diff(smooth).std() < 0.7 * np.diff(rough).std()


@pytest.mark.parametrize("frequency_hz", [500.0, 5000.0])
def test_resonator_at_its_resonance_has_gain_one_and_elsewhere_less(frequency_hz):
    time_s = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    at_resonance = _resonate(np.sin(2 * np.pi * frequency_hz * time_s), frequency_hz, 0.01)
    elsewhere = _resonate(np.sin(2 * np.pi * 1.5 * frequency_hz * time_s), frequency_hz, 0.01)
    assert np.abs(at_resonance[SAMPLE_RATE // 2 :]).max() == pytest.approx(1.0, abs=0.02)
    assert np.abs(elsewhere[SAMPLE_RATE // 2 :]).max() < 0.1


def test_radiated_click_rings_at_modes_of_the_slide():
    roll = steady_roll()
    click = np.zeros(len(roll.speed))
    click[100] = 1.0
    spectrum = np.abs(np.fft.rfft(radiate(click, roll, np.random.default_rng(4))))
    frequencies = np.fft.rfftfreq(len(click), 1 / SAMPLE_RATE)
    near_mode = spectrum[(frequencies > 1480 * 0.94) & (frequencies < 1480 * 1.06)].max()
    between = np.median(spectrum[(frequencies > 1650) & (frequencies < 1800)])
    assert near_mode > 2 * between


@pytest.mark.parametrize("class_name", sorted(SURFACES))
def test_rolling_sound_of_each_class_is_finite_and_of_full_length(class_name):
    sound = rolling_sound(class_name, 0.4, np.random.default_rng(5))
    assert sound.shape == (round((RUN_IN_S + 0.4) * SAMPLE_RATE),)
    assert np.isfinite(sound).all() and sound.std() > 0
