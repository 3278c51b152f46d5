"""A training of processes of their own, killed once; scripts/crash_test is the long form, of many random moments."""

import pytest

from gansynth_isa.checks.crash_battery import CrashBattery, report_lines
from gansynth_isa.checks.tiny_training import SETTINGS, tiny_training
from gansynth_isa.cli.crash_test import CrashTestConfig
from gansynth_isa.cli.options import parse_options
from gansynth_isa.data.simulation.writer import simulate_balls
from gansynth_isa.errors import InputError
from gansynth_isa.generators.registry import kinds
from gansynth_isa.validation import to_dict


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


def test_every_kind_that_saves_checkpoints_has_settings_of_seconds_and_no_other_kind_is_taken():
    trained = {name for name, kind in kinds().items() if kind.saves_checkpoints}
    assert trained == set(SETTINGS)
    assert {CrashTestConfig(generator=name).generator for name in trained} == trained
    with pytest.raises(InputError, match="generator: expected a kind that saves checkpoints .*, got gaussian"):
        CrashTestConfig(generator="gaussian")
    with pytest.raises(InputError, match="mixed_precision: expected float32 for wavegan"):
        CrashTestConfig(generator="wavegan", mixed_precision="bfloat16")


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_command_of_a_kind_is_understood_and_trains_so_many_images(name):
    arguments = tiny_training("recordings", 160, generator=name)[3:]
    options = parse_options(["train", *arguments, "--train_root_dir=run"], "")
    settings = to_dict(options.generators[name])
    values = {key: value for group in (settings, *settings.values()) if isinstance(group, dict)
              for key, value in group.items()}  # fmt: skip
    assert 160 in values.values()


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
