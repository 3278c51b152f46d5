"""Differences between methods, paired by training subset, and means of a method, with bootstrap intervals.

The folds and the test clips are fixed: the interval says what new training subsets (draws), GANs and classifiers
would change, not what other test recordings would. How often intervals of so few hold the true value: `coverage.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from gansynth_isa.config import METHODS

NUM_REPLICATES = 4000
COVERAGE = 0.95

# Accuracies of one method in one fold and draw: an array (trials,) per GAN, or a single one without a GAN.
CellValues = dict[int | None, np.ndarray]
# A mean is the difference from a method that never recognises anything, and never varies.
_ZERO: CellValues = {None: np.zeros(1)}


@dataclass(frozen=True)
class MethodMean:
    """Accuracy of `method` at one level, as the mean over folds; attributes as in `Difference`."""

    level: int
    method: str
    mean: float
    low: float
    high: float
    num_draws: int
    num_gans: int
    num_trials: int


@dataclass(frozen=True)
class Difference:
    """Accuracy of `method` minus that of `other` at one level, as the mean over folds.

    Attributes:
      level: clips per class.
      method, other: the two methods.
      mean: of the differences; folds weigh the same, and so do draws within a fold, GANs within a draw.
      low, high: ends of the 95 % bootstrap interval.
      num_folds: folds that have both methods.
      num_draws, num_gans, num_trials: the fewest that any fold, draw or GAN has: where there is only one, the
        interval knows nothing of that source of spread. `num_gans` is 0 where neither method has a GAN.
      replicates: float64 (NUM_REPLICATES,), what the interval is read off.
    """

    level: int
    method: str
    other: str
    mean: float
    low: float
    high: float
    num_folds: int
    num_draws: int
    num_gans: int
    num_trials: int
    replicates: np.ndarray = field(repr=False, compare=False)


def paired_differences(rows: Iterable[dict], seed: int = 0) -> list[Difference]:
    """One difference per level and pair of methods that some fold and draw have both of.

    Args:
      rows: of `results.jsonl`.
      seed: of the bootstrap; the same rows and seed give the same intervals.
    """
    cells = _cells(rows)
    differences = []
    for level in sorted({key[0] for key in cells}):
        for other, method in combinations(METHODS, 2):
            rng = np.random.default_rng([seed, level, METHODS.index(other), METHODS.index(method)])
            folds = _shared_draws(cells, level, method, other)
            if folds:
                differences.append(_difference(level, method, other, folds, rng))
    return differences


def method_means(rows: Iterable[dict], method: str, seed: int = 0) -> list[MethodMean]:
    """One mean per level at which `method` has classifiers; rows and seed as in `paired_differences`."""
    folds_by_level = defaultdict(lambda: defaultdict(list))
    for (level, found, fold, _), cell in sorted(_cells(rows).items(), key=lambda item: item[0]):
        if found == method:
            folds_by_level[level][fold].append(cell)
    return [
        _method_mean(level, method, list(folds.values()), np.random.default_rng([seed, level, METHODS.index(method)]))
        for level, folds in folds_by_level.items()
    ]


def interval(replicates: np.ndarray) -> tuple[float, float]:
    """Ends of the 95 % percentile interval."""
    low, high = np.quantile(replicates, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return float(low), float(high)


def _cells(rows: Iterable[dict]) -> dict[tuple, CellValues]:
    """(level, method, fold, draw) -> accuracies by GAN."""
    lists = defaultdict(lambda: defaultdict(list))
    for row in rows:
        lists[row["level"], row["method"], row["fold"], row["subset_seed"]][row["gan"]].append(row["accuracy"])
    return {key: {gan: np.array(values) for gan, values in by_gan.items()} for key, by_gan in lists.items()}


def _shared_draws(cells: dict, level: int, method: str, other: str) -> list[list[tuple[CellValues, CellValues]]]:
    """Per fold, the draws that both methods have; of GANs, those that both have where both have some."""
    folds = defaultdict(list)
    for fold, draw in sorted({key[2:] for key in cells if key[:2] == (level, method)}):
        pair = cells[level, method, fold, draw], cells.get((level, other, fold, draw))
        if pair[1] is None:
            continue
        if None not in pair[0] and None not in pair[1]:
            shared = pair[0].keys() & pair[1].keys()
            pair = tuple({gan: cell[gan] for gan in sorted(shared)} for cell in pair)
        if pair[0] and pair[1]:
            folds[fold].append(pair)
    return list(folds.values())


def _difference(level: int, method: str, other: str, folds: Sequence, rng: np.random.Generator) -> Difference:
    replicates = np.mean([_resampled_fold(draws, rng) for draws in folds], axis=0)
    low, high = interval(replicates)
    num_gans, num_trials = _fewest([cell for draws in folds for pair in draws for cell in pair])
    return Difference(
        level=level,
        method=method,
        other=other,
        mean=float(np.mean([np.mean([_mean(first) - _mean(second) for first, second in draws]) for draws in folds])),
        low=low,
        high=high,
        num_folds=len(folds),
        num_draws=min(len(draws) for draws in folds),
        num_gans=num_gans,
        num_trials=num_trials,
        replicates=replicates,
    )


def _method_mean(
    level: int, method: str, folds: Sequence[Sequence[CellValues]], rng: np.random.Generator
) -> MethodMean:
    low, high = interval(np.mean([_resampled_fold([(cell, _ZERO) for cell in draws], rng) for draws in folds], axis=0))
    mean = float(np.mean([np.mean([_mean(cell) for cell in draws]) for draws in folds]))
    num_draws = min(len(draws) for draws in folds)
    return MethodMean(level, method, mean, low, high, num_draws, *_fewest([cell for draws in folds for cell in draws]))


def _fewest(cells: Sequence[CellValues]) -> tuple[int, int]:
    """The fewest GANs that any of `cells` has, 0 where none has any, and the fewest trials."""
    num_gans = min((len(cell) for cell in cells if None not in cell), default=0)
    return num_gans, min(len(values) for cell in cells for values in cell.values())


def _mean(cell: CellValues) -> float:
    return float(np.mean([values.mean() for values in cell.values()]))


def _resampled_fold(draws: Sequence[tuple[CellValues, CellValues]], rng: np.random.Generator) -> np.ndarray:
    """Replicates (NUM_REPLICATES,) of one fold's difference: draws with replacement, then what is in each."""
    total = np.zeros(NUM_REPLICATES)
    for _ in draws:
        chosen = rng.integers(len(draws), size=NUM_REPLICATES)
        for index, pair in enumerate(draws):
            where = np.flatnonzero(chosen == index)
            total[where] += _resampled_pair(*pair, len(where), rng)
    return total / len(draws)


def _resampled_pair(first: CellValues, second: CellValues, count: int, rng: np.random.Generator) -> np.ndarray:
    """(count,) differences in one draw: methods that share their GANs are given the same resampled ones."""
    gans = _choose(len(first), count, rng)
    other_gans = gans if first.keys() == second.keys() else _choose(len(second), count, rng)
    return _resampled_mean(first, gans, rng) - _resampled_mean(second, other_gans, rng)


def _choose(size: int, count: int, rng: np.random.Generator) -> np.ndarray:
    return rng.integers(size, size=(count, size))


def _resampled_mean(cell: CellValues, gans: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(count,) means over the chosen GANs (count, GANs), the trials of each resampled anew."""
    means = np.empty(gans.shape)
    for index, values in enumerate(cell.values()):
        where = gans == index
        trials = _choose(len(values), int(where.sum()), rng)
        means[where] = values[trials].mean(axis=1)
    return means.mean(axis=1)
