"""A training of processes of their own, killed at random moments; scripts/crash_test is the long form."""

import pytest

from gansynth_isa.checks.crash_battery import CrashBattery, tiny_training
from gansynth_isa.data.simulation.writer import simulate_balls


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=5, test_files=6)
    return folder


@pytest.mark.slow
def test_training_killed_at_random_moments_ends_as_if_never_stopped(recordings, tmp_path):
    lines = []
    battery = CrashBattery(tiny_training(recordings, stage_images=640), tmp_path, lines.append)
    assert battery.run(num_kills=2, seed=3) == [], lines
    assert battery.num_kills == 2, lines


def test_training_that_fails_is_an_error_that_shows_its_output(tmp_path):
    battery = CrashBattery(tiny_training(tmp_path / "nothing", stage_images=160), tmp_path, lambda line: None)
    with pytest.raises(RuntimeError, match="status 2: error: .*nothing"):
        battery.run(num_kills=1, seed=0)
