"""Kills trainings again and again, and compares where they end with one that was never stopped."""

import contextlib
import json
import random
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from gansynth_isa.files import UNFINISHED
from gansynth_isa.runs.board import EVENT_FILES
from gansynth_isa.runs.checkpoints import checkpoint_image, list_checkpoints, load_checkpoint
from gansynth_isa.runs.run_folder import RunFolder

KINDS = ("training", "training", "writing", "writing", "start")  # what a kill aims at, equally often
RATES = ("images_per_s", "stage_left_s", "run_left_s")  # what two equal runs need not share
REPORT = re.compile(r"(?P<place>stage \d+ image +[\d,]+) (?P<values>.*) \| +[\d.]+ images/s")
POLL_S = 0.02
POLL_WHILE_WRITING_S = 0.001  # a file is half written for a few milliseconds
LATEST_TARGET = 0.9  # share of the images by which the last kill is aimed


class CrashBattery:
    """Kills a run at random moments, and another one where it ended before all kills were done.

    Args:
      command: the training, without the folder of the run.
      work_dir: where the runs go: `uninterrupted`, `killed_1`, ...
      report: is given a line per kill.
    """

    def __init__(self, command: Sequence[str], work_dir: Path, report: Callable[[str], None]):
        self._command, self._report = list(command), report
        self._work_dir, self.uninterrupted, self.killed = work_dir, work_dir / "uninterrupted", work_dir / "killed_1"
        self._output = work_dir / "output.txt"
        self.num_kills = 0

    def run(self, num_kills: int, seed: int) -> list[str]:
        """Trains without a stop, then with kills, and returns what differs between the two, a line each."""
        started = time.monotonic()
        self._finish(self.uninterrupted)
        duration_s = time.monotonic() - started
        rows = read_metrics(self.uninterrupted)
        self._report(f"uninterrupted: {rows[-1]['image']:,} images in {duration_s:.1f} s")
        chance = random.Random(seed)
        found, num_runs = [], 0
        while self.num_kills < num_kills:
            num_runs, killed_before = num_runs + 1, self.num_kills
            self.killed = self._work_dir / f"killed_{num_runs}"
            self._kill_often(num_kills, chance, rows[-1]["image"], duration_s)
            self._finish(self.killed)
            found += run_differences(self.uninterrupted, self.killed)
            if self.num_kills == killed_before:
                break  # the training ends before anything can stop it
        return found

    def _kill_often(self, num_kills: int, chance: random.Random, num_images: int, duration_s: float) -> None:
        """Kills the run until enough is done or it ends."""
        num_left = num_kills - self.num_kills
        for target in sorted(chance.uniform(0, LATEST_TARGET * num_images) for _ in range(num_left)):
            if not self._kill_once(chance.choice(KINDS), target, chance.random(), duration_s, num_kills):
                return

    def _start(self, folder: Path) -> subprocess.Popen:
        command = [*self._command, f"--train_root_dir={folder}"]
        with self._output.open("ab") as output:
            return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)

    def _finish(self, folder: Path) -> None:
        status = self._start(folder).wait()
        if status != 0:
            said = self._output.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the training ended with status {status}: {said[-2000:]}")

    def _kill_once(self, kind: str, target: float, chance: float, duration_s: float, num_kills: int) -> bool:
        """Starts the run and kills it at the moment given; whether it could before the run ended."""
        left_before, reported_before = self._unfinished(), self._reported_ns()
        # A kill may have come later than the next one is aimed; reports of the process before do not count.
        target = max(target, checkpoint_image(saved[-1]) + 1 if (saved := self._saved()) else 0)
        process = self._start(self.killed)
        started = time.monotonic()
        if kind == "start":
            self._wait(process, lambda: time.monotonic() - started > chance * duration_s / 2)
        else:
            self._wait(process, lambda: self._reported_ns() != reported_before and _last_image(self.killed) >= target)
        if kind == "training":
            arrived = time.monotonic()
            self._wait(process, lambda: time.monotonic() - arrived > chance * duration_s / num_kills / 2)
        if kind == "writing":
            self._wait(process, lambda: self._is_saving(left_before), POLL_WHILE_WRITING_S)
        if process.poll() is not None:
            self._report(f"not killed: the training ended before, with status {process.returncode}")
            return False
        process.kill()
        process.wait()
        self.num_kills += 1
        after_s = time.monotonic() - started
        self._report(f"kill {self.num_kills}/{num_kills} ({kind}) after {after_s:.1f} s: {self._where(left_before)}")
        return True

    @staticmethod
    def _wait(process: subprocess.Popen, is_reached: Callable[[], bool], poll_s: float = POLL_S) -> None:
        while process.poll() is None and not is_reached():
            time.sleep(poll_s)

    def _reported_ns(self) -> int | None:
        """When metrics.jsonl was last written to."""
        path = RunFolder(self.killed).metrics_path
        return path.stat().st_mtime_ns if path.exists() else None

    def _saved(self) -> list[Path]:
        """Checkpoints by rising image."""
        return [path for stage in sorted(self.killed.glob("stage_*")) for path in list_checkpoints(stage)]

    def _is_saving(self, left_before: dict[Path, int]) -> bool:
        return any(path.parent.name.startswith("stage_") for path in _new(self._unfinished(), left_before))

    def _unfinished(self) -> dict[Path, int]:
        """Files that are half written, and when they were last written to."""
        found = {}
        for path in self.killed.rglob(UNFINISHED):
            with contextlib.suppress(FileNotFoundError):
                found[path] = path.stat().st_mtime_ns
        return found

    def _where(self, left_before: dict[Path, int]) -> str:
        """What the folder says about the moment of the kill."""
        saved = self._saved()
        place = f"checkpoint {saved[-1].parent.name}/{saved[-1].stem}" if saved else "no checkpoint yet"
        unfinished = [path.parent.name for path in _new(self._unfinished(), left_before)]
        return f"{place}, image {_last_image(self.killed):,} reported" + (
            f", a file in {unfinished[0]} half written" if unfinished else ""
        )


def _new(present: dict[Path, int], before: dict[Path, int]) -> list[Path]:
    return [path for path, written_ns in present.items() if before.get(path) != written_ns]


def _last_image(folder: Path) -> int:
    rows = read_metrics(folder)
    return rows[-1]["image"] if rows else 0


def read_metrics(folder: Path) -> list[dict]:
    """The whole lines of metrics.jsonl; none without the file."""
    path = RunFolder(folder).metrics_path
    if not path.exists():
        return []
    return [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")
    ]


def report_lines(folder: Path) -> dict[str, str]:
    """The reports in log.txt without rates: stage and image -> the rest; of one given again, the last."""
    path = folder / "log.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    reports = [match for line in lines if (match := REPORT.search(line))]
    return {match["place"]: match["values"] for match in reports}


def run_differences(first: Path, second: Path) -> list[str]:
    """What differs between two finished runs, times and rates aside: a line each, none if they are the same."""
    found = []
    if RunFolder(first).description_path.read_bytes() != RunFolder(second).description_path.read_bytes():
        found.append("experiment.json differs")
    for stage in sorted({path.name for folder in (first, second) for path in folder.glob("stage_*")}):
        found += _checkpoint_differences(first / stage, second / stage)
    rows = [[_without_rates(row) for row in read_metrics(folder)] for folder in (first, second)]
    if rows[0] != rows[1]:
        found.append(f"metrics.jsonl: {len(rows[0])} and {len(rows[1])} lines that are not the same")
    logs = [report_lines(folder) for folder in (first, second)]
    if logs[0] != logs[1]:
        found.append(f"log.txt: {len(logs[0])} and {len(logs[1])} reports that are not the same")
    pictures = [{path.name: path.read_bytes() for path in folder.glob("samples/*.png")} for folder in (first, second)]
    if pictures[0] != pictures[1]:
        found.append(f"samples: {len(pictures[0])} and {len(pictures[1])} pictures that are not the same")
    events = [read_events(folder) for folder in (first, second)]
    if events[0] != events[1]:
        found.append(f"TensorBoard: {len(events[0])} and {len(events[1])} values that are not the same")
    return found


def _checkpoint_differences(first: Path, second: Path) -> list[str]:
    names = [[path.name for path in list_checkpoints(folder)] for folder in (first, second)]
    if names[0] != names[1]:
        return [f"{first.name}: checkpoints {names[0]} and {names[1]}"]
    found = []
    for name in names[0]:
        expected, received = load_checkpoint(first / name), load_checkpoint(second / name)
        differing = [key for key in expected | received if not _same_bits(expected.get(key), received.get(key))]
        if differing:
            found.append(f"{first.name}/{name}: {len(differing)} arrays differ, {differing[0]} for one")
    return found


def _same_bits(first: np.ndarray | None, second: np.ndarray | None) -> bool:
    if first is None or second is None or first.dtype != second.dtype or first.shape != second.shape:
        return False
    return first.tobytes() == second.tobytes()


def _without_rates(row: dict) -> dict:
    return {name: value for name, value in row.items() if name not in RATES}


def read_events(folder: Path) -> list[tuple[int, str, bytes]]:
    """(step, tag, value) of all TensorBoard values in the folder, rates and the run's name aside, sorted."""
    found = []
    for path in folder.glob(EVENT_FILES):
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            event = tf.compat.v1.Event.FromString(record)
            for value in event.summary.value:
                if value.tag not in RATES and not value.tag.startswith("_hparams_"):
                    found.append((event.step, value.tag, value.tensor.SerializeToString()))
    return sorted(found)
