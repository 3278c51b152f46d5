"""A report's content as Markdown and CSV."""

import csv
import io
import re
from collections.abc import Sequence

from gansynth_isa.reports.content import Block, Folded, Matrix, Picture, Section, Table, Text


def markdown_report(title: str, lead: Sequence[Text], sections: Sequence[Section], pictures_folder: str) -> str:
    """The whole report; pictures are links to files in `pictures_folder`, relative to the Markdown file."""
    first = [part for text in lead for part in _markdown_block(text, None)]
    parts = [markdown_section(section, pictures_folder) for section in sections]
    return "\n\n".join([f"# {escape(title)}", *first, *parts])


def markdown_section(section: Section, pictures_folder: str | None) -> str:
    """One section; without pictures where `pictures_folder` is None."""
    parts = [f"## {escape(section.title)}"]
    for block in section.blocks:
        parts += _markdown_block(block, pictures_folder)
    return "\n\n".join(parts)


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]], is_prose: bool = False) -> str:
    """A table whose columns line up in a terminal too, all to the right; one of sentences lines up nothing."""
    lines = [[escape(cell) for cell in line] for line in (header, *rows)]
    if is_prose:
        texts = [f"| {' | '.join(line)} |" for line in lines]
        return "\n".join([texts[0], "|" + "---|" * len(header), *texts[1:]])
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    padded = [
        "| " + " | ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|"
    return "\n".join([padded[0], rule, *padded[1:]])


def table_csv(table: Table) -> str:
    """The table's records in full precision, or its rows as shown where it has none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.records[0] if table.records else table.header)
    writer.writerows([record.values() for record in table.records] or table.rows)
    return text.getvalue()


def matrix_table(matrix: Matrix) -> Table:
    """A confusion matrix as a table; the columns are numbered as the rows are."""
    names = [f"{number} {name}" for number, name in enumerate(matrix.class_names, start=1)]
    rows = [[name, *map(str, counts)] for name, counts in zip(names, matrix.counts, strict=True)]
    return Table(matrix.name, [matrix.title, *(str(number) for number in range(1, len(names) + 1))], rows)


def escape(text: str) -> str:
    """`text` without anything that Markdown or HTML would read as more than letters, in one line."""
    # An underscore between letters or digits is no mark of emphasis.
    return (
        re.sub(r"([\\`*\[\]|$~]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", " ".join(text.split()))
        .replace("&", "&amp;")
        .replace("<", "&lt;")
    )


def _markdown_block(block: Block, pictures_folder: str | None) -> list[str]:
    if isinstance(block, Text):
        return [f"**{escape(block.text)}**" if block.is_notice else escape(block.text)]
    if isinstance(block, Table):
        return [markdown_table(block.header, block.rows, block.is_prose)]
    if isinstance(block, Matrix):
        return _markdown_block(matrix_table(block), pictures_folder)
    if isinstance(block, Picture):
        if pictures_folder is None:
            return []
        link = f"![{escape(block.alt)}]({pictures_folder}/{block.file_name})"
        return [link, *([escape(block.caption)] if block.caption else [])]
    assert isinstance(block, Folded)
    return [
        f"### {escape(block.title)}",
        *(part for inner in block.blocks for part in _markdown_block(inner, pictures_folder)),
    ]
