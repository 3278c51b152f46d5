"""Results as tables: shown with two or three digits, and in full precision as CSV records."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from gansynth_isa.config import METHODS
from gansynth_isa.reports.content import Matrix, Table
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.summary import GanSummary, Summary

METHOD_NAMES = {
    "baseline": "baseline",
    "augmented": "baseline + augmentation",
    "gan": "GAN",
    "gan_augmented": "GAN + augmentation",
}
LEVEL = "clips per class"


def accuracy_table(summaries: Sequence[Summary]) -> Table:
    """Mean and standard deviation, one row per level, one column per method."""
    methods = _present_methods(item.method for item in summaries)
    cells = {(item.level, item.method): _cell(item) for item in summaries}
    rows = [
        [str(level), *(cells.get((level, method), "") for method in methods)]
        for level in sorted({item.level for item in summaries})
    ]
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
    return Table("accuracy", [LEVEL, *(METHOD_NAMES[method] for method in methods)], rows, records)


def fold_table(summaries: Sequence[Summary]) -> Table:
    """One row per level and method, one column per fold."""
    folds = sorted({item.fold for item in summaries})
    cells = {(item.level, item.method, item.fold): _cell(item, with_count=False) for item in summaries}
    keys = list(dict.fromkeys((item.level, item.method) for item in summaries))
    rows = [
        [str(level), METHOD_NAMES[method], *(cells.get((level, method, fold), "") for fold in folds)]
        for level, method in keys
    ]
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
            f"{METHOD_NAMES[item.method]} over {METHOD_NAMES[item.other]}",
            signed(item.mean),
            f"{signed(item.low)} to {signed(item.high)}",
            f"{item.num_folds}, {item.num_draws}, {item.num_gans or '–'}, {item.num_trials}",
        ]
        for item in differences
    ]
    names = ("level", "method", "other", "mean", "low", "high", "num_folds", "num_draws", "num_gans", "num_trials")
    records = [{name: getattr(item, name) for name in names} for item in differences]
    header = [LEVEL, "difference", "mean", "95 % interval", "folds, draws, GANs, trials"]
    return Table("differences", header, rows, records, num_labels=2)


def gan_table(summaries: Sequence[GanSummary]) -> Table:
    """The GANs' own measures, one row per level."""
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
    names = ("level", "class_agreement", "relative_spread", "nearest_real_distance", "minutes", "num_gans")
    return Table("gans", header, rows, [{name: getattr(item, name) for name in names} for item in summaries])


def recall_table(level: int, matrices: dict[str, Matrix]) -> Table:
    """Per-class recall at one level, over all classifiers of a method; one row per class, one column per method."""
    class_names = next(iter(matrices.values())).class_names
    rows, records = [], []
    for index, name in enumerate(class_names):
        counts = {method: matrix.counts[index] for method, matrix in matrices.items()}
        recalls = {method: row[index] / sum(row) if sum(row) else None for method, row in counts.items()}
        rows.append([name, *("" if value is None else f"{value:.2f}" for value in recalls.values())])
        records += [
            {"level": level, "class": name, "method": method, "recall": value, "decisions": sum(counts[method])}
            for method, value in recalls.items()
        ]
    header = [f"{level} clips per class", *(METHOD_NAMES[method] for method in matrices)]
    return Table(f"recall_{level}", header, rows, records)


def confusion_matrices(rows: Iterable[dict], class_names: Sequence[str]) -> dict[int, dict[str, Matrix]]:
    """Level -> method -> counts of test clips, summed over folds and classifiers."""
    sums = defaultdict(lambda: np.zeros((len(class_names),) * 2, np.int64))
    for row in rows:
        sums[row["level"], row["method"]] += np.array(row["confusion_matrix"], np.int64)
    return {
        level: {
            method: Matrix(
                f"confusion_{level}_{method}", METHOD_NAMES[method], class_names, sums[level, method].tolist()
            )
            for method in METHODS
            if (level, method) in sums
        }
        for level in sorted({place[0] for place in sums})
    }


def cost_table(rows: Sequence[dict], gan_rows: Sequence[dict]) -> Table:
    """Minutes of classifiers and GANs, and their sum."""
    minutes = defaultdict(list)
    for row in rows:
        minutes[row["level"], METHODS.index(row["method"])].append(row["minutes"])
    for row in gan_rows:
        minutes[row["level"], len(METHODS)].append(row["minutes"])
    names = [*(f"classifier, {METHOD_NAMES[method]}" for method in METHODS), "GAN with its clips and measures"]
    records = [
        {"level": level, "what": names[place], "number": len(values), "minutes": sum(values)}
        for (level, place), values in sorted(minutes.items())
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


def signed(value: float) -> str:
    """With sign and three decimals; what rounds to zero has no sign."""
    return f"{value:+.3f}".replace("-", "−") if round(abs(value), 3) else "0.000"


def _present_methods(methods: Iterable[str]) -> list[str]:
    present = set(methods)
    return [method for method in METHODS if method in present]


def _cell(item: Summary, with_count: bool = True) -> str:
    deviation = "" if item.deviation is None else f" ± {item.deviation:.3f}"
    return f"{item.mean:.3f}{deviation}" + (f" (n={item.num_trials})" if with_count else "")
