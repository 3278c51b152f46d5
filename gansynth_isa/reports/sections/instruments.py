"""The part of a report on how good synthetic clips are, where an experiment measured it."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import mean

from gansynth_isa.experiments.rows.cells import generator_of, order_of_kind, title_of_kind
from gansynth_isa.experiments.rows.instruments import PLACES, instrument_number
from gansynth_isa.reports.content import Block, Table, Text
from gansynth_isa.reports.tables import LEVEL

SIDE = "test"
MEANINGS = (
    "Instruments, measured on the test side after everything was chosen; means over the generators. Usefulness: "
    "accuracy on real clips of a classifier trained on synthetic clips alone, over that of one trained for as long on "
    "the clips that the generator saw; 1 is as good. Reversed: trained on the real clips, accuracy on synthetic ones "
    "over that on real ones. Class means: distance of synthetic from real mean spectra over that between classes; 0 is "
    "best. Spread, grain, deviation over time: synthetic over real; 1 is best. Memorisation: distance to the nearest "
    "clip seen, over that of real clips; 0 is a copy, 1 as new as real clips. Kernel distance in the embedding of a "
    "classifier: 0 is best. Onsets: number of impacts, synthetic over real. A dash: not measured."
)
TITLES = {
    "usefulness": "usefulness",
    "reverse_usefulness": "reversed",
    "class_means": "class means",
    "spread": "spread",
    "grain": "grain",
    "deviation_over_time": "over time",
    "memorisation": "memorisation",
    "kernel_distance": "kernel distance",
    "onsets": "onsets",
}


def instrument_blocks(gan_rows: Sequence[dict]) -> list[Block]:
    """What the numbers mean, and their table; nothing where no row has any."""
    measured = [row for row in gan_rows if "instruments" in row]
    return [Text(MEANINGS), instrument_table(measured)] if measured else []


def instrument_table(rows: Sequence[dict]) -> Table:
    """A row per kind of generator, the paper's first, and level.

    Args:
      rows: of `gans.jsonl` with instruments, one or more.
    """
    groups = defaultdict(list)
    for row in rows:
        groups[generator_of(row), row["level"]].append(row)
    keys = sorted(groups, key=lambda key: (order_of_kind(key[0]), key[1]))
    records = [
        {
            "generator": kind,
            "level": level,
            **{name: _mean(groups[kind, level], name) for name in PLACES},
            "number": len(groups[kind, level]),
        }
        for kind, level in keys
    ]
    shown = [
        [
            title_of_kind(record["generator"]),
            str(record["level"]),
            *("–" if record[name] is None else f"{record[name]:.2f}" for name in PLACES),
            str(record["number"]),
        ]
        for record in records
    ]
    header = ["generator", LEVEL, *(TITLES[name] for name in PLACES), "number"]
    return Table("instruments", header, shown, records, num_labels=2)


def _mean(rows: Sequence[dict], name: str) -> float | None:
    """Over the generators that were measured."""
    values = [value for row in rows if (value := instrument_number(row, SIDE, name)) is not None]
    return mean(values) if values else None
