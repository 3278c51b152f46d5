"""Every setting declares what it decides, and nothing else says it."""

import ast
import dataclasses

import pytest

from gansynth_isa.cli.benchmark import BenchmarkConfig
from gansynth_isa.cli.crash_test import CrashTestConfig
from gansynth_isa.cli.options import CommandConfig, flag_groups
from gansynth_isa.config.identity import decided_by
from gansynth_isa.validation import Decides

OF_COMMANDS = [
    pytest.param(item, id=f"{group.__name__}.{item.name}")
    for group in (CommandConfig, BenchmarkConfig, CrashTestConfig)
    for item in dataclasses.fields(group)
]


def test_fields_of_all_groups_are_settings_or_hold_groups(repository):
    calls = []
    for path in (repository / "gansynth_isa").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                ast.unparse(base).endswith(("Validated", "Settings")) for base in node.bases
            ):
                fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
                calls += [(path.name, item.target.id, ast.unparse(item.value).split("(")[0]) for item in fields]
    assert len(calls) > 100
    assert {call for *_, call in calls} == {"setting", "field"}
    assert {name for _, name, call in calls if call == "field"} <= {
        *("data", "features", "network", "training", "gan", "classifier", "grid", "generators")
    }


def test_no_room_below_the_commands_keeps_a_list_of_settings(repository):
    known = {item.name for group in flag_groups() for item in dataclasses.fields(group)}
    rooms = repository / "gansynth_isa"
    for path in rooms.rglob("*.py"):
        assigned = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.Assign)]
        for node in [inner for statement in assigned for inner in ast.walk(statement.value)]:
            if isinstance(node, ast.Tuple | ast.List | ast.Set) and path.relative_to(rooms).parts[0] != "cli":
                names = [entry.value for entry in node.elts if isinstance(entry, ast.Constant)]
                assert len(names) < 2 or not set(names) <= known, f"{path}: {names}: see config.identity"


@pytest.mark.parametrize("item", OF_COMMANDS)
def test_setting_of_a_command_decides_nothing_that_is_trained(item):
    # But for the kind, which the folder of every training names.
    kind = Decides.TRAINING if item.name == "generator" else Decides(0)
    assert decided_by(item) in Decides.PLACE | Decides.OUTPUT | Decides.SPEED | kind
