import numpy as np
import pytest

from gansynth_isa.data.simulation.acoustics import (
    Scene,
    add_at,
    decaying_modes,
    draw_scene,
    microphone,
    pink_noise,
    record,
    room_response,
    set_level,
    shaped_noise,
)

RATE = 44100
SCENE = Scene(
    reverberation_s=0.4,
    tail_db=-8.0,
    tilt_db_per_octave=2.0,
    low_cut_hz=100.0,
    signal_to_noise_db=20.0,
    level_dbfs=-26.0,
)


def rms_db(samples):
    return 10 * np.log10(np.mean(np.asarray(samples) ** 2))


def test_room_tail_has_the_asked_energy_and_falls_by_30_db_in_half_its_time():
    response = room_response(SCENE, RATE, np.random.default_rng(0))
    tail = response[round(0.03 * RATE) :]
    window = round(0.02 * RATE)
    later = round(0.2 * RATE)
    assert rms_db(tail[:window]) - rms_db(tail[later : later + window]) == pytest.approx(30.0, abs=2.0)
    assert response[0] == 1.0


def test_microphone_with_a_tilt_raises_each_octave_by_it():
    click = np.zeros(RATE)
    click[0] = 1.0
    gain_db = 20 * np.log10(np.abs(np.fft.rfft(microphone(click, SCENE, RATE))))
    assert gain_db[4000] - gain_db[2000] == pytest.approx(2.0, abs=0.02)
    assert gain_db[1000] == pytest.approx(0.0, abs=0.1)
    assert gain_db[20] < gain_db[1000] - 10


def test_pink_noise_falls_by_3_db_per_octave():
    spectrum = np.abs(np.fft.rfft(pink_noise(8 * RATE, RATE, np.random.default_rng(1)))) ** 2
    low, high = spectrum[8 * 500 : 8 * 1000].mean(), spectrum[8 * 1000 : 8 * 2000].mean()
    assert 10 * np.log10(low / high) == pytest.approx(3.0, abs=0.3)


def test_recording_of_a_scene_has_its_signal_to_noise_ratio():
    sound = np.random.default_rng(2).normal(size=RATE)
    noisy = record(sound, SCENE, RATE, np.random.default_rng(3))
    quiet = Scene(**{**SCENE.__dict__, "signal_to_noise_db": 300.0})
    clean = record(sound, quiet, RATE, np.random.default_rng(3))
    assert rms_db(clean) - rms_db(noisy - clean) == pytest.approx(20.0, abs=0.1)


def test_level_is_set_in_dbfs_and_never_clips():
    sound = np.random.default_rng(4).normal(size=RATE)
    assert rms_db(set_level(sound, -30.0)) == pytest.approx(-30.0, abs=1e-6)
    assert np.abs(set_level(sound, -1.0)).max() == pytest.approx(0.95)


def test_scenes_of_different_recordings_differ():
    assert draw_scene(np.random.default_rng(5)) != draw_scene(np.random.default_rng(6))


def test_shaped_noise_has_the_asked_spectrum():
    noise = shaped_noise(
        8 * RATE, RATE, lambda frequencies: np.where(frequencies < 2000, 2.0, 1.0), np.random.default_rng(7)
    )
    spectrum = np.abs(np.fft.rfft(noise)) ** 2
    ratio = spectrum[8 * 1000 : 8 * 1900].mean() / spectrum[8 * 3000 : 8 * 9000].mean()
    assert ratio == pytest.approx(4.0, rel=0.1)
    assert np.mean(noise**2) == pytest.approx(1.0)


def test_decaying_modes_fall_to_a_tenth_when_they_should():
    (mode,) = decaying_modes(np.array([1000.0]), np.array([np.log(10) / 0.1]), RATE, RATE)
    early, late = (np.abs(mode[round(start * RATE) :][:441]).max() for start in (0.05, 0.15))
    assert early / late == pytest.approx(10.0, rel=0.01)
    assert mode[0] == 0.0


def test_pieces_are_added_where_they_start_and_cut_at_the_end():
    sound = add_at(6, np.array([0, 1, 4]), np.array([[1.0, 2, 3], [10, 20, 30], [5, 6, 7]]))
    np.testing.assert_array_equal(sound, [1, 12, 23, 30, 5, 6])
