"""What `--help` shows is what the command uses, as its source tells."""

import ast
import dataclasses
import subprocess
import sys

import pytest

from gansynth_isa.cli.command_flags import COMMANDS, flags_of, module_of
from gansynth_isa.cli.options import CommandConfig, flag_groups

OF_COMMANDS = {item.name for item in dataclasses.fields(CommandConfig)} - {"hparams"}
REFUSALS = ("_refuse_ignored",)  # what an experiment refuses is not what it uses


def named_in_source(path) -> set[str]:
    """Settings of `CommandConfig` that a command's source reads, `required_dir` and `train_root_dir` included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if getattr(node, "name", "") not in REFUSALS]
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "required_dir":
            names.add(node.args[0].value)
    return names & OF_COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_flags_shown_of_the_commands_own_are_those_that_its_source_reads(command, repository):
    source = (repository / module_of(command).replace(".", "/")).with_suffix(".py")
    assert flags_of(command) & OF_COMMANDS == named_in_source(source)


def test_flags_shown_exist():
    known = {item.name for group in flag_groups() for item in dataclasses.fields(group)}
    for command in COMMANDS:
        assert flags_of(command) <= known


def test_every_installed_command_has_a_list(repository):
    text = (repository / "setup.cfg").read_text(encoding="utf-8")
    assert {line.split("=")[0].strip() for line in text.splitlines() if ".cli." in line} == {
        f"gansynth_isa_{command}" for command in COMMANDS
    }


def test_help_of_evaluate_leaves_out_the_flags_of_training_and_grid():
    command = [sys.executable, "-m", "gansynth_isa.cli.evaluate", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "--synthetic_dir=" in text and "--clips_per_class=" in text and "--seed=" in text
    for other in ("gan_repeats", "fmap_base", "stable_stage_num_images", "experiment_dir", "strategy"):
        assert f"--{other}" not in text
