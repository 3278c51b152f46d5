"""Rows of cells as aligned lines of text."""

from collections.abc import Sequence

from gansynth_isa.errors import printable


def text_table(rows: Sequence[Sequence]) -> str:
    """One line per row; numbers stand to the right of their column, everything else to the left.

    A column counts as one of numbers when all its cells but the first row's are numbers or empty.

    Args:
      rows: the first one holds the titles; all have the same number of cells.
    """
    columns = list(zip(*([printable(str(cell)) for cell in row] for row in rows), strict=True))
    aligned = [_align(column, all(map(_is_number, column[1:]))) for column in columns]
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*aligned, strict=True))


def _align(column: Sequence[str], to_the_right: bool) -> list[str]:
    width = max(map(len, column))
    return [cell.rjust(width) if to_the_right else cell.ljust(width) for cell in column]


def _is_number(cell: str) -> bool:
    try:
        float(cell or 0)
    except ValueError:
        return False
    return True
