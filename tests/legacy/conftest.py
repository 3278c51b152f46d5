"""What the tests of old folders share: a copy of the artefacts, in which commands run as a person would run them."""

import importlib
import shutil
from pathlib import Path

import pytest

ARTEFACTS = Path(__file__).resolve().parent / "artefacts"
# The clips that the artefacts were made of: recordings of groups 1 and 2, six clips of each class.
SUBSET = ("--data_dir=recordings", "--clips_per_class=6")


class OldFolders:
    """A copy of the artefacts that is the working directory."""

    subset = SUBSET

    def __init__(self, path: Path, capfd):
        self.path, self._capfd = path, capfd

    def run(self, command: str, *arguments: str) -> str:
        """Runs a command with the artefacts' settings; it must end with status 0. Returns what it printed."""
        return self.run_bare(command, "--flagfile=artefacts.flags", *arguments)

    def run_bare(self, command: str, *arguments: str) -> str:
        """The same without any settings."""
        from gansynth_isa.cli.runtime import run_command

        self._capfd.readouterr()
        status = run_command(importlib.import_module(f"gansynth_isa.cli.{command}").main, [command, *arguments])
        output, error = self._capfd.readouterr()
        assert status == 0, f"{command} {' '.join(arguments)}: status {status}: {error or output}"
        return output

    def contents(self, *folders: str) -> dict:
        """{path: (time of the last change, bytes)} of all files in these folders."""
        paths = [path for folder in folders for path in (self.path / folder).rglob("*") if path.is_file()]
        assert paths
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


@pytest.fixture
def old(tmp_path, monkeypatch, capfd) -> OldFolders:
    """The old folders, copied."""
    shutil.copytree(ARTEFACTS, tmp_path / "old")
    monkeypatch.chdir(tmp_path / "old")
    return OldFolders(tmp_path / "old", capfd)
