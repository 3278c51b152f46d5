"""The simulated data sets: counts of the paper, levels, and what their recordings depend on."""

import time

import numpy as np
import pytest

from gansynth_isa.data.simulation.sets import SIMULATED_SETS, ball_recording, puck_recording


def rms_db(samples):
    return 10 * np.log10(np.mean(samples**2))


def test_simulated_sets_have_the_counts_of_the_data_sets():
    balls, pucks = SIMULATED_SETS["mb"], SIMULATED_SETS["pucks"]
    assert (len(balls.class_names), balls.test_files, balls.duration_s, balls.sample_rate) == (3, 171, 0.4, 44100)
    assert (len(pucks.class_names), pucks.test_files, pucks.duration_s, pucks.sample_rate) == (5, 75, 60.0, 44100)
    assert (balls.train_files_per_class, pucks.train_files_per_class) == (360, 6)


def test_ball_recordings_never_clip_and_vary_in_level():
    peaks = [np.abs(ball_recording("broken", "train", index, 7)).max() for index in range(8)]
    assert max(peaks) <= 0.95 + 1e-9
    assert max(peaks) > 1.3 * min(peaks)


@pytest.mark.parametrize("class_name", SIMULATED_SETS["pucks"].class_names)
def test_puck_recordings_neither_clip_nor_have_a_mean(class_name):
    for index in range(3):
        samples = puck_recording(class_name, "test", index, 0, duration_s=4.0)
        assert np.abs(samples).max() <= 0.95 + 1e-9
        assert abs(samples.mean()) < 1e-3
        assert -75 < rms_db(samples) < -18


def test_background_of_the_test_side_is_6_db_louder():
    def level(split):
        return np.mean([rms_db(puck_recording("no_impacts", split, index, 0, duration_s=2.0)) for index in range(60)])

    assert level("test") - level("train") == pytest.approx(6.0, abs=2.0)


def test_puck_recording_depends_on_seed_class_side_and_number_and_on_nothing_else():
    place = ("pla", "train", 0, 0)
    first = puck_recording(*place, duration_s=1.0)
    np.testing.assert_array_equal(puck_recording(*place, duration_s=1.0), first)
    for other in (("abs", "train", 0, 0), ("pla", "test", 0, 0), ("pla", "train", 1, 0), ("pla", "train", 0, 1)):
        assert not np.allclose(puck_recording(*other, duration_s=1.0), first)


@pytest.mark.parametrize("name", sorted(SIMULATED_SETS))
def test_simulation_is_faster_than_twenty_times_real_time(name):
    """In processor time, because other processes may be busy."""
    simulated = SIMULATED_SETS[name]
    seconds = []
    for index in range(8 if name == "mb" else 2):
        started = time.process_time()
        simulated.recording(simulated.class_names[0], "train", index, 0)
        seconds.append(time.process_time() - started)
    assert simulated.duration_s / min(seconds) > 20
