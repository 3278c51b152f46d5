"""A training of processes of their own, killed once; scripts/crash_test is the long form, of many random moments."""

import pytest

from gansynth_isa.checks.crash_battery import CrashBattery, report_lines
from gansynth_isa.checks.tiny_training import tiny_training
from gansynth_isa.data.simulation.writer import simulate_balls


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=5, test_files=6)
    return folder


@pytest.mark.slow
def test_training_killed_while_it_writes_ends_as_if_never_stopped(recordings, tmp_path):
    lines = []
    battery = CrashBattery(tiny_training(recordings, stage_images=160), tmp_path, lines.append)
    assert battery.run(num_kills=1, seed=9) == [], lines  # in the transition
    assert battery.num_kills == 1 and "(writing)" in lines[1], lines


def test_training_that_fails_is_an_error_that_shows_its_output(tmp_path):
    battery = CrashBattery(tiny_training(tmp_path / "nothing", stage_images=160), tmp_path, lambda line: None)
    with pytest.raises(RuntimeError, match="status 2: error: .*nothing"):
        battery.run(num_kills=1, seed=0)


def test_reports_of_any_kind_are_read_from_a_log_without_their_rates(tmp_path):
    (tmp_path / "log.txt").write_text(
        "2026-01-02 03:04:05 stage 0 image        16 progress 0.00 | D 1.5 |   12.3 images/s, left 1:20 / 2:00\n"
        "2026-01-02 03:04:06 resuming in stage 0 at image 8; reports above of later images are void\n"
        "2026-01-02 03:04:07 stage 0 image        16 noise 0.25 |    2.5 images/s, left 0:00 / 0:00\n"
        "2026-01-02 03:04:08 stage 0 image     1,024 noise 0.50 |    2.5 images/s, left 0:00 / 0:00\n"
    )
    assert report_lines(tmp_path) == {
        "stage 0 image        16": "noise 0.25", "stage 0 image     1,024": "noise 0.50"
    }  # fmt: skip
