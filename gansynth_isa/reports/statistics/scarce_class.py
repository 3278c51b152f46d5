"""Scores of scarce classes, and what methods gain there over the augmented control, paired by draw.

All of it follows from the confusion matrices of rows, so that rows without scores of their own can be read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np
from scipy.stats import t

from gansynth_isa.experiments.rows.cells import Cell, cell_of

COVERAGE = 0.95
CONTROL = "augmented"  # real clips alone, augmented: what every other method must beat

Places = dict[tuple, dict[tuple, float]]  # draw -> (experiment, fold) -> score


@dataclass(frozen=True)
class Gain:
    """Mean of paired differences over draws, with its 95 % t-interval; both ends are None for a single draw."""

    mean: float
    low: float | None
    high: float | None
    num_draws: int


@dataclass(frozen=True)
class ScarceScores:
    """How one cell does at one level.

    Attributes:
      level: clips of each of the other classes.
      cell: the method, and the kind of its generator.
      recall: of the scarce class, mean over classifiers; the mean over the classes where several are scarce. None where
        no class is scarce, or it has no test clip.
      precision: of all clips taken for the scarce class by all classifiers, the share that is of it; None without any.
      mean_recall: mean of the recalls of all classes with a test clip, mean over classifiers.
      num_classifiers: how many.
      recall_gain, mean_recall_gain: over the control, None where there is no control to compare with.
    """

    level: int
    cell: Cell
    recall: float | None
    precision: float | None
    mean_recall: float | None
    num_classifiers: int
    recall_gain: Gain | None
    mean_recall_gain: Gain | None


def training_counts(row: dict) -> dict[str, int]:
    """Class name -> training clips of the subset that a row's classifier belongs to."""
    counts = row.get("clips_of_class", {})
    return {name: counts.get(name, row["level"]) for name in row["recall"]}


def scarce_classes(row: dict) -> list[int]:
    """Indices of the classes with the fewest training clips; none where all have equally many."""
    counts = list(training_counts(row).values())
    return [index for index, count in enumerate(counts) if count < max(counts) and count == min(counts)]


def scarce_scores(experiments: Sequence[Sequence[dict]]) -> list[ScarceScores]:
    """One per level and cell, over all experiments together.

    A draw is a subset seed of a data set. What an experiment and a fold have of it is averaged first, over generators
    and trials, then folds and experiments, all weighing the same: with each class scarce in turn in an experiment of
    its own, a draw's gain is the mean over the classes.

    Args:
      experiments: the rows of each, see `summary.comparable`.
    """
    places: dict[tuple[int, Cell], list[tuple[tuple, dict]]] = defaultdict(list)
    for number, rows in enumerate(experiments):
        for row in rows:
            place = (row["dataset"], row["subset_seed"]), (number, row["fold"])
            places[row["level"], cell_of(row)].append((place, row))
    controls = {level: found for (level, cell), found in places.items() if cell.name == CONTROL}
    return [
        _scores(level, cell, places[level, cell], controls.get(level, []))
        for level, cell in sorted(places, key=lambda key: (key[0], key[1].order))
    ]


def t_interval(differences: Sequence[float]) -> Gain:
    """Mean of independent differences and its 95 % interval by Student's t.

    Raises:
      ValueError: no differences.
    """
    if not len(differences):
        raise ValueError("differences: expected one or more, got none")
    center, count = float(np.mean(differences)), len(differences)
    if count == 1:
        return Gain(center, None, None, 1)
    half = float(t.ppf((1 + COVERAGE) / 2, count - 1) * np.std(differences, ddof=1) / np.sqrt(count))
    return Gain(center, center - half, center + half, count)


def recall_of_scarce(row: dict) -> float | None:
    """Mean recall of a row's scarce classes; None where there is none, or none with a test clip."""
    return _mean_of_recalls(np.array(row["confusion_matrix"]), scarce_classes(row))


def recall_of_all(row: dict) -> float | None:
    """Mean recall of all classes with a test clip."""
    matrix = np.array(row["confusion_matrix"])
    return _mean_of_recalls(matrix, range(len(matrix)))


def _mean_of_recalls(matrix: np.ndarray, classes: Iterable[int]) -> float | None:
    recalls = [matrix[index, index] / matrix[index].sum() for index in classes if matrix[index].sum()]
    return float(np.mean(recalls)) if recalls else None


def _scores(level: int, cell: Cell, found: list[tuple[tuple, dict]], control: list[tuple[tuple, dict]]) -> ScarceScores:
    rows = [row for _, row in found]
    recalls, all_recalls = (
        [value for row in rows if (value := score(row)) is not None] for score in (recall_of_scarce, recall_of_all)
    )
    gains = [
        None if cell.name == CONTROL else _gain(_by_place(found, score), _by_place(control, score))
        for score in (recall_of_scarce, recall_of_all)
    ]
    return ScarceScores(
        level=level,
        cell=cell,
        recall=mean(recalls) if recalls else None,
        precision=_precision(rows),
        mean_recall=mean(all_recalls) if all_recalls else None,
        num_classifiers=len(rows),
        recall_gain=gains[0],
        mean_recall_gain=gains[1],
    )


def _precision(rows: Iterable[dict]) -> float | None:
    right = taken = 0
    for row in rows:
        matrix, classes = np.array(row["confusion_matrix"]), scarce_classes(row)
        right += int(matrix[classes, classes].sum())
        taken += int(matrix[:, classes].sum())
    return right / taken if taken else None


def _by_place(found: list[tuple[tuple, dict]], score: Callable[[dict], float | None]) -> Places:
    """Draw -> (experiment, fold) -> mean over the classifiers there."""
    values: dict[tuple, dict[tuple, list[float]]] = defaultdict(lambda: defaultdict(list))
    for (draw, place), row in found:
        if (value := score(row)) is not None:
            values[draw][place].append(value)
    return {draw: {place: mean(each) for place, each in places.items()} for draw, places in values.items()}


def _gain(own: Places, control: Places) -> Gain | None:
    differences = list(_paired(own, control))
    return t_interval(differences) if differences else None


def _paired(own: Places, control: Places) -> Iterator[float]:
    """One difference per draw that both have, over the experiments and folds that both have of it."""
    for draw in sorted(own.keys() & control.keys()):
        shared = own[draw].keys() & control[draw].keys()
        if shared:
            yield mean(own[draw][place] - control[draw][place] for place in sorted(shared))
