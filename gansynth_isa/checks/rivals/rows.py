"""Rows of the experiments in WORK/rivals/SET/DRAW/FOLDER, and of the generators in them, in short."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gansynth_isa.checks.judging.rows import experiments_in
from gansynth_isa.checks.rivals.lines import Line
from gansynth_isa.classifiers.files import read_json
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.checks import check_gan_rows, check_results, is_number
from gansynth_isa.experiments.rows.files import GANS_FILE, RESULTS_FILE, read_rows
from gansynth_isa.experiments.trials import GeneratorKey

FOLDER = "rivals"  # below the folder of work, beside the experiments of a judgement
CLASSIFIERS_FILE, GENERATORS_FILE = "classifiers.jsonl", "generators.jsonl"
MEMORY_FILE = "memory.json"  # of an experiment's process, beside its folder
COST_FILE = "cost.json"  # of a generator, in its folder
_PLACE = ("set", "draw", "folder", "level", "fold", "subset_seed", "generator", "gan")
_KEYS = {CLASSIFIERS_FILE: (*_PLACE, "method", "trial"), GENERATORS_FILE: _PLACE}
_RATIOS = ("class_means", "spread", "grain", "deviation_over_time", "memorisation")


def classifier_rows(work_dir: Path) -> list[dict]:
    """A row per classifier: its place, accuracy and steps.

    Raises:
      InputError: a folder whose name is no number of a draw, or rows that cannot be read.
    """
    columns = ("level", "fold", "subset_seed", "method", "generator", "gan", "trial", "accuracy", "steps", "experiment")
    found = []
    for place, folder in _experiments(work_dir):
        rows = read_rows(folder / RESULTS_FILE)
        check_results(folder / RESULTS_FILE, rows)
        found += [{**place, **{column: row.get(column) for column in columns}} for row in rows]
    return found


def generator_rows(work_dir: Path) -> list[dict]:
    """A row per generator: its place, minutes of training and generating, instruments, and costs where measured.

    Raises:
      InputError: as `classifier_rows`.
    """
    found = []
    for place, folder in _experiments(work_dir):
        memory = _numbers(folder.with_name(f"{folder.name}.{MEMORY_FILE}"))
        for row in _measured(folder):
            key = GeneratorKey.from_row(row)
            cost = _numbers(folder / "gans" / key.name / COST_FILE)
            found.append({**place, **key.row(), "minutes": row["minutes"], **_instruments(row), **memory, **cost})
    return found


def generator_dirs(work_dir: Path) -> list[Path]:
    """The folders of all generators that were measured and are still there."""
    places = ((folder, row) for _, folder in _experiments(work_dir) for row in _measured(folder))
    found = (folder / "gans" / GeneratorKey.from_row(row).name for folder, row in places)
    return [path for path in found if path.is_dir()]


def merged(name: str, output_dir: Path, rows: Sequence[Mapping]) -> list[dict]:
    """Rows that `output_dir` holds from other machines, and in place of those of the same experiments the rows here.

    Args:
      name: `CLASSIFIERS_FILE` or `GENERATORS_FILE`.
      output_dir: where they are kept.
      rows: of this machine.

    Raises:
      InputError: rows that are there are damaged.
    """
    keys = _KEYS[name]
    kept = read_rows(output_dir / name)
    for number, row in enumerate(kept, start=1):
        if lacking := [key for key in keys if key not in row]:
            raise InputError(f"{output_dir / name}: row {number}: expected {lacking[0]}, which is missing")
    here = {(row["set"], row["draw"], row["folder"]) for row in rows}
    others = [row for row in kept if (row["set"], row["draw"], row["folder"]) not in here]
    by_key = {tuple(row[key] for key in keys): dict(row) for row in (*others, *rows)}
    return [by_key[key] for key in sorted(by_key, key=lambda key: tuple(map(str, key)))]


def line_of(row: Mapping) -> Line:
    """What the row of a classifier is about."""
    return row["folder"], row["method"], row["generator"]


def _experiments(work_dir: Path) -> Iterator[tuple[dict, Path]]:
    for place, path in experiments_in(work_dir / FOLDER, f"*/*/*/{RESULTS_FILE}"):
        yield {**place, "folder": path.parent.name}, path.parent


def _measured(folder: Path) -> list[dict]:
    """The rows of an experiment's generators, checked."""
    path = folder / GANS_FILE
    rows = read_rows(path)
    check_gan_rows(path, rows)
    return rows


def _instruments(row: Mapping) -> dict:
    """Means over classes of what the test side says; nothing where the experiment had no instruments."""
    measured = (row.get("instruments") or {}).get("test")
    if not measured:
        return {}
    return {
        "usefulness": measured["usefulness"],
        **{name: measured[name]["mean"] for name in _RATIOS},
        "kernel_distance": (measured["kernel_distance"]["overall"] or {}).get("value"),
        **{f"onsets_{name}": measured["onsets"][name]["mean"] for name in ("number", "strength", "spacing")},
    }


def _numbers(path: Path) -> dict:
    """The numbers in a JSON file; nothing without one."""
    values = read_json(path, "numbers") if path.exists() else {}
    for name, value in values.items():
        if value is not None and not is_number(value):
            raise InputError(f"{path}: {name}: expected a finite number, got {str(value)[:60]!r}")
    return values
