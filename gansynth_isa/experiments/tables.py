"""Summaries as Markdown and CSV."""

import csv
import io
from collections.abc import Sequence

from gansynth_isa.config import METHODS
from gansynth_isa.experiments.summary import GanSummary, Summary

METHOD_NAMES = {
    "baseline": "baseline",
    "augmented": "baseline + augmentation",
    "gan": "GAN",
    "gan_augmented": "GAN + augmentation",
}


def accuracy_table(summaries: Sequence[Summary]) -> str:
    """Markdown table of mean and standard deviation, one row per level, one column per method."""
    methods = [method for method in METHODS if any(item.method == method for item in summaries)]
    cells = {(item.level, item.method): _cell(item) for item in summaries}
    rows = [
        [str(level), *(cells.get((level, method), "") for method in methods)]
        for level in sorted({item.level for item in summaries})
    ]
    return markdown(["clips per class", *(METHOD_NAMES[method] for method in methods)], rows)


def fold_table(summaries: Sequence[Summary]) -> str:
    """Markdown table with one row per level and method, one column per fold."""
    folds = sorted({item.fold for item in summaries})
    cells = {(item.level, item.method, item.fold): _cell(item, with_count=False) for item in summaries}
    keys = list(dict.fromkeys((item.level, item.method) for item in summaries))
    rows = [
        [str(level), METHOD_NAMES[method], *(cells.get((level, method, fold), "") for fold in folds)]
        for level, method in keys
    ]
    return markdown(["clips per class", "method", *(f"fold {fold}" for fold in folds)], rows)


def gan_table(summaries: Sequence[GanSummary]) -> str:
    """Markdown table of the GANs' own measures, one row per level."""
    rows = [
        [
            str(item.level),
            f"{item.class_agreement:.2f}",
            f"{item.relative_spread:.2f}",
            f"{item.nearest_real_distance:.2f}",
            f"{item.minutes:.1f}",
            str(item.num_gans),
        ]
        for item in summaries
    ]
    return markdown(
        ["clips per class", "class agreement", "relative spread", "nearest real", "minutes per GAN", "GANs"], rows
    )


def summaries_csv(summaries: Sequence[Summary]) -> str:
    """CSV with one line per level and method: level, method, mean, standard_deviation, classifiers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["level", "method", "mean_accuracy", "standard_deviation", "classifiers"])
    for item in summaries:
        deviation = "" if item.deviation is None else f"{item.deviation:.6f}"
        writer.writerow([item.level, item.method, f"{item.mean:.6f}", deviation, item.num_trials])
    return text.getvalue()


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns line up in a terminal too; all columns but the first to the right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    padded = [
        "| " + " | ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|"
    return "\n".join([padded[0], rule, *padded[1:]])


def _cell(item: Summary, with_count: bool = True) -> str:
    deviation = "" if item.deviation is None else f" ± {item.deviation:.3f}"
    return f"{item.mean:.3f}{deviation}" + (f" (n={item.num_trials})" if with_count else "")
