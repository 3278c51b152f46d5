"""Every command in README and docs: its flags exist, its files are there, and what has a --dry_run is run with it."""

import dataclasses
import importlib
import importlib.util
import json
import os
import re
import shlex
from pathlib import Path

import pytest

from gansynth_isa.cli.benchmark import BenchmarkConfig
from gansynth_isa.cli.command_flags import COMMANDS, flags_of, module_of
from gansynth_isa.cli.crash_test import CrashTestConfig
from gansynth_isa.cli.flag_parsing import define_flags, given_directly, parse_command_line
from gansynth_isa.cli.options import flag_groups, parse_options
from gansynth_isa.cli.runtime import run_command

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = [
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
    REPOSITORY / "docs" / "results" / "README.md",
    REPOSITORY / "docs" / "results" / "gan_as_published" / "README.md",
]
# Scripts whose flags are the commands' own, and those that have others.
SCRIPTS_WITH_OPTIONS = ("check_baseline", "check_instruments", "round_trip", "augmentation_sheet")
SCRIPTS_WITH_CONFIG = {"benchmark": BenchmarkConfig, "crash_test": CrashTestConfig}
OTHER_PROGRAMS = ("pip", "python", "ray", "tensorboard", "ruff", "mypy")
# Flags of other programs, and of scripts, that the text names.
FOREIGN_FLAGS = {
    "help", "flagfile", "newest", "pdb", "durations", "head", "address", "logdir", "config", "midi_file", "ckpt_dir",
}  # fmt: skip
OUTPUTS = ("output_dir", "export_dir", "picture")
RECORDINGS_OF_FLAG_FILE = {"bulk_material": "bulk", "building_impacts": "impacts"}


@dataclasses.dataclass(frozen=True)
class Command:
    """One command of a page: variables before it, program, arguments."""

    page: str
    line: int
    variables: tuple[str, ...]
    program: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}:{Path(self.program).name}"

    @property
    def flags(self) -> dict[str, str]:
        """{name: value} of the arguments of the form --name=value; of several flag files the first, the data set's."""
        return dict(argument[2:].split("=", 1) for argument in reversed(self.arguments) if "=" in argument)


def commands_of(page: Path) -> list[Command]:
    """The commands in the fenced blocks of a page that name no language."""
    found, text = [], page.read_text(encoding="utf-8")
    for block in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        line = text[: block.start(2)].count("\n") + 1
        for entry in re.split(r"(?<!\\)\n", block[2].rstrip("\n")) if block[1] in ("", "bash", "sh") else ():
            words = shlex.split(entry.replace("\\\n", " "), comments=True)
            for part in " ".join(map(shlex.quote, words)).split(" '&&' "):
                found += [_command(page, line, shlex.split(part))] if part else []
            line += entry.count("\n") + 1
    return found


def _command(page: Path, line: int, words: list[str]) -> Command:
    program = next(i for i, word in enumerate(words) if not re.match(r"[A-Z_]+=", word))
    name = str(page.relative_to(REPOSITORY))
    return Command(name, line, tuple(words[:program]), words[program], tuple(words[program + 1 :]))


ALL = [command for page in PAGES for command in commands_of(page)]
OURS = [command for command in ALL if command.program.startswith("gansynth_isa_")]
OTHERS = [command for command in ALL if not command.program.startswith("gansynth_isa_")]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Commands run in a folder that is not the repository."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


SETTINGS = {item.name for group in flag_groups() for item in dataclasses.fields(group)}


def test_pages_hold_every_installed_command_and_every_flag_file():
    assert {command.program.removeprefix("gansynth_isa_") for command in OURS} == set(COMMANDS)
    index = (REPOSITORY / "docs" / "README.md").read_text(encoding="utf-8")
    for file in (REPOSITORY / "flags").iterdir():
        assert f"`{file.stem}`" in index, f"docs/README.md: no word about the flag file {file.name}"


@pytest.mark.parametrize("command", OURS, ids=str)
def test_documented_command_uses_flags_that_exist_and_that_it_needs(command):
    name = command.program.removeprefix("gansynth_isa_")
    argv = [command.program, *command.arguments]
    if command.arguments != ("--help",):
        parse_options(argv, "", takes_files=name == "predict")
    assert given_directly(argv) & SETTINGS <= flags_of(name)
    for variable in command.variables:
        assert variable.startswith("TF_CONFIG=") and json.loads(variable.partition("=")[2])["cluster"]


@pytest.mark.parametrize("command", OTHERS, ids=str)
def test_documented_script_module_or_program_exists(command):
    path = Path(command.program)
    argv = [path.name, *command.arguments]
    if path.parts[0] in ("scripts", ".ci"):
        assert os.access(REPOSITORY / path, os.X_OK), f"{path}: expected an executable file"
    elif path.name not in OTHER_PROGRAMS:
        pytest.fail(f"{command}: a program that these tests do not know")
    if path.name in SCRIPTS_WITH_CONFIG:
        parse_command_line(define_flags([SCRIPTS_WITH_CONFIG[path.name]]), argv)
    elif path.name in SCRIPTS_WITH_OPTIONS:
        parse_options(argv, "")
    elif path.name == "python" and command.arguments[0] == "-m":
        assert importlib.util.find_spec(command.arguments[1]), command.arguments[1]
        if command.arguments[1].startswith("gansynth_isa.cli."):
            parse_options(["python", *command.arguments[2:]], "")


def stand_in(command: Command, name: str, value: str, stand, elsewhere: Path) -> str:
    """The tiny folder for the placeholder that the flag `name` is given, or `value` where it is none."""
    kind = _kind_of_recordings(command)
    program = command.program.removeprefix("gansynth_isa_")
    if name in OUTPUTS or (program, name) in (("train", "train_root_dir"), ("simulate", "data_dir")):
        return str(elsewhere / f"new_{value}")
    made = {
        "data_dir": stand.recordings,
        "train_root_dir": stand.gan,
        "init_from": stand.gan,
        "input_dir": stand.recordings,
        "embedding_model": stand.embedding_model,
        "imported_dir": stand.imported,
        "synthetic_dir": stand.synthetic,
        "classifier_dir": stand.classifier,
        "classifier_init_from": stand.classifier,
        "unlabelled_dir": lambda _: stand.recordings("bulk"),  # of other content than any that is tested
        "model": stand.classifier,
    }
    if name == "experiment_dir":
        return str(REPOSITORY / "docs" / "results" / "gan_as_published" / "bulk_material")
    return str(made[name](kind)) if name in made else value


def _kind_of_recordings(command: Command) -> str:
    if "pucks" in command.flags.get("flagfile", "") + command.flags.get("dataset", ""):
        return "pucks"
    return RECORDINGS_OF_FLAG_FILE.get(command.flags.get("flagfile"), "balls")


def runnable(command: Command, stand, elsewhere: Path) -> list[str]:
    """The arguments of a command with tiny folders in place of the placeholders, and --dry_run where there is one."""
    arguments = []
    for argument in command.arguments:
        name, equals, value = argument.removeprefix("--").partition("=")
        if argument.endswith(".wav") and not argument.startswith("--"):
            argument = str(next(stand.recordings("balls").rglob("*.wav")))
        elif equals:
            argument = f"--{name}={stand_in(command, name, value, stand, elsewhere)}"
        arguments.append(argument)
    dry = "dry_run" in flags_of(command.program.removeprefix("gansynth_isa_"))
    return [*arguments, "--dry_run"] if dry else arguments


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in OURS if command.arguments != ("--help",)], ids=str)
def test_documented_command_runs_dry_on_tiny_recordings_in_any_folder(command, stand, elsewhere, capfd):
    module = importlib.import_module(module_of(command.program.removeprefix("gansynth_isa_")))
    arguments = runnable(command, stand, elsewhere)
    capfd.readouterr()
    status = run_command(module.main, [command.program, *arguments])
    assert status == 0, f"{arguments}\n{capfd.readouterr().err}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_text_of_a_page_names_scripts_and_flags_that_exist(page):
    text = page.read_text(encoding="utf-8")
    for name in set(re.findall(r"\bscripts/(\w+)", text)):
        assert (REPOSITORY / "scripts" / name).exists(), f"scripts/{name}"
    classes = (*flag_groups(), *SCRIPTS_WITH_CONFIG.values())
    known = {item.name for group in classes for item in dataclasses.fields(group)} | FOREIGN_FLAGS
    assert set(re.findall(r"(?<![\w-])--(\w+)", text)) - {"check"} <= known
    assert "flags/" not in re.sub(r"`flags/`|gansynth_isa/flag_files/", "", text), "--flagfile=NAME works in any folder"


# The folder that a command writes to, and what may be different when it goes on there or writes the same anew.
WRITES = {
    "train": "train_root_dir",
    "simulate": "data_dir",
    "export": "export_dir",
    **dict.fromkeys(("generate", "import", "classify", "experiment", "evaluate"), "output_dir"),
}
FREE = {"samples_per_class", "generators", "strategy", "jobs", "ray_address", "task_cpus", "task_gpus"}
DEFAULTS = ("--generator=gansynth", "--format=saved_model")


def test_documented_commands_do_not_write_different_things_to_one_folder():
    written = {}
    for command in OURS:
        name = command.program.removeprefix("gansynth_isa_")
        folder = command.flags.get(WRITES.get(name))
        of_results = command.page.startswith("docs/results")  # each of these speaks of folders of its own
        if folder and not of_results and "--dry_run" not in command.arguments:
            asked = set(command.arguments) - set(DEFAULTS)
            kept = [argument for argument in asked if argument[2:].split("=")[0] not in FREE]
            written.setdefault(folder, {}).setdefault((name, *sorted(kept)), []).append(str(command))
    assert {"GAN", "SYNTHETIC", "CLASSIFIER", "EXPERIMENT"} <= set(written)
    twice = {folder: list(commands.values()) for folder, commands in written.items() if len(commands) > 1}
    assert not twice, twice
