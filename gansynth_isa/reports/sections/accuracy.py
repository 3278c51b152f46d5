"""The part of a report on accuracy: figure, table, folds, and what is left out of them."""

from collections import Counter
from collections.abc import Sequence

from gansynth_isa.reports.content import Block, Folded, Picture, Section, Text
from gansynth_isa.reports.experiment_files import ExperimentFiles
from gansynth_isa.reports.figures import accuracy_figure, figure_bytes
from gansynth_isa.reports.statistics.summary import (
    Summary,
    cells_left_out,
    compared_folds,
    incomplete_repetitions,
    summarise_folds,
)
from gansynth_isa.reports.tables import accuracy_table, fold_table
from gansynth_isa.reports.wording import in_words


def accuracy_section(files: ExperimentFiles, summaries: Sequence[Summary], figure_title: str) -> Section:
    """Figure and table of all methods, what is left out of them, and the folds one by one."""
    folds = sorted({row["fold"] for row in files.rows})
    compared = sorted({str(len(found)) for found in compared_folds(files.rows).values()})
    each = f"each the mean of {' or '.join(compared)} folds" if len(folds) > 1 else "one split"
    figure = accuracy_figure(summaries, len(files.class_names), figure_title)
    blocks: list[Block] = [*_gaps(files)]
    if summaries:
        blocks += [
            Picture("accuracy.svg", figure_bytes(figure, "svg"), _alt(summaries)),
            Text(
                f"{_what_is_counted(files)} Mean ± standard deviation over repetitions ({each}); n counts trained "
                "classifiers."
            ),
            accuracy_table(summaries),
        ]
    if len(folds) > 1:
        means = "Mean ± standard deviation over the classifiers of the fold."
        blocks.append(Folded("Per fold", [Text(means), fold_table(summarise_folds(files.rows))]))
    return Section("accuracy", "Accuracy", blocks)


def is_unfinished(files: ExperimentFiles) -> bool:
    """Whether classifiers or folds are missing that others have, or that the grid names."""
    return bool(files.missing_trials() or _missing_folds(files) or incomplete_repetitions(files.rows))


def _gaps(files: ExperimentFiles) -> list[Text]:
    """What is missing, and so left out of means."""
    notices = []
    missing_trials = files.missing_trials()
    if missing_trials:
        notices.append(
            f"In the folds that have results {len(missing_trials)} classifiers of the grid are missing, the first: "
            f"{missing_trials[0].name}. The same command goes on with it."
        )
    notices += _missing_folds(files)
    incomplete = incomplete_repetitions(files.rows)
    if incomplete:
        notices.append(
            f"The experiment is not finished: {incomplete} repetitions lack a fold and are left out of the means."
        )
    if len(decisions := decisions_counted(files.rows)) > 1:
        counts = in_words([f"per {unit} in {count} rows" for unit, count in sorted(decisions.items())])
        notices.append(f"Accuracy counts decisions {counts}: these are not shares of the same thing.")
    if files.num_repeated:
        notices.append(f"{files.num_repeated} lines repeat a classifier that was there before; the last one counts.")
    return [Text(notice, is_notice=True) for notice in notices]


def _missing_folds(files: ExperimentFiles) -> list[str]:
    """The folds that are not compared, and the methods that lack some of the others."""
    everything = {row["fold"] for row in files.rows}
    notices = []
    for level, folds in compared_folds(files.rows).items():
        if missing := sorted(everything - set(folds)):
            notices.append(
                f"The experiment is not finished: at {level} clips per class not every method has {_folds(missing)}; "
                f"means and differences there are those of {len(folds)} of {len(everything)} folds."
            )
    for level, cell, missing in cells_left_out(files.rows):
        notices.append(
            f"The experiment is not finished: at {level} clips per class {cell.title} lacks {_folds(missing)} and is "
            "left out of means and differences."
        )
    return notices


def _folds(names: Sequence[str]) -> str:
    return f"{'fold' if len(names) == 1 else 'folds'} {', '.join(names)}"


def _what_is_counted(files: ExperimentFiles) -> str:
    """What accuracy is a share of."""
    known = decisions_counted(files.rows)
    if len(known) > 1:
        return "Accuracy: the share of right decisions, about clips in some rows and about recordings in others."
    counts = sorted({sum(map(sum, row["confusion_matrix"])) for row in files.rows})
    number = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    # Older rows do not say it; there accuracies that differ tell it.
    inferred = any(row.get("accuracy_per_clip", row["accuracy"]) != row["accuracy"] for row in files.rows)
    if "recording" in known or (not known and inferred):
        return (
            f"Accuracy: the share of test recordings, each decided by the mean output of its clips ({number} in all)."
        )
    return f"Accuracy: the share of the {number} test clips{'' if len(counts) == 1 else ' of a fold'}."


def decisions_counted(rows: Sequence[dict]) -> dict[str, int]:
    """'clip' or 'recording' -> number of rows that say that their accuracy counts decisions about these."""
    return Counter(row["decide_per"] for row in rows if "decide_per" in row)


def _alt(summaries: Sequence[Summary]) -> str:
    levels = ", ".join(str(level) for level in sorted({item.level for item in summaries}))
    return f"Accuracy of the methods at {levels} clips per class; the numbers are in the table below."
