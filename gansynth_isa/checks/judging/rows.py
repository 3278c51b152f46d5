"""Rows of many experiments as one list: a folder per set, in it a folder per draw."""

from pathlib import Path

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import RESULTS_FILE, read_rows

COLUMNS = ("experiment", "level", "fold", "subset_seed", "method", "generator", "gan", "trial", "accuracy", "steps")


def collect_rows(work_dir: Path) -> list[dict]:
    """The rows of all experiments in WORK_DIR/SET/DRAW, in short, with set and draw.

    Raises:
      InputError: no experiments there, a folder whose name is no number of a draw, or rows that cannot be read.
    """
    folders = sorted(path.parent for path in work_dir.glob(f"*/*/{RESULTS_FILE}"))
    if not folders:
        raise InputError(f"work_dir: expected experiments in {work_dir}/SET/DRAW, found none")
    return [row for folder in folders for row in _of_draw(folder)]


def _of_draw(folder: Path) -> list[dict]:
    if not folder.name.isdecimal():
        raise InputError(f"work_dir: expected folders named by the number of a draw, got {folder}")
    place = {"set": folder.parent.name, "draw": int(folder.name)}
    return [{**place, **{name: row.get(name) for name in COLUMNS}} for row in read_rows(folder / RESULTS_FILE)]
