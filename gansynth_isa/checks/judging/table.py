"""The gains as Markdown: a column per cell, a line per arm."""

from collections.abc import Mapping, Sequence

from gansynth_isa.checks.judging.gains import Cell, Gain, accuracies, arm_of, cell_gains, harmed_cells, mean_gain
from gansynth_isa.tables import markdown_table


def judging_table(rows: Sequence[Mapping], control: str) -> str:
    """Accuracy of the control, and of every other arm its gain over it with 95 % t-intervals over draws.

    A loss that stands after the correction for the number of cells is marked with an exclamation mark.
    """
    table = accuracies(rows, arm_of)
    arms = list(dict.fromkeys(arm for cell in table.values() for arm in cell))
    lines = [[control, *(_level(cell.get(control, {})) for cell in table.values()), ""]]
    for arm in arms:
        if arm != control:
            lines.append(_line(table, arm, control))
    header = ["", *(f"{name}, {level}" for name, level in table), "mean of the cells"]
    return markdown_table(header, lines)


def _line(table: Mapping[Cell, Mapping[str, Mapping[int, float]]], arm: str, control: str) -> list[str]:
    gains = cell_gains(table, arm, control)
    harmed = harmed_cells(gains)
    cells = [_gain(gains.get(cell), cell in harmed) for cell in table]
    return [f"{arm} - {control}", *cells, _gain(mean_gain(table, arm, control), False)]


def _gain(gain: Gain | None, is_harmed: bool) -> str:
    if gain is None:
        return ""
    return f"{gain.text()}{' !' if is_harmed else ''} ({gain.draws})"


def _level(draws: Mapping[int, float]) -> str:
    return f"{sum(draws.values()) / len(draws):.3f} ({len(draws)})" if draws else ""
