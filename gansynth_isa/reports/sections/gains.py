"""What every method gains over real clips alone, as a table that is not folded."""

from collections.abc import Sequence

from gansynth_isa.experiments.rows.cells import Cell
from gansynth_isa.reports.content import Block, Table, Text
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.evidence import Comparison
from gansynth_isa.reports.statistics.standings import REAL_METHODS, compare, is_real
from gansynth_isa.reports.tables import LEVEL


def gain_blocks(differences: Sequence[Difference]) -> list[Block]:
    """The difference of each method from augmented, or from baseline where that is not there; nothing without both."""
    cells = sorted({cell for item in differences for cell in (item.cell, item.other_cell)}, key=lambda cell: cell.order)
    controls = [cell for name in reversed(REAL_METHODS) for cell in cells if cell.method.name == name]
    others = [cell for cell in cells if not is_real(cell)]
    if not controls or not others:
        return []
    text = f"Over {controls[0].title}: mean difference in accuracy on the same draws, with its 95 % interval."
    return [Text(text), _table(differences, controls[0], others)]


def _table(differences: Sequence[Difference], control: Cell, others: Sequence[Cell]) -> Table:
    levels = sorted({item.level for item in differences})
    found = {(cell, level): compare(differences, level, cell, control) for cell in others for level in levels}
    rows = [[cell.title, *(_text(found[cell, level]) for level in levels)] for cell in others]
    records = [
        {"level": level, "method": cell.name, "other": control.name}
        | {name: getattr(gain, name) for name in ("mean", "low", "high")}
        for (cell, level), gain in found.items()
        if gain is not None
    ]
    return Table("gains", ["method", *(f"{level} {LEVEL}" for level in levels)], rows, records)


def _text(gain: Comparison | None) -> str:
    return "–" if gain is None else gain.numbers
