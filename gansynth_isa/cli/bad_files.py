"""Tries damaged recordings, folders and manifests: each must be refused in one line that names it.

Usage: scripts/bad_files

Every damaged recording is read by itself, by all decoders, which must agree; every unusual one must be read right;
every damaged folder goes through gansynth_isa_inspect; at the end all recordings go through it at once with
--skip_bad_files, which must go on and count them. Prints a table by kind and exits 1 if anything was refused in
another way, took longer than 10 s, or asked for more than 64 MiB.
"""

import contextlib
import faulthandler
import io
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from gansynth_isa.checks.damaged.files import DamagedFile, damaged_files
from gansynth_isa.checks.damaged.folders import DamagedFolder, damaged_folders, make_sound
from gansynth_isa.checks.damaged.unusual import UnusualFile, unusual_files
from gansynth_isa.cli.runtime import EXIT_BAD_INPUT, quiet_session, run_command
from gansynth_isa.data.audio.decoding import read_audio
from gansynth_isa.data.audio.opening import audio_info
from gansynth_isa.errors import InputError, printable
from gansynth_isa.tables import text_table

Result = TypeVar("Result")
MAX_SECONDS = 10.0
MAX_BYTES = 2**26
SECONDS_UNTIL_HUNG = 120


@dataclass
class Outcome:
    """What came of the cases so far: per kind how many were refused and how many read, and all failures."""

    refused: Counter = field(default_factory=Counter)
    read: Counter = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def text(self) -> str:
        """A table by kind, and what failed."""
        rows: list[tuple[str, str | int, str | int]] = [("kind", "refused", "read")]
        rows += [(kind, self.refused[kind], self.read[kind]) for kind in {**self.refused, **self.read}]
        rows.append(("all", self.refused.total(), self.read.total()))
        return "\n".join([text_table(rows), *(f"FAILED {failure}" for failure in self.failures)])


def main(argv: Sequence[str]) -> int:
    """Runs the battery; returns 1 if a case failed."""
    if "--help" in argv or "-h" in argv:
        print(__doc__)
        return 0
    if len(argv) != 1:
        raise InputError("usage: scripts/bad_files, without arguments")
    with tempfile.TemporaryDirectory() as folder, quiet_session() as session:
        outcome = Outcome()
        cases = list(damaged_files())
        check_files(cases, Path(folder) / "files", outcome)
        check_unusual(unusual_files(), Path(folder) / "unusual", outcome)
        session.console.line(outcome.text())
        failures = outcome.failures
        outcome = Outcome()
        check_folders(damaged_folders(), Path(folder) / "folders", outcome)
        check_skipping(cases, Path(folder) / "skipping", outcome)
        session.console.line("\n" + outcome.text())
    return 1 if failures or outcome.failures else 0


def check_files(cases: Sequence[DamagedFile], folder: Path, outcome: Outcome) -> None:
    """Reads each damaged recording by itself, below the new folder `folder`."""
    make_sound(folder)
    read_audio(folder / "nut" / "1.wav")  # the decoders load at their first use: that is no case's time
    for case in cases:
        path = folder / case.name
        path.write_bytes(case.contents)
        refusal = _watch(case.name, partial(_refusal_of, path), outcome)
        if refusal is None:
            outcome.read[case.kind] += 1
            if case.must_be_refused:
                outcome.failures.append(f"{case.kind}: {case.name} was read")
            continue
        outcome.refused[case.kind] += 1
        if case.name not in refusal:
            outcome.failures.append(f"{case.kind}: {case.name}: {refusal}")


def check_unusual(cases: Iterable[UnusualFile], folder: Path, outcome: Outcome) -> None:
    """Reads each unusual recording by all decoders, below the new folder `folder`; its samples must be right."""
    folder.mkdir(parents=True)
    for case in cases:
        path = folder / case.name
        path.write_bytes(case.contents)
        _watch(case.name, partial(_compare, path, case, outcome), outcome)


def _compare(path: Path, case: UnusualFile, outcome: Outcome) -> None:
    refusal = _refusal_of(path)
    if refusal is not None:
        outcome.refused[case.kind] += 1
        outcome.failures.append(f"{case.kind}: {case.name}: {refusal}")
        return
    outcome.read[case.kind] += 1
    for use_tensorflow_io in (True, False):
        samples, _ = read_audio(path, use_tensorflow_io)
        if samples.shape != case.samples.shape or np.abs(samples - case.samples).max() > case.tolerance:
            outcome.failures.append(f"{case.kind}: {case.name}: other samples are read")


def check_folders(cases: Iterable[DamagedFolder], folder: Path, outcome: Outcome) -> None:
    """Sends each damaged folder through gansynth_isa_inspect."""
    for number, case in enumerate(cases):
        root = folder / f"{number:03d}"
        root.mkdir(parents=True)
        case.make(root)
        flags = [f"--data_dir={root}", *(flag.replace("{root}", str(root)) for flag in case.flags)]
        result = _watch(case.kind, partial(_inspect, flags), outcome)
        if result is None:
            continue
        status, _, errors = result
        outcome.refused[case.kind] += status == EXIT_BAD_INPUT
        is_one_line = errors.startswith("error: ") and errors[-1] == "\n" and printable(errors[:-1]) == errors[:-1]
        if status != EXIT_BAD_INPUT or not is_one_line or case.named not in errors:
            outcome.failures.append(f"{case.kind}: status {status}, expected {case.named!r} in: {errors}")


def check_skipping(cases: Sequence[DamagedFile], folder: Path, outcome: Outcome) -> None:
    """All damaged recordings in one data set: it is refused, and with --skip_bad_files usable without them."""
    make_sound(folder)
    certain = [case for case in cases if case.must_be_refused]
    for case in certain:
        (folder / "nut" / case.name).write_bytes(case.contents)
    for flags, wanted in (([], EXIT_BAD_INPUT), (["--skip_bad_files"], 0)):
        kind = f"{len(certain)} recordings in one folder {' '.join(flags)}".strip()
        result = _watch(kind, partial(_inspect, [f"--data_dir={folder}", *flags]), outcome)
        if result is None:
            continue
        status, lines, errors = result
        outcome.refused[kind] += status == EXIT_BAD_INPUT
        outcome.read[kind] += status == 0
        if status != wanted or f"{len(certain)} recordings that cannot be used" not in lines:
            outcome.failures.append(f"{kind}: status {status}, expected {wanted}: {errors}")


def _inspect(flags: list[str]) -> tuple[int, str, str]:
    """(status, standard output, standard error) of the command."""
    from gansynth_isa.cli import inspect

    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        status = run_command(inspect.main, ["gansynth_isa_inspect", *flags])
    return status, output.getvalue(), errors.getvalue()


def _refusal_of(path: Path) -> str | None:
    """Why a recording is refused; all decoders must agree, and what they read must have a header that is read."""
    with contextlib.redirect_stderr(io.StringIO()) as errors:
        refusals = [_refusal(partial(read_audio, path, use_tensorflow_io)) for use_tensorflow_io in (True, False)]
        header_refusal = _refusal(partial(audio_info, path))
    if "Traceback" in errors.getvalue():  # of libsndfile's callbacks, which nobody can catch
        raise AssertionError(errors.getvalue())
    if refusals[0] != refusals[1] or header_refusal not in (None, refusals[0]):
        raise AssertionError(f"decoders disagree: {refusals[0]}; {refusals[1]}; header: {header_refusal}")
    return refusals[0]


def _refusal(read: Callable) -> str | None:
    try:
        read()
    except InputError as error:
        return str(error)
    return None


def _watch(name: str, run: Callable[[], Result], outcome: Outcome) -> Result | None:
    """What `run` returns; notes what raises, is slow, or asks for much memory, and ends the process where it hangs."""
    faulthandler.dump_traceback_later(SECONDS_UNTIL_HUNG, exit=True)
    tracemalloc.start()
    started = time.monotonic()
    try:
        return run()
    except Exception as error:
        outcome.failures.append(f"{name}: {error!r}")
        return None
    finally:
        seconds, (_, peak) = time.monotonic() - started, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        faulthandler.cancel_dump_traceback_later()
        if seconds > MAX_SECONDS or peak > MAX_BYTES:
            outcome.failures.append(f"{name}: took {seconds:.1f} s and {peak / 2**20:.0f} MiB")


def run() -> None:
    """Entry point of scripts/bad_files."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
