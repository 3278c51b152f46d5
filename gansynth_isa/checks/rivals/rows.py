"""Rows of the experiments in WORK/rivals/SET/DRAW/FOLDER, and of the generators in them, in short."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gansynth_isa.checks.judging.rows import experiments_in
from gansynth_isa.checks.rivals.lines import Line
from gansynth_isa.experiments.rows.files import GANS_FILE, RESULTS_FILE, read_rows
from gansynth_isa.experiments.trials import GeneratorKey

FOLDER = "rivals"  # below the folder of work, beside the experiments of a judgement
CLASSIFIERS_FILE, GENERATORS_FILE = "classifiers.jsonl", "generators.jsonl"
MEMORY_FILE = "memory.json"  # of an experiment's process, beside its folder
COST_FILE = "cost.json"  # of a generator, in its folder
_PLACE = ("set", "draw", "folder", "method", "generator")
_KEYS = {CLASSIFIERS_FILE: (*_PLACE, "level", "trial"), GENERATORS_FILE: (*_PLACE[:3], "generator", "level")}
_RATIOS = ("class_means", "spread", "grain", "deviation_over_time", "memorisation")


def classifier_rows(work_dir: Path) -> list[dict]:
    """A row per classifier: its place, accuracy and steps.

    Raises:
      InputError: a folder whose name is no number of a draw, or rows that cannot be read.
    """
    columns = ("level", "method", "generator", "trial", "accuracy", "steps", "experiment")
    return [
        {**place, **{column: row.get(column) for column in columns}}
        for place, folder in _experiments(work_dir)
        for row in read_rows(folder / RESULTS_FILE)
    ]


def generator_rows(work_dir: Path) -> list[dict]:
    """A row per generator: its place, minutes of training and generating, instruments, and costs where measured.

    Raises:
      InputError: as `classifier_rows`.
    """
    found = []
    for place, folder in _experiments(work_dir):
        memory = _json(folder.with_name(f"{folder.name}.{MEMORY_FILE}"))
        for row in read_rows(folder / GANS_FILE):
            head = {**place, "generator": row["generator"], "level": row["level"], "minutes": row["minutes"]}
            generator_dir = folder / "gans" / _generator_name(row)
            found.append({**head, **_instruments(row), **memory, **_json(generator_dir / COST_FILE)})
    return found


def generator_dirs(work_dir: Path) -> list[Path]:
    """The folders of all generators that were measured and are still there."""
    places = ((folder, row) for _, folder in _experiments(work_dir) for row in read_rows(folder / GANS_FILE))
    found = (folder / "gans" / _generator_name(row) for folder, row in places)
    return [path for path in found if path.is_dir()]


def merged(name: str, output_dir: Path, rows: Sequence[Mapping]) -> list[dict]:
    """Rows that `output_dir` holds from other machines, and in place of those of the same experiments the rows here.

    Args:
      name: `CLASSIFIERS_FILE` or `GENERATORS_FILE`.
      output_dir: where they are kept.
      rows: of this machine.
    """
    keys = _KEYS[name]
    here = {(row["set"], row["draw"], row["folder"]) for row in rows}
    others = [row for row in read_rows(output_dir / name) if (row["set"], row["draw"], row["folder"]) not in here]
    by_key = {tuple(row[key] for key in keys): dict(row) for row in (*others, *rows)}
    return [by_key[key] for key in sorted(by_key, key=lambda key: tuple(map(str, key)))]


def line_of(row: Mapping) -> Line:
    """What the row of a classifier is about."""
    return row["folder"], row["method"], row["generator"]


def _experiments(work_dir: Path) -> Iterator[tuple[dict, Path]]:
    for place, path in experiments_in(work_dir / FOLDER, f"*/*/*/{RESULTS_FILE}"):
        yield {**place, "folder": path.parent.name}, path.parent


def _generator_name(row: Mapping) -> str:
    return GeneratorKey.from_row(dict(row)).name


def _instruments(row: Mapping) -> dict:
    """Means over classes of what the test side says; nothing where the experiment had no instruments."""
    measured = row.get("instruments", {}).get("test")
    if measured is None:
        return {}
    return {
        "usefulness": measured["usefulness"],
        **{name: measured[name]["mean"] for name in _RATIOS},
        "kernel_distance": (measured["kernel_distance"]["overall"] or {}).get("value"),
        **{f"onsets_{name}": measured["onsets"][name]["mean"] for name in ("number", "strength", "spacing")},
    }


def _json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
