"""The rows of a screening as a Markdown table, a line for each level and lever."""

from collections.abc import Sequence
from statistics import fmean

from gansynth_isa.tables import markdown_table

HEADER = (
    "clips per class", "lever", "generators", "usefulness", "class means", "spread", "grain", "over time",
    "kernel distance", "memorisation", "accuracy", "minus augmented", "minutes",
)  # fmt: skip
_RATIOS = ("class_means", "spread", "grain", "deviation_over_time")


def levers_table(rows: Sequence[dict]) -> str:
    """Means over draws and generators; `minus augmented` has its standard error over draws, from two on.

    Args:
      rows: of levers.jsonl, in any number.
    """
    groups: dict[tuple, list[dict]] = {}
    for row in rows:
        groups.setdefault((row["level"], row["lever"]), []).append(row)
    levels = list(dict.fromkeys(row["level"] for row in rows))
    ordered = sorted(groups, key=lambda key: levels.index(key[0]))
    return markdown_table(HEADER, [_line(key, groups[key]) for key in ordered])


def differences(rows: Sequence[dict]) -> list[float]:
    """Accuracy with the lever's clips minus that of the control, a mean over trials for each row."""
    return [fmean(row["accuracy"]) - fmean(row["control"]) for row in rows]


def _line(key: tuple, rows: Sequence[dict]) -> list[str]:
    instruments = [row["instruments"] for row in rows]
    level, lever = key
    return [
        "all" if level is None else str(level),
        lever,
        str(len(rows)),
        _mean([measured["usefulness"] for measured in instruments]),
        *(_mean([measured[name]["mean"] for measured in instruments]) for name in _RATIOS),
        _mean([measured["kernel_distance"]["overall"]["value"] for measured in instruments]),
        _mean([measured["memorisation"]["mean"] for measured in instruments]),
        f"{fmean(fmean(row['accuracy']) for row in rows):.3f}",
        _difference(rows),
        f"{fmean(row['minutes'] for row in rows):.1f}",
    ]


def _mean(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{fmean(known):.2f}" if known else ""


def _difference(rows: Sequence[dict]) -> str:
    """Generators on one draw say nothing of another: the error is over means of draws."""
    by_draw: dict[int, list[float]] = {}
    for row, difference in zip(rows, differences(rows), strict=True):
        by_draw.setdefault(row["subset_seed"], []).append(difference)
    means = [fmean(found) for found in by_draw.values()]
    if len(means) < 2:
        return f"{fmean(means):+.3f}"
    error = (sum((mean - fmean(means)) ** 2 for mean in means) / (len(means) - 1) / len(means)) ** 0.5
    return f"{fmean(means):+.3f} ± {error:.3f}"
