"""Which method is ahead at a level, and what the best of the others gains over real clips alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from gansynth_isa.experiments.rows.cells import Cell
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.evidence import Comparison, seen_once
from gansynth_isa.reports.statistics.summary import Summary

REAL_METHODS = ("baseline", "augmented")  # a network on real clips alone: what every other method must beat
_ROUNDING = 1e-9  # means over classifiers in another order


@dataclass(frozen=True)
class Standing:
    """What came out at one level.

    Attributes:
      level: clips per class.
      leaders: the cells of the highest mean accuracy; several where they are equal.
      accuracy: theirs.
      control: the better of baseline and augmented; None where neither is there.
      challenger: the best of the others; where there are no others, augmented against baseline. None where there is
        nothing to compare.
      comparison: accuracy of `challenger` minus that of `control`; None without both, or where no draw has both.
      num_others: cells that `challenger` is the best of.
    """

    level: int
    leaders: tuple[Cell, ...]
    accuracy: float
    control: Cell | None
    challenger: Cell | None
    comparison: Comparison | None
    num_others: int


def standings(summaries: Sequence[Summary], differences: Sequence[Difference]) -> list[Standing]:
    """One standing per level, ascending.

    Args:
      summaries: one per level and cell, see `summary.summarise`.
      differences: of all pairs of cells of a level, see `bootstrap.paired_differences`.
    """
    return [
        _standing(level, [item for item in summaries if item.level == level], differences)
        for level in sorted({item.level for item in summaries})
    ]


def is_real(cell: Cell) -> bool:
    """Whether it is baseline or augmented, by whichever learner."""
    return cell.method.name in REAL_METHODS


def compare(differences: Sequence[Difference], level: int, cell: Cell, other: Cell) -> Comparison | None:
    """Accuracy of `cell` minus that of `other`, whichever comes first in `differences`; None where no draw has both."""
    for item in differences:
        if item.level == level and {item.cell, item.other_cell} == {cell, other}:
            found = Comparison(cell.title, f"at {level}", item.mean, item.low, item.high, seen_once(item))
            return found if item.cell == cell else found.reversed(cell.title)
    return None


def _standing(level: int, summaries: Sequence[Summary], differences: Sequence[Difference]) -> Standing:
    means = {item.cell: item.mean for item in sorted(summaries, key=lambda item: item.cell.order)}
    highest = max(means.values())
    real = sorted(filter(is_real, means), key=lambda cell: REAL_METHODS.index(cell.method.name))
    others = [cell for cell in means if not is_real(cell)]
    if not others and len(real) > 1:
        real, others = real[:1], real[1:]
    control, challenger = (max(cells, key=means.__getitem__, default=None) for cells in (real, others))
    found = None if control is None or challenger is None else compare(differences, level, challenger, control)
    leaders = tuple(cell for cell, mean in means.items() if highest - mean < _ROUNDING)
    return Standing(level, leaders, highest, control, challenger, found, len(others))
