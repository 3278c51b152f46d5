"""Differences between methods, paired by training subset, and means of a method, with bootstrap intervals.

The folds and the test clips are fixed: the interval says what new training subsets (draws), GANs and classifiers
would change, not what other test recordings would. How often intervals of so few hold the true value: `coverage.py`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from gansynth_isa.experiments.rows.cells import PAPER_CELLS, Cell, cell_of

NUM_REPLICATES = 4000
COVERAGE = 0.95

# Accuracies of one cell in one fold and draw: an array (trials,) per generator, by kind and number, or a single one
# without a generator.
CellValues = dict[tuple[str | None, int] | None, np.ndarray]
# A mean is the difference from a method that never recognises anything, and never varies.
_ZERO: CellValues = {None: np.zeros(1)}


@dataclass(frozen=True)
class MethodMean:
    """Accuracy of a cell at one level, as the mean over folds; attributes as in `Difference`."""

    level: int
    cell: Cell
    mean: float
    low: float
    high: float
    num_draws: int
    num_gans: int
    num_trials: int


@dataclass(frozen=True)
class Difference:
    """Accuracy of `cell` minus that of `other_cell` at one level, as the mean over folds.

    Attributes:
      level: clips per class.
      cell, other_cell: what is compared.
      mean: of the differences; folds weigh the same, and so do draws within a fold, GANs within a draw.
      low, high: ends of the 95 % bootstrap interval.
      num_folds: folds that have both.
      num_draws, num_gans, num_trials: the fewest that any fold, draw or GAN has: where there is only one, the
        interval knows nothing of that source of spread. `num_gans` is 0 where neither has a generator.
      replicates: float64 (NUM_REPLICATES,), what the interval is read off.
    """

    level: int
    cell: Cell
    other_cell: Cell
    mean: float
    low: float
    high: float
    num_folds: int
    num_draws: int
    num_gans: int
    num_trials: int
    replicates: np.ndarray = field(repr=False, compare=False)

    @property
    def method(self) -> str:
        """Name of the cell."""
        return self.cell.name

    @property
    def other(self) -> str:
        """Name of the cell that it is compared with."""
        return self.other_cell.name

    @property
    def is_of_the_paper(self) -> bool:
        """Whether the paper compares the two."""
        return self.cell.is_of_the_paper and self.other_cell.is_of_the_paper


def paired_differences(rows: Iterable[dict], seed: int = 0) -> list[Difference]:
    """One difference per level and pair of cells that some fold and draw have both of.

    Every pair has random numbers of its own, so that it does not depend on which others there are.

    Args:
      rows: of `results.jsonl`.
      seed: of the bootstrap; the same rows and seed give the same intervals.
    """
    cells = _cells(rows)
    differences = []
    for level in sorted({key[0] for key in cells}):
        present = sorted({key[1] for key in cells if key[0] == level}, key=lambda cell: cell.order)
        for other, cell in combinations(present, 2):
            rng = np.random.default_rng([seed, level, seed_of(other), seed_of(cell)])
            folds = _shared_draws(cells, level, cell, other)
            if folds:
                differences.append(_difference(level, cell, other, folds, rng))
    return differences


def method_means(rows: Iterable[dict], method: str, seed: int = 0) -> list[MethodMean]:
    """One mean per level at which the cell named `method` has classifiers; rows and seed as in `paired_differences`."""
    folds_by_level: dict[tuple[int, Cell], dict[str, list[CellValues]]] = defaultdict(lambda: defaultdict(list))
    found = {key: values for key, values in _cells(rows).items() if key[1].name == method}
    for level, cell, fold, draw in sorted(found, key=lambda key: (key[0], *key[2:])):
        folds_by_level[level, cell][fold].append(found[level, cell, fold, draw])
    return [
        _method_mean(level, cell, list(folds.values()), np.random.default_rng([seed, level, seed_of(cell)]))
        for (level, cell), folds in folds_by_level.items()
    ]


def seed_of(cell: Cell) -> int:
    """What a cell adds to the bootstrap's seed: 0 to 3 for those of the paper, else a number that follows its name."""
    if cell.is_of_the_paper:
        return PAPER_CELLS.index(cell.name)
    return int.from_bytes(hashlib.sha256(cell.name.encode()).digest()[:8], "big")


def interval(replicates: np.ndarray) -> tuple[float, float]:
    """Ends of the 95 % percentile interval."""
    low, high = np.quantile(replicates, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return float(low), float(high)


def _cells(rows: Iterable[dict]) -> dict[tuple, CellValues]:
    """(level, cell, fold, draw) -> accuracies by generator, in the order of the rows, by which resampling picks."""
    lists: dict[tuple, dict[tuple[str | None, int] | None, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        cell = cell_of(row)
        generator = None if row["gan"] is None else (cell.generator, row["gan"])
        lists[row["level"], cell, row["fold"], row["subset_seed"]][generator].append(row["accuracy"])
    return {key: {gan: np.array(values) for gan, values in by_gan.items()} for key, by_gan in lists.items()}


def _shared_draws(cells: dict, level: int, cell: Cell, other: Cell) -> list[list[tuple[CellValues, CellValues]]]:
    """Per fold, the draws that both cells have; of generators of the same kind, those that both have."""
    folds: dict[str, list[tuple[CellValues, CellValues]]] = defaultdict(list)
    for fold, draw in sorted({key[2:] for key in cells if key[:2] == (level, cell)}):
        own, others = cells[level, cell, fold, draw], cells.get((level, other, fold, draw))
        if others is None:
            continue
        if cell.generator == other.generator and None not in own and None not in others:
            shared = sorted(own.keys() & others.keys())
            own, others = ({gan: values[gan] for gan in shared} for values in (own, others))
        if own and others:
            folds[fold].append((own, others))
    return list(folds.values())


def _difference(level: int, cell: Cell, other: Cell, folds: Sequence, rng: np.random.Generator) -> Difference:
    replicates = np.mean([_resampled_fold(draws, rng) for draws in folds], axis=0)
    low, high = interval(replicates)
    num_gans, num_trials = _fewest(_varying(cell, other, folds))
    return Difference(
        level=level,
        cell=cell,
        other_cell=other,
        mean=float(np.mean([np.mean([_mean(first) - _mean(second) for first, second in draws]) for draws in folds])),
        low=low,
        high=high,
        num_folds=len(folds),
        num_draws=min(len(draws) for draws in folds),
        num_gans=num_gans,
        num_trials=num_trials,
        replicates=replicates,
    )


def _varying(cell: Cell, other: Cell, folds: Sequence) -> list[CellValues]:
    """What both cells have in every draw, without a cell whose one trial shows all that there is to see."""
    found = [
        values
        for draws in folds
        for pair in draws
        for each, values in zip((cell, other), pair, strict=True)
        if not each.method.is_deterministic
    ]
    return found or [values for draws in folds for pair in draws for values in pair]


def _method_mean(level: int, cell: Cell, folds: Sequence[Sequence[CellValues]], rng: np.random.Generator) -> MethodMean:
    pairs = [[(values, _ZERO) for values in draws] for draws in folds]
    low, high = interval(np.mean([_resampled_fold(draws, rng) for draws in pairs], axis=0))
    mean = float(np.mean([np.mean([_mean(values) for values in draws]) for draws in folds]))
    num_draws = min(len(draws) for draws in folds)
    return MethodMean(level, cell, mean, low, high, num_draws, *_fewest([each for draws in folds for each in draws]))


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
    """(count,) differences in one draw: cells that share their generators are given the same resampled ones."""
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
