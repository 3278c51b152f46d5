"""The comparison as Markdown: what each rival gains, what its clips are like, and what it costs."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TypeAlias

from gansynth_isa.checks.judging.gains import Cell, accuracies, gain_over
from gansynth_isa.checks.rivals.lines import AUGMENTED, BASELINE, LABELS_ONLY, TABLES, Line, Rival
from gansynth_isa.checks.rivals.rows import line_of
from gansynth_isa.tables import markdown_table

Accuracies: TypeAlias = Mapping[Line, Mapping[int, float]]  # line -> draw -> mean accuracy over trials

INSTRUMENTS = {
    "usefulness": "usefulness",
    "class_means": "class means",
    "spread": "spread",
    "grain": "grain",
    "deviation_over_time": "over time",
    "kernel_distance": "kernel distance",
    "memorisation": "memorisation",
}
COSTS = {
    "minutes": ("minutes", "{:.1f}"),
    "clips_per_s": ("clips per s", "{:.0f}"),
    "peak_memory_mib": ("memory, MiB", "{:.0f}"),
    "generating_growth_mib": ("growth, MiB", "{:.0f}"),
    "export_mib": ("export, MiB", "{:.1f}"),
}


def stronger(found: Accuracies) -> Line:
    """Of baseline and augmentation the one with the higher mean over the draws that both have."""
    first, second = (found.get(line, {}) for line in (BASELINE, AUGMENTED))
    both = sorted(first.keys() & second.keys())
    if not both:
        return AUGMENTED
    return BASELINE if fmean(first[draw] for draw in both) > fmean(second[draw] for draw in both) else AUGMENTED


def comparison(classifiers: Sequence[Mapping], generators: Sequence[Mapping]) -> str:
    """All tables, under headings.

    Args:
      classifiers: rows of `rows.classifier_rows`.
      generators: rows of `rows.generator_rows`.
    """
    by_cell = accuracies(classifiers, line_of)
    parts = []
    for title, rivals in TABLES.items():
        if lines := _gains(rivals, by_cell):
            header = ["", "minus", *(f"{name}, {level}" for name, level in by_cell)]
            parts.append(f"## {title}\n{markdown_table(header, lines)}")
    for name, level in by_cell:
        here = [row for row in generators if row["set"] == name and row["level"] == level]
        if here:
            parts.append(f"## Clips and costs: {name}, {level} clips per class\n{_generators_table(here)}")
    return "\n\n".join(parts)


def _gains(rivals: Sequence[Rival], by_cell: Mapping[Cell, Accuracies]) -> list[list[str]]:
    """A line per rival that some set has; what it is compared with, then accuracy and gain of each set."""
    return [
        [rival.title, _title(rival.control), *(_cell(rival, found) for found in by_cell.values())]
        for rival in rivals
        if any(rival.line in found for found in by_cell.values())
    ]


def _title(control: Line | None) -> str:
    if control is None:
        return "the stronger of baseline and augmentation"
    return next(rival.title for rivals in TABLES.values() for rival in rivals if rival.line == control)


def _cell(rival: Rival, found: Accuracies) -> str:
    """`0.71 (3)` for what others are compared with, `0.73, +0.02 ± 0.01 (3)` for others; nothing without rows."""
    draws = found.get(rival.line)
    if not draws:
        return ""
    control = rival.control or stronger(found)
    accuracy = f"{fmean(draws.values()):.3f}"
    gain = None if rival.line == control else gain_over(found, rival.line, control)
    return f"{accuracy} ({len(draws)})" if gain is None else f"{accuracy}, {gain.text()} ({gain.draws})"


def _generators_table(rows: Sequence[Mapping]) -> str:
    """Means over draws of what instruments say, and of costs; what was not measured is empty."""
    titles = {(rival.line[0], rival.line[2]): rival.title for rival in LABELS_ONLY if rival.line[2]}
    lines = []
    for (folder, kind), title in titles.items():
        own = [row for row in rows if (row["folder"], row["generator"]) == (folder, kind)]
        if own:
            instruments = [_mean(own, name, "{:.2f}") for name in INSTRUMENTS]
            costs = [_mean(own, name, form) for name, (_, form) in COSTS.items()]
            lines.append([title, str(len(own)), *instruments, *costs])
    header = ["", "draws", *INSTRUMENTS.values(), *(title for title, _ in COSTS.values())]
    return markdown_table(header, lines)


def _mean(rows: Sequence[Mapping], name: str, form: str) -> str:
    values = [row[name] for row in rows if row.get(name) is not None]
    return form.format(fmean(values)) if values else ""
