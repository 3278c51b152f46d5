"""The part of a report on what the method that chooses took."""

from collections import Counter
from collections.abc import Sequence

from gansynth_isa.errors import printable
from gansynth_isa.experiments.rows.cells import cell_of
from gansynth_isa.reports.content import Block, Folded, Section, Table, Text
from gansynth_isa.reports.tables import LEVEL

_Place = tuple[int, str, int]  # level, fold, draw
TEXT = (
    "One choice per training subset, that is per level, fold and draw, by the training clips alone; all classifiers of "
    "the subset share it. Names are those of --auto_candidates."
)


def choice_sections(rows: Sequence[dict]) -> list[Section]:
    """What was taken how often, and why; no section where no row is of a method that chooses.

    Args:
      rows: of `results.jsonl`, also of an experiment that is not finished: a choice stands by itself.
    """
    chosen = [row for row in rows if cell_of(row).method.chooses]
    if not chosen:
        return []
    told = [row for row in chosen if "choice" in row]
    # Rows that were put together may hold two choices for one subset, of versions that chose otherwise.
    choices = {(_place(row), row["choice"]["chosen"]): row["choice"] for row in told}
    blocks: list[Block] = [Text(TEXT)]
    if len(told) < len(chosen):
        blocks.append(Text(f"{len(chosen) - len(told)} of {len(chosen)} rows do not say what was taken.", True))
    if choices:
        blocks += [_counts(choices), Folded("Why", [_reasons(choices)])]
    return [Section("choices", f"What {cell_of(chosen[0]).title} took", blocks)]


def _counts(choices: dict[tuple[_Place, str], dict]) -> Table:
    counts = Counter((place[0], name, choice["default"]) for (place, name), choice in choices.items())
    subsets = Counter(level for level, *_ in {place for place, _ in choices})
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1:]))
    records = [
        {"level": level, "taken": name, "default": default, "subsets": count, "of": subsets[level]}
        for (level, name, default), count in ordered
    ]
    shown = [
        [
            str(record["level"]),
            printable(record["taken"]),
            f"{record['subsets']} of {record['of']}",
            "the default"
            if record["taken"] == record["default"]
            else f"not the default, {printable(record['default'])}",
        ]
        for record in records
    ]
    return Table("choices", [LEVEL, "taken", "subsets", "which is"], shown, records, num_labels=2)


def _reasons(choices: dict[tuple[_Place, str], dict]) -> Table:
    rows = [
        [str(level), fold, str(draw), printable(name), printable(choice["reason"])]
        for ((level, fold, draw), name), choice in sorted(choices.items(), key=lambda item: item[0])
    ]
    return Table("choices_one_by_one", [LEVEL, "fold", "draw", "taken", "because"], rows, is_prose=True)


def _place(row: dict) -> _Place:
    return row["level"], row["fold"], row["subset_seed"]
