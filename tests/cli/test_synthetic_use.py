"""--synthetic_use and its companions on the command line."""

import pytest

from gansynth_isa.cli import classify, experiment
from gansynth_isa.cli.runtime import run_command

COMMANDS = {"classify": (classify, "--method="), "experiment": (experiment, "--levels=4 --methods=")}
DRY = ["--dataset=mb", "--dry_run", "--output_dir=nowhere"]


def run(command, method, *flags):
    module, prefix = COMMANDS[command]
    return run_command(module.main, ["x", *DRY, *f"{prefix}{method}".split(), *flags])


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--synthetic_use=pretrain", "--synthetic_weight=0.7", "--synthetic_statistics=apart"])
def test_use_without_synthetic_clips_is_refused_in_one_line(command, flag, capfd):
    assert run(command, "augmented", flag) == 2
    error = capfd.readouterr().err
    name = flag[2:].split("=")[0]
    assert error.count("\n") == 1
    assert f"{name}: expected a method with synthetic clips, got augmented, which uses none" in error


def test_use_in_a_flag_file_is_passed_over_by_methods_without_synthetic_clips(tmp_path, capfd):
    (tmp_path / "uses.flags").write_text("--synthetic_use=pretrain\n")
    assert run("experiment", "augmented", f"--flagfile={tmp_path / 'uses.flags'}") == 0
    assert "synthetic clips, then" not in capfd.readouterr().out


def test_use_that_does_not_exist_offers_the_nearest(capfd):
    assert run("experiment", "gan", "--synthetic_use=pretrian") == 2
    assert "expected one of mix, pretrain, weighted, got 'pretrian'; did you mean 'pretrain'?" in capfd.readouterr().err


def test_plan_of_an_experiment_says_how_synthetic_clips_are_used(capfd):
    assert run("experiment", "gan", "--synthetic_use=pretrain", "--synthetic_steps_share=0.25") == 0
    assert "the first 25% of the steps on synthetic clips, then real ones" in capfd.readouterr().out
    assert run("experiment", "gan") == 0
    assert "steps on synthetic" not in capfd.readouterr().out
