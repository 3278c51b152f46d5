"""Rows of `results.jsonl` and `gans.jsonl` to means and standard deviations."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from gansynth_isa.config import METHODS


@dataclass(frozen=True)
class Summary:
    """Accuracy of one method at one level, in one fold or over all of them.

    `deviation` is the sample standard deviation over repetitions, None for a single one; `num_trials` counts
    classifiers.
    """

    level: int
    method: str
    fold: str | None
    mean: float
    deviation: float | None
    num_trials: int


def summarise(rows: Iterable[dict]) -> list[Summary]:
    """One summary per level and method, over all folds.

    A repetition is one choice of subset seed, GAN and trial, and its accuracy is the mean over the folds, all
    weighing the same: the deviation shows what repeating the whole protocol would change, not how much easier
    one fold is than another. A repetition that lacks a fold is left out: its mean would be that of other folds.
    So are folds that a method of the level still lacks, see `comparable`.
    """
    rows = comparable(rows)
    unfinished = _incomplete(rows)
    groups = defaultdict(list)
    for row in rows:
        if _cell(row) not in unfinished:
            groups[row["level"], row["method"]].append(row)
    return [
        _summary(level, method, None, _repetitions(groups[level, method]), len(groups[level, method]))
        for level, method in sorted(groups, key=_order)
    ]


def summarise_folds(rows: Iterable[dict]) -> list[Summary]:
    """One summary per fold, level and method: mean and deviation over the trials in it."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["level"], row["method"], row["fold"]].append(row["accuracy"])
    return [
        _summary(level, method, fold, groups[level, method, fold], len(groups[level, method, fold]))
        for level, method, fold in sorted(groups, key=lambda key: (_order(key), key[2]))
    ]


def incomplete_repetitions(rows: Iterable[dict]) -> int:
    """Repetitions that lack a fold which others have: a sign that the experiment is not finished."""
    return len(_incomplete(comparable(rows)))


def comparable(rows: Iterable[dict]) -> list[dict]:
    """The rows of those folds in which every method of the level has a classifier.

    While an experiment runs, one method is ahead of the others: means over other folds cannot be compared.
    """
    rows = list(rows)
    folds = compared_folds(rows)
    return [row for row in rows if row["fold"] in folds[row["level"]]]


def compared_folds(rows: Iterable[dict]) -> dict[int, list[str]]:
    """Level -> the folds in which every method of the level has a classifier, sorted."""
    present = defaultdict(lambda: defaultdict(set))
    for row in rows:
        present[row["level"]][row["method"]].add(row["fold"])
    return {level: sorted(set.intersection(*present[level].values())) for level in sorted(present)}


@dataclass(frozen=True)
class GanSummary:
    """Means over the GANs of one level; spread and agreement as `evaluation/` measures them."""

    level: int
    class_agreement: float
    relative_spread: float
    nearest_real_distance: float
    minutes: float
    num_gans: int


def summarise_gans(rows: Iterable[dict]) -> list[GanSummary]:
    """One summary per level."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["level"]].append(row)
    return [
        GanSummary(
            level=level,
            class_agreement=mean(row["class_agreement"] for row in groups[level]),
            relative_spread=mean(row["relative_spread"] for row in groups[level]),
            nearest_real_distance=mean(row["nearest_real_distance"] for row in groups[level]),
            minutes=mean(row["minutes"] for row in groups[level]),
            num_gans=len(groups[level]),
        )
        for level in sorted(groups)
    ]


def _summary(level: int, method: str, fold: str | None, values: Sequence[float], num_trials: int) -> Summary:
    deviation = stdev(values) if len(values) > 1 else None
    return Summary(level, method, fold, mean(values), deviation, num_trials)


def _repetitions(rows: Iterable[dict]) -> list[float]:
    accuracies = defaultdict(list)
    for row in rows:
        accuracies[_repetition(row)].append(row["accuracy"])
    return [mean(values) for values in accuracies.values()]


def _incomplete(rows: Iterable[dict]) -> set[tuple]:
    """The cells that lack a fold which others of their level have."""
    folds, everything = defaultdict(set), defaultdict(set)
    for row in rows:
        folds[_cell(row)].add(row["fold"])
        everything[row["level"]].add(row["fold"])
    return {cell for cell, present in folds.items() if present != everything[cell[0]]}


def _cell(row: dict) -> tuple:
    return row["level"], row["method"], _repetition(row)


def _repetition(row: dict) -> tuple:
    return row["subset_seed"], row["gan"], row["trial"]


def _order(key: tuple) -> tuple:
    """Levels ascending, methods in the order in which the paper names them."""
    return key[0], METHODS.index(key[1]) if key[1] in METHODS else len(METHODS), key[1]
