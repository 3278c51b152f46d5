"""Tables of cells, as aligned lines of text and as Markdown.

Whole tables find out how wide their columns are. Of a table whose lines are printed while it is still being measured
there are single lines: `text_line` with widths that are known before, and `markdown_line` with `markdown_head`.
"""

import re
from collections.abc import Iterable, Sequence

from gansynth_isa.errors import printable


class Markup(str):
    """A text that is Markdown already: only what would end its cell is escaped."""


def text_table(rows: Sequence[Sequence]) -> str:
    """One line per row; numbers stand to the right of their column, everything else to the left.

    A column counts as one of numbers when all its cells but the first row's are numbers or empty.

    Args:
      rows: the first one holds the titles; all have the same number of cells.
    """
    columns = list(zip(*([printable(str(cell)) for cell in row] for row in rows), strict=True))
    signs = [1 if all(map(_is_number, column[1:])) else -1 for column in columns]
    widths = [sign * max(map(len, column)) for sign, column in zip(signs, columns, strict=True)]
    return "\n".join(text_line(cells, widths).rstrip() for cells in zip(*columns, strict=True))


def text_line(cells: Iterable, widths: Iterable[int], gap: str = "  ") -> str:
    """Cells side by side; one that is wider than its column moves those behind it.

    Args:
      cells: one per column.
      widths: in letters; the cells stand to the right, those of a negative width to the left.
      gap: what stands between the columns.
    """
    texts = zip((printable(str(cell)) for cell in cells), widths, strict=True)
    return gap.join(text.ljust(-width) if width < 0 else text.rjust(width) for text, width in texts)


def markdown_table(header: Sequence, rows: Sequence[Sequence]) -> str:
    """A Markdown table; what Markdown or HTML would read as more than letters is escaped, but in `Markup`."""
    return "\n".join([markdown_head(header), *map(markdown_line, rows)])


def aligned_markdown_table(header: Sequence, rows: Sequence[Sequence]) -> str:
    """As `markdown_table`, with columns that line up in a terminal too, all to the right."""
    lines = [[_markdown_cell(cell) for cell in line] for line in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [f"| {text_line(line, widths, ' | ')} |" for line in lines]
    rule = "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|"
    return "\n".join([padded[0], rule, *padded[1:]])


def markdown_head(header: Sequence) -> str:
    """The two lines above the rows of a Markdown table."""
    return f"{markdown_line(header)}\n|{'---|' * len(header)}"


def markdown_line(cells: Sequence) -> str:
    """One row of a Markdown table, its cells escaped as in `markdown_table`."""
    return f"| {' | '.join(map(_markdown_cell, cells))} |"


def escape_markdown(text: str) -> str:
    """`text` on one line, without anything that Markdown or HTML would read as more than letters."""
    shown = printable(" ".join(text.split()))
    # Dollars begin formulas on some pages; an underscore between letters or digits is no mark of emphasis.
    marked = re.sub(r"([\\`*\[\]|$~]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", shown)
    return marked.replace("&", "&amp;").replace("<", "&lt;")


def _markdown_cell(cell: object) -> str:
    return cell.replace("|", "\\|") if isinstance(cell, Markup) else escape_markdown(str(cell))


def _is_number(cell: str) -> bool:
    try:
        float(cell or 0)
    except ValueError:
        return False
    return True
