"""What scripts/test hands to pytest: how the suite is shared between processes, and what the newest TensorFlow runs."""

import shutil
import subprocess

import pytest

SHARED = ["-n", "logical", "--maxprocesses", "4", "--dist", "worksteal"]
# Stands for the interpreter of an environment: usable, and says what it is told to run.
INTERPRETER = '#!/usr/bin/env bash\n[[ "$1" == -c ]] || printf "%s\\n" "$@"\n'


@pytest.fixture
def handed_over(repository, tmp_path):
    """A function of arguments of scripts/test: what pytest is given, in a repository whose environments are made."""
    shutil.copytree(repository / "scripts", tmp_path / "scripts")
    room = tmp_path / "tests" / "spectral"
    room.mkdir(parents=True)
    (room / "test_mel.py").touch()
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(repository / name, tmp_path)
    for environment, week in ((".venv", ""), (".venv-newest", " $(date +%G-W%V)")):
        python = tmp_path / environment / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(INTERPRETER)
        python.chmod(0o755)
        stamp = f'echo "$(cat setup.cfg pyproject.toml | cksum){week} $PWD" > {environment}/installed'
        subprocess.run(["bash", "-c", stamp], cwd=tmp_path, check=True)

    def run(*arguments):
        command = ["bash", tmp_path / "scripts" / "test", *arguments]
        shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        assert shown[:2] == ["-m", "pytest"]
        return shown[2:]

    return run


@pytest.mark.parametrize(
    "arguments", [[], ["tests/spectral"], ["tests/spectral", "-k", "mel"], ["-x", "--durations=5"]]
)
def test_suite_and_rooms_are_shared_between_processes(handed_over, arguments):
    assert handed_over(*arguments) == [*SHARED, *arguments]


@pytest.mark.parametrize(
    "arguments",
    [
        ["tests/spectral/test_mel.py"],
        ["tests/spectral/test_mel.py::test_name[a-b]", "-q"],
        ["tests/spectral", "-s"],
        ["tests/spectral", "--pdb"],
        ["-n", "3"],
        ["-n0"],
        ["--version"],
    ],
)
def test_files_and_what_needs_the_terminal_or_says_it_run_as_they_are_told(handed_over, arguments):
    assert handed_over(*arguments) == arguments


def test_newest_leaves_out_what_is_slow_and_rooms_that_no_library_has_a_part_in(handed_over):
    found = handed_over("--newest", "-x")
    assert found[: len(SHARED) + 2] == [*SHARED, "-m", "not slow"] and found[-1] == "-x"
    ignored = [argument.partition("=")[2] for argument in found[len(SHARED) + 2 : -1]]
    assert "tests/docs" in ignored and not [path for path in ignored if path.startswith("tests/spectral")]


def test_newest_runs_a_room_that_is_named(handed_over):
    assert handed_over("--newest", "tests/spectral") == [*SHARED, "-m", "not slow", "tests/spectral"]
    assert handed_over("--newest", "tests/spectral/test_mel.py") == ["-m", "not slow", "tests/spectral/test_mel.py"]
