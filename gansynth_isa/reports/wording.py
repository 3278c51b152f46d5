"""How reports write numbers and name generators."""

from collections.abc import Collection, Iterable

from gansynth_isa.errors import printable
from gansynth_isa.experiments.rows.cells import GANSYNTH


def signed(value: float) -> str:
    """With sign and three decimals; what rounds to zero has no sign."""
    return f"{value:+.3f}".replace("-", "−") if round(abs(value), 3) else "0.000"


def generators_of(kind: str) -> str:
    """Several generators of one kind: `GANs`, or for another than the paper's `gaussian generators`."""
    return "GANs" if kind == GANSYNTH else f"{kind} generators"


def generators_together(kinds: Collection[str | None]) -> str:
    """Generators of several kinds together, None standing for none: `GANs` where all are the paper's."""
    return "generators" if set(kinds) - {None, GANSYNTH} else "GANs"


def in_words(names: Collection[str], last: str = "and") -> str:
    """`a, b and c`."""
    *first, end = names
    return f"{', '.join(first)} {last} {end}" if first else end


def imported_notices(rows: Iterable[dict]) -> list[str]:
    """What a reader must know where synthetic clips were imported: one line, or none."""
    notes = [row["imported_clips"] for row in rows if isinstance(row.get("imported_clips"), dict)]
    if not notes:
        return []
    sources = sorted({str(note.get("source")) for note in notes})
    return [
        f"Synthetic clips of the kind imported were made elsewhere ({printable('; '.join(sources))}). What their "
        "maker had heard is unknown; it may have heard recordings of the test side."
    ]
