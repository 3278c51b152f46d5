"""Rows of `results.jsonl` and `gans.jsonl` to means and standard deviations."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from gansynth_isa.experiments.rows.cells import Cell, cell_of, generator_of, order_of_kind


@dataclass(frozen=True)
class Summary:
    """Accuracy of one cell at one level, in one fold or over all of them.

    `deviation` is the sample standard deviation over repetitions, None for a single one; `num_trials` counts
    classifiers.
    """

    level: int
    cell: Cell
    fold: str | None
    mean: float
    deviation: float | None
    num_trials: int

    @property
    def method(self) -> str:
        """Name of the cell."""
        return self.cell.name


def summarise(rows: Iterable[dict]) -> list[Summary]:
    """One summary per level and cell, over all folds.

    A repetition is one choice of subset seed, GAN and trial, and its accuracy is the mean over the folds, all
    weighing the same: the deviation shows what repeating the whole protocol would change, not how much easier
    one fold is than another. A repetition that lacks a fold is left out: its mean would be that of other folds.
    So are folds that a cell of the level still lacks, see `comparable`.
    """
    rows = comparable(rows)
    unfinished = _incomplete(rows)
    groups = defaultdict(list)
    for row in rows:
        if _repetition(row) not in unfinished:
            groups[row["level"], cell_of(row)].append(row)
    return [
        _summary(level, cell, None, _repetitions(groups[level, cell]), len(groups[level, cell]))
        for level, cell in sorted(groups, key=_order)
    ]


def summarise_folds(rows: Iterable[dict]) -> list[Summary]:
    """One summary per fold, level and cell: mean and deviation over the trials in it."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["level"], cell_of(row), row["fold"]].append(row["accuracy"])
    return [
        _summary(level, cell, fold, groups[level, cell, fold], len(groups[level, cell, fold]))
        for level, cell, fold in sorted(groups, key=lambda key: (_order(key), key[2]))
    ]


def incomplete_repetitions(rows: Iterable[dict]) -> int:
    """Repetitions that lack a fold which others have: a sign that the experiment is not finished."""
    return len(_incomplete(comparable(rows)))


def comparable(rows: Iterable[dict]) -> list[dict]:
    """The rows of the compared folds, of those cells that have all of them.

    While an experiment runs, one method is ahead of the others: means over other folds cannot be compared.
    """
    rows = list(rows)
    folds = compared_folds(rows)
    left_out = {(level, cell) for level, cell, _ in cells_left_out(rows)}
    return [row for row in rows if row["fold"] in folds[row["level"]] and (row["level"], cell_of(row)) not in left_out]


def compared_folds(rows: Iterable[dict]) -> dict[int, list[str]]:
    """Level -> the folds in which every cell of the paper at that level has a classifier, sorted.

    The other cells have no say, so that they change no number of the paper's; at a level that has none of the
    paper's, all of them have.
    """
    folds = {}
    for level, by_cell in sorted(_folds_of_cells(rows).items()):
        of_the_paper = [present for cell, present in by_cell.items() if cell.is_of_the_paper]
        folds[level] = sorted(set.intersection(*(of_the_paper or by_cell.values())))
    return folds


def cells_left_out(rows: Iterable[dict]) -> list[tuple[int, Cell, list[str]]]:
    """(level, cell, folds) of the cells that lack some of the compared folds, and which."""
    rows = list(rows)
    compared, found = compared_folds(rows), _folds_of_cells(rows)
    keys = sorted(((level, cell) for level in found for cell in found[level]), key=_order)
    lacking = [(level, cell, sorted(set(compared[level]) - found[level][cell])) for level, cell in keys]
    return [item for item in lacking if item[2]]


@dataclass(frozen=True)
class GanSummary:
    """Means over the generators of one kind at one level; spread and agreement as `evaluation/` measures them."""

    generator: str
    level: int
    class_agreement: float
    relative_spread: float
    nearest_real_distance: float
    minutes: float
    num_gans: int


def summarise_gans(rows: Iterable[dict]) -> list[GanSummary]:
    """One summary per kind of generator, the paper's first, and level."""
    groups = defaultdict(list)
    for row in rows:
        groups[generator_of(row), row["level"]].append(row)
    return [
        GanSummary(
            generator=kind,
            level=level,
            class_agreement=mean(row["class_agreement"] for row in groups[kind, level]),
            relative_spread=mean(row["relative_spread"] for row in groups[kind, level]),
            nearest_real_distance=mean(row["nearest_real_distance"] for row in groups[kind, level]),
            minutes=mean(row["minutes"] for row in groups[kind, level]),
            num_gans=len(groups[kind, level]),
        )
        for kind, level in sorted(groups, key=lambda key: (order_of_kind(key[0]), key[1]))
    ]


def _summary(level: int, cell: Cell, fold: str | None, values: Sequence[float], num_trials: int) -> Summary:
    deviation = stdev(values) if len(values) > 1 else None
    return Summary(level, cell, fold, mean(values), deviation, num_trials)


def _repetitions(rows: Iterable[dict]) -> list[float]:
    """The accuracy of every repetition, the mean over its folds."""
    accuracies = defaultdict(list)
    for row in rows:
        accuracies[_repetition(row)].append(row["accuracy"])
    return [mean(values) for values in accuracies.values()]


def _incomplete(rows: Iterable[dict]) -> set[tuple]:
    """The repetitions that lack a fold which others of their level have."""
    folds, everything = defaultdict(set), defaultdict(set)
    for row in rows:
        folds[_repetition(row)].add(row["fold"])
        everything[row["level"]].add(row["fold"])
    return {repetition for repetition, present in folds.items() if present != everything[repetition[0]]}


def _repetition(row: dict) -> tuple:
    return row["level"], cell_of(row), row["subset_seed"], row["gan"], row["trial"]


def _folds_of_cells(rows: Iterable[dict]) -> dict[int, dict[Cell, set[str]]]:
    """Level -> cell -> the folds in which it has a classifier."""
    found: dict[int, dict[Cell, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        found[row["level"]][cell_of(row)].add(row["fold"])
    return found


def _order(key: tuple) -> tuple:
    """Levels ascending, cells in their order."""
    return key[0], key[1].order
