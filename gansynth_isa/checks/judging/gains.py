"""Gains over a control, paired by draw, for each cell and for the mean of the cells."""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from scipy.stats import t as student

from gansynth_isa.choosing.evidence import holm

LEVEL = 0.05
Cell: TypeAlias = tuple[str, int]  # set, training clips per class
ByDraw: TypeAlias = dict[int, float]  # draw -> accuracy
Arm = TypeVar("Arm", bound=Hashable)


@dataclass(frozen=True)
class Gain:
    """Mean difference of accuracy over draws.

    Attributes:
      draws: how many.
      mean: of the differences.
      half_width: of the 95 % t-interval; None for a single draw.
      p_value: two-sided, that there is no difference; None for a single draw.
    """

    draws: int
    mean: float
    half_width: float | None
    p_value: float | None

    @classmethod
    def of(cls, differences: Sequence[float]) -> "Gain":
        """The gain of a difference for each draw, one or more."""
        count, mean = len(differences), float(np.mean(differences))
        if count < 2:
            return cls(count, mean, None, None)
        error = float(np.std(differences, ddof=1)) / math.sqrt(count)
        if error == 0.0:
            return cls(count, mean, 0.0, 1.0 if mean == 0.0 else 0.0)
        p_value = float(2 * student.sf(abs(mean) / error, count - 1))
        return cls(count, mean, float(student.ppf(1 - LEVEL / 2, count - 1)) * error, p_value)

    def text(self) -> str:
        """Mean and half of the interval."""
        return f"{self.mean:+.3f}" + ("" if self.half_width is None else f" ± {self.half_width:.3f}")


def arm_of(row: Mapping) -> str:
    """What is compared: the method, and the kind of generator where it has one."""
    return row["method"] if row["generator"] is None else f"{row['method']}:{row['generator']}"


def accuracies(rows: Sequence[Mapping], arm: Callable[[Mapping], Arm]) -> dict[Cell, dict[Arm, ByDraw]]:
    """Cell -> arm -> draw -> mean accuracy over trials and generators.

    Args:
      rows: with 'set', 'level', 'draw' and 'accuracy'.
      arm: what a row is compared as.
    """
    found: dict[Cell, dict[Arm, dict[int, list[float]]]] = {}
    for row in rows:
        draws = found.setdefault((row["set"], row["level"]), {}).setdefault(arm(row), {})
        draws.setdefault(row["draw"], []).append(row["accuracy"])
    return {
        cell: {name: {draw: float(np.mean(values)) for draw, values in draws.items()} for name, draws in arms.items()}
        for cell, arms in sorted(found.items())
    }


def gain_over(arms: Mapping[Arm, Mapping[int, float]], arm: Arm, control: Arm) -> Gain | None:
    """Gain of `arm` over `control` in one cell, on the draws that both have; None without such a draw."""
    differences = _differences(arms, arm, control)
    return Gain.of(list(differences.values())) if differences else None


def cell_gains(table: Mapping[Cell, Mapping[str, Mapping[int, float]]], arm: str, control: str) -> dict[Cell, Gain]:
    """Cell -> gain of `arm` over `control` on the draws that both have; cells without such a draw are left out."""
    found = {cell: gain_over(arms, arm, control) for cell, arms in table.items()}
    return {cell: gain for cell, gain in found.items() if gain is not None}


def mean_gain(table: Mapping[Cell, Mapping[str, Mapping[int, float]]], arm: str, control: str) -> Gain | None:
    """Gain of the mean of the cells, on the draws that all cells have; None without such a draw.

    Draw i of one set is paired with draw i of another, which are independent: the interval is that of the mean.
    """
    by_cell = [found for arms in table.values() if (found := _differences(arms, arm, control))]
    if not by_cell:
        return None
    common = sorted(set.intersection(*(set(found) for found in by_cell)))
    return Gain.of([float(np.mean([found[draw] for found in by_cell])) for draw in common]) if common else None


def harmed_cells(gains: Mapping[Cell, Gain]) -> list[Cell]:
    """Cells that lose for certain: below 0 at the level, corrected for the number of cells (Holm 1979)."""
    tested = {cell: gain for cell, gain in gains.items() if gain.p_value is not None}
    corrected = holm([gain.p_value or 0.0 for gain in tested.values()])
    return [cell for (cell, gain), p_value in zip(tested.items(), corrected, strict=True) if _is_loss(gain, p_value)]


def _is_loss(gain: Gain, p_value: float) -> bool:
    return gain.mean < 0 and p_value < LEVEL


def _differences(arms: Mapping[Arm, Mapping[int, float]], arm: Arm, control: Arm) -> dict[int, float]:
    """Draw -> difference, where both arms have it."""
    ours, theirs = arms.get(arm, {}), arms.get(control, {})
    return {draw: ours[draw] - theirs[draw] for draw in sorted(ours.keys() & theirs.keys())}
