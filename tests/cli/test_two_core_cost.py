"""What a training of each kind costs at each flag file for two cores, by the plan that --dry_run prints."""

import re

import pytest

from gansynth_isa.cli import train
from gansynth_isa.cli.runtime import run_command

LARGEST_TFLOP, LARGEST_MINUTES = 60.0, 15  # of one training, whichever allows more
COST = re.compile(r"cost ([\d,.]+) TFLOP: (?:about ([\d,]+) minutes|less than a minute)")


def most_of(lines):
    """(largest number of TFLOP, largest number of minutes) that the lines of a plan tell."""
    found = [match.groups() for match in map(COST.search, lines) if match]
    return max(float(tflop.replace(",", "")) for tflop, _ in found), max(int(minutes or 0) for _, minutes in found)


@pytest.mark.parametrize("kind", ["gansynth", "diffusion", "wavegan", "specgan"])
@pytest.mark.parametrize("flag_file", ["mb_two_cores", "pucks_two_cores", "bulk_material", "building_impacts"])
def test_training_takes_60_tflop_or_15_minutes_at_most(flag_file, kind, request, tmp_path, capfd):
    arguments = [f"--flagfile={flag_file}", f"--generator={kind}", f"--train_root_dir={tmp_path / 'G'}", "--dry_run"]
    if not flag_file.endswith("_two_cores"):  # a preset of the paper needs no recordings for its plan
        arguments.append(f"--data_dir={request.getfixturevalue('shared_dir') / 'data' / flag_file}")
    assert run_command(train.main, ["train", *arguments]) == 0
    tflop, minutes = most_of(capfd.readouterr().out.splitlines())
    assert 0.0 < tflop <= LARGEST_TFLOP or minutes <= LARGEST_MINUTES, (tflop, minutes)


def test_largest_cost_of_a_plan_is_read():
    assert most_of(
        ["one", "cost 18.0 TFLOP: about 2 minutes on two cores", "cost 1,329.2 TFLOP: about 37 minutes"]
    ) == (
        1329.2,
        37,
    )
    assert most_of(["cost 0.5 TFLOP: less than a minute on two cores at 150 GFLOP/s"]) == (0.5, 0)
