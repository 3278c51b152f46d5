"""Results as tables: shown with two or three digits, and in full precision as CSV records."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from gansynth_isa.experiments.rows.cells import GANSYNTH, Cell, cell_of, generator_of, order_of_kind, title_of_kind
from gansynth_isa.files import file_name
from gansynth_isa.reports.content import Matrix, Table
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.summary import GanSummary, Summary
from gansynth_isa.reports.wording import generators_together, signed
from gansynth_isa.validation import known

LEVEL = "clips per class"
MAX_COLUMNS = 4  # of methods side by side: more are hard to read


def accuracy_table(summaries: Sequence[Summary]) -> Table:
    """Mean and standard deviation, one row per level, one column per cell; of many cells one row per cell."""
    header, rows = _levels_by_cells(summaries)
    records = [
        {
            "level": item.level,
            "method": item.method,
            "mean_accuracy": item.mean,
            "standard_deviation": item.deviation,
            "classifiers": item.num_trials,
        }
        for item in summaries
    ]
    return Table("accuracy", header, rows, records)


def _levels_by_cells(summaries: Sequence[Summary]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the accuracy table, which lies on its side where there are more cells than fit."""
    cells = sorted({item.cell for item in summaries}, key=lambda cell: cell.order)
    levels = sorted({item.level for item in summaries})
    texts = {(item.level, item.cell): _text(item) for item in summaries}
    if len(cells) <= MAX_COLUMNS:
        rows = [[str(level), *(texts.get((level, cell), "") for cell in cells)] for level in levels]
        return [LEVEL, *(cell.title for cell in cells)], rows
    rows = [[cell.title, *(texts.get((level, cell), "") for level in levels)] for cell in cells]
    return ["method", *(f"{level} {LEVEL}" for level in levels)], rows


def fold_table(summaries: Sequence[Summary]) -> Table:
    """One row per level and cell, one column per fold."""
    folds = sorted({known(item.fold) for item in summaries})
    texts = {(item.level, item.cell, item.fold): _text(item, with_count=False) for item in summaries}
    keys = list(dict.fromkeys((item.level, item.cell) for item in summaries))
    rows = [[str(level), cell.title, *(texts.get((level, cell, fold), "") for fold in folds)] for level, cell in keys]
    records = [
        {
            "level": item.level,
            "method": item.method,
            "fold": item.fold,
            "mean_accuracy": item.mean,
            "standard_deviation": item.deviation,
            "classifiers": item.num_trials,
        }
        for item in summaries
    ]
    return Table("folds", [LEVEL, "method", *(f"fold {fold}" for fold in folds)], rows, records, num_labels=2)


def difference_table(differences: Sequence[Difference]) -> Table:
    """Paired differences with their intervals, and how many of what they rest on."""
    rows = [
        [
            str(item.level),
            f"{item.cell.title} over {item.other_cell.title}",
            signed(item.mean),
            f"{signed(item.low)} to {signed(item.high)}",
            f"{item.num_folds}, {item.num_draws}, {item.num_gans or '–'}, {item.num_trials}",
        ]
        for item in differences
    ]
    names = ("level", "method", "other", "mean", "low", "high", "num_folds", "num_draws", "num_gans", "num_trials")
    records = [{name: getattr(item, name) for name in names} for item in differences]
    what = generators_together({cell.generator for item in differences for cell in (item.cell, item.other_cell)})
    header = [LEVEL, "difference", "mean", "95 % interval", f"folds, draws, {what}, trials"]
    return Table("differences", header, rows, records, num_labels=2)


def gan_table(summaries: Sequence[GanSummary]) -> Table:
    """The generators' own measures, one row per level; where there are several kinds, per kind and level."""
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
    header = [LEVEL, "class agreement", "relative spread", "nearest real", "minutes per GAN", "GANs"]
    names = ["level", "class_agreement", "relative_spread", "nearest_real_distance", "minutes", "num_gans"]
    kinds = [item.generator for item in summaries]
    if set(kinds) - {GANSYNTH}:
        header = ["generator", *header[:-2], "minutes each", "number"]
        rows = [[title_of_kind(kind), *row] for kind, row in zip(kinds, rows, strict=True)]
        names.insert(0, "generator")
    records = [{name: getattr(item, name) for name in names} for item in summaries]
    return Table("gans", header, rows, records, num_labels=len(names) - 5)


def recall_table(level: int, matrices: dict[Cell, Matrix]) -> Table:
    """Per-class recall at one level, over all classifiers of a cell; one row per class, one column per cell."""
    class_names = next(iter(matrices.values())).class_names
    rows, records = [], []
    for index, name in enumerate(class_names):
        counts = {cell: matrix.counts[index] for cell, matrix in matrices.items()}
        recalls = {cell: row[index] / sum(row) if sum(row) else None for cell, row in counts.items()}
        rows.append([name, *("" if value is None else f"{value:.2f}" for value in recalls.values())])
        records += [
            {"level": level, "class": name, "method": cell.name, "recall": value, "decisions": sum(counts[cell])}
            for cell, value in recalls.items()
        ]
    header = [f"{level} clips per class", *(cell.title for cell in matrices)]
    return Table(f"recall_{level}", header, rows, records)


def confusion_matrices(rows: Iterable[dict], class_names: Sequence[str]) -> dict[int, dict[Cell, Matrix]]:
    """Level -> cell -> counts of test clips, summed over folds and classifiers."""
    sums: dict[tuple[int, Cell], np.ndarray] = defaultdict(lambda: np.zeros((len(class_names),) * 2, np.int64))
    for row in rows:
        sums[row["level"], cell_of(row)] += np.array(row["confusion_matrix"], np.int64)
    matrices: dict[int, dict[Cell, Matrix]] = defaultdict(dict)
    for level, cell in sorted(sums, key=lambda place: (place[0], place[1].order)):
        name = f"confusion_{level}_{file_name(cell.name)}"
        matrices[level][cell] = Matrix(name, cell.title, class_names, sums[level, cell].tolist())
    return dict(matrices)


def cost_table(rows: Sequence[dict], gan_rows: Sequence[dict]) -> Table:
    """Minutes of classifiers and generators, and their sum."""
    records = [
        {"level": level, "what": what, "number": len(minutes), "minutes": sum(minutes)}
        for (level, *_, what), minutes in sorted(_minutes(rows, gan_rows).items())
    ]
    records.append(
        {
            "level": "all",
            "what": "everything",
            "number": sum(record["number"] for record in records),
            "minutes": sum(record["minutes"] for record in records),
        }
    )
    shown = [
        [
            str(record["level"]),
            record["what"],
            str(record["number"]),
            f"{record['minutes'] / record['number']:.2f}",
            f"{record['minutes']:.1f}",
        ]
        for record in records
    ]
    shown[-1][3] = ""
    return Table("cost", [LEVEL, "what", "number", "minutes each", "minutes"], shown, records, num_labels=2)


def _minutes(rows: Sequence[dict], gan_rows: Sequence[dict]) -> dict[tuple, list[float]]:
    """(level, ..., what) -> minutes of each; in the order of the keys classifiers stand before generators."""
    minutes = defaultdict(list)
    for row in rows:
        cell = cell_of(row)
        minutes[row["level"], 0, cell.order, f"classifier, {cell.title}"].append(row["minutes"])
    for row in gan_rows:
        kind = generator_of(row)
        name = f"{title_of_kind(kind)} with its clips and measures"
        minutes[row["level"], 1, order_of_kind(kind), name].append(row["minutes"])
    return minutes


def _text(item: Summary, with_count: bool = True) -> str:
    deviation = "" if item.deviation is None else f" ± {item.deviation:.3f}"
    return f"{item.mean:.3f}{deviation}" + (f" (n={item.num_trials})" if with_count else "")
