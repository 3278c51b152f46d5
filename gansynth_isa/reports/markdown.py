"""A report's content as Markdown and CSV."""

import csv
import io
from collections.abc import Sequence

from gansynth_isa.reports.content import Block, Folded, Matrix, Picture, Section, Table, Text
from gansynth_isa.tables import aligned_markdown_table, escape_markdown, markdown_table


def markdown_report(title: str, lead: Sequence[Text], sections: Sequence[Section], pictures_folder: str) -> str:
    """The whole report; pictures are links to files in `pictures_folder`, relative to the Markdown file."""
    first = [part for text in lead for part in _markdown_block(text, None)]
    parts = [markdown_section(section, pictures_folder) for section in sections]
    return "\n\n".join([f"# {escape_markdown(title)}", *first, *parts])


def markdown_section(section: Section, pictures_folder: str | None) -> str:
    """One section; without pictures where `pictures_folder` is None."""
    parts = [f"## {escape_markdown(section.title)}"]
    for block in section.blocks:
        parts += _markdown_block(block, pictures_folder)
    return "\n\n".join(parts)


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


def _markdown_block(block: Block, pictures_folder: str | None) -> list[str]:
    if isinstance(block, Text):
        return [f"**{escape_markdown(block.text)}**" if block.is_notice else escape_markdown(block.text)]
    if isinstance(block, Table):
        render = markdown_table if block.is_prose else aligned_markdown_table
        return [render(block.header, block.rows)]
    if isinstance(block, Matrix):
        return _markdown_block(matrix_table(block), pictures_folder)
    if isinstance(block, Picture):
        if pictures_folder is None:
            return []
        link = f"![{escape_markdown(block.alt)}]({pictures_folder}/{block.file_name})"
        return [link, *([escape_markdown(block.caption)] if block.caption else [])]
    assert isinstance(block, Folded)
    return [
        f"### {escape_markdown(block.title)}",
        *(part for inner in block.blocks for part in _markdown_block(inner, pictures_folder)),
    ]
