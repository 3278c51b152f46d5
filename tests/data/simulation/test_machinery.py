import numpy as np
import pytest

from gansynth_isa.data.simulation.machinery import (
    LOAD_SPREAD_DB,
    Machinery,
    conveyor,
    draw_machinery,
    load,
    machinery_sound,
    pneumatics,
    stroke_times,
)

RATE = 44100
LINE = Machinery(
    motor_hz=24.0,
    gear_hz=400.0,
    gear_level=0.5,
    roller_hz=5.0,
    cycle_s=2.0,
    hiss_level=1.0,
    leak_level=0.1,
    clank_level=0.0,
    clank_hz=(700.0, 1900.0),
)


def test_machinery_sound_has_a_root_mean_square_of_one_and_no_mean():
    sound = machinery_sound(3 * RATE, RATE, LINE, np.random.default_rng(0))
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(1.0)
    assert abs(sound.mean()) < 0.02


def test_conveyor_hums_at_the_motor_and_whines_at_the_gear():
    sound = conveyor(4 * RATE, RATE, LINE, np.random.default_rng(1))
    spectrum = np.abs(np.fft.rfft(sound)) ** 2  # bins of 0.25 Hz
    for frequency, width in ((24.0, 1.0), (48.0, 1.0), (400.0, 8.0)):
        near = spectrum[round(4 * (frequency - width)) : round(4 * (frequency + width)) + 1].max()
        beside = np.median(spectrum[round(4 * frequency * 1.1) : round(4 * frequency * 1.3)])
        assert near > 10 * beside, frequency


def test_pneumatics_hiss_at_strokes_and_leak_between_them():
    sound = pneumatics(20 * RATE, RATE, LINE, np.random.default_rng(2))
    levels = np.sqrt(np.mean(sound[: 20 * RATE // 441 * 441].reshape(-1, 441) ** 2, axis=1))  # each 10 ms
    quiet, loud = np.median(levels), levels.max()
    assert quiet == pytest.approx(0.1, rel=0.15)  # the leak
    assert 0.5 < loud < 1.4
    starts = np.flatnonzero((levels[1:] > 0.3) & (levels[:-1] <= 0.3))
    assert 8 <= len(starts) <= 11


def test_strokes_come_once_per_cycle_give_or_take_a_fifth():
    times_s = stroke_times(200.0, 2.0, np.random.default_rng(3))
    assert len(times_s) in (99, 100)
    assert np.abs(np.diff(times_s) - 2.0).max() <= 0.4
    assert times_s[0] >= 0 and times_s[-1] < 200.0


def test_machines_of_different_recordings_differ():
    assert draw_machinery(np.random.default_rng(4)) != draw_machinery(np.random.default_rng(5))


def test_load_of_the_line_wanders_by_some_db_over_seconds():
    level_db = 20 * np.log10(load(600 * 100, 100, np.random.default_rng(6)))
    assert level_db[::300].std() == pytest.approx(LOAD_SPREAD_DB, rel=0.15)  # every three seconds
    assert np.abs(np.diff(level_db)).max() < 0.3  # in a hundredth of a second
