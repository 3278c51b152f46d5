"""Rows of many experiments as one list: a folder per set, in it a folder per draw.

Where one class is scarce, the folder of a draw holds one experiment for each class that is so in turn.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import RESULTS_FILE, read_rows

COLUMNS = (
    *("experiment", "level", "fold", "subset_seed", "method", "generator", "gan", "trial"),
    *("accuracy", "steps", "real_share", "recall", "confusion_matrix"),
)


def collect_rows(work_dir: Path) -> list[dict]:
    """The rows of all experiments in WORK_DIR/SET/DRAW, in short, with set and draw.

    Raises:
      InputError: a folder whose name is no number of a draw, or rows that cannot be read.
    """
    return _collected(work_dir, f"*/*/{RESULTS_FILE}", lambda path, row: {})


def collect_scarce_rows(work_dir: Path) -> list[dict]:
    """The rows of all experiments in WORK_DIR/SET/DRAW/CLASS, in short, with set, draw, and scores of the scarce class.

    Raises:
      InputError: as `collect_rows`, or an experiment in which not exactly one class is scarce.
    """
    return _collected(work_dir, f"*/*/*/{RESULTS_FILE}", _of_scarce_class)


def experiments_in(work_dir: Path, pattern: str) -> Iterator[tuple[dict, Path]]:
    """Set and draw of each file of rows, and the file, in order.

    Args:
      work_dir: folder of SET/DRAW.
      pattern: of the files below it.

    Raises:
      InputError: a folder whose name is no number of a draw.
    """
    for path in sorted(work_dir.glob(pattern)):
        name, draw = path.relative_to(work_dir).parts[:2]
        if not draw.isdecimal():
            raise InputError(f"work_dir: expected folders named by the number of a draw, got {work_dir / name / draw}")
        yield {"set": name, "draw": int(draw)}, path


def _collected(work_dir: Path, pattern: str, further: Callable[[Path, dict], dict]) -> list[dict]:
    found = []
    for place, path in experiments_in(work_dir, pattern):
        for row in read_rows(path):
            found.append({**place, **{column: row.get(column) for column in COLUMNS}, **further(path, row)})
    return found


def _of_scarce_class(path: Path, row: dict) -> dict:
    counts = row.get("clips_of_class", {})
    if len(counts) != 1:
        raise InputError(f"{path}: expected one scarce class, given by --clips_of_class, got {len(counts)}")
    ((name, clips),) = counts.items()
    scores = {score: row[score][name] for score in ("recall", "precision")}
    return {"scarce": name, "clips": clips, **scores, "mean_recall": row["mean_recall"]}
