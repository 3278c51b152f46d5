"""What a report is made of, before it becomes HTML, Markdown or CSV: text, tables, pictures, matrices."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A paragraph, plain text; `is_notice` where a reader must not miss it, `is_result` where it says what came out."""

    text: str
    is_notice: bool = False
    is_result: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
      name: of its CSV file, without ending.
      header, rows: texts as shown.
      records: rows of the CSV, full precision, all with the same keys; empty: the rows as shown.
      is_prose: the cells are sentences rather than numbers.
      num_labels: columns, from the first, that are words or levels rather than results.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    records: Sequence[dict] = ()
    is_prose: bool = False
    num_labels: int = 1


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix: `counts[i][j]` clips of class i were taken for class j; `name` is that of its CSV file."""

    name: str
    title: str
    class_names: Sequence[str]
    counts: Sequence[Sequence[int]]

    def shares(self) -> list[list[float]]:
        """The counts as shares of their row; 0 in a row without clips."""
        return [[count / max(1, sum(row)) for count in row] for row in self.counts]


@dataclass(frozen=True)
class Picture:
    """A picture, as the contents of a file.

    Attributes:
      file_name: `*.svg` or `*.png`.
      content: of the file.
      alt: what it shows, for those who do not see it.
      caption: below it.
      is_wide: needs more width than a phone has and is scrolled there.
    """

    file_name: str
    content: bytes
    alt: str
    caption: str = ""
    is_wide: bool = False

    @property
    def media_type(self) -> str:
        """The type of `content`."""
        return "image/svg+xml" if self.file_name.endswith(".svg") else "image/png"


@dataclass(frozen=True)
class Folded:
    """Blocks that a page shows when asked to."""

    title: str
    blocks: Sequence["Block"]


Block = Text | Table | Matrix | Picture | Folded


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading; `anchor` is its address in the page."""

    anchor: str
    title: str
    blocks: Sequence[Block]


def flatten(blocks: Sequence[Block]) -> list[Block]:
    """All blocks, those inside `Folded` too."""
    found: list[Block] = []
    for block in blocks:
        found += flatten(block.blocks) if isinstance(block, Folded) else [block]
    return found
