"""Writes the tables and the figure of an experiment from its rows; needs neither recordings nor TensorFlow."""

from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.figures import save_accuracy_figure
from gansynth_isa.experiments.rows import GANS_FILE, RESULTS_FILE, read_rows
from gansynth_isa.experiments.summary import incomplete_repetitions, summarise, summarise_folds, summarise_gans
from gansynth_isa.experiments.tables import accuracy_table, fold_table, gan_table, summaries_csv


@dataclass(frozen=True)
class Report:
    """What `write_report` made: the text of `table.md`, and all files."""

    text: str
    files: tuple[Path, ...]


def write_report(experiment_dir: Path, output_dir: Path) -> Report:
    """Writes `table.md`, `table.csv`, `accuracy.png` and `accuracy.svg`.

    Raises:
      InputError: the folder holds no results, or `output_dir` cannot be written.
    """
    rows = read_results(experiment_dir)
    name = rows[0]["dataset"]
    summaries = summarise(rows)
    text = report_text(name, rows, read_rows(experiment_dir / GANS_FILE))
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
        table, values = output_dir / "table.md", output_dir / "table.csv"
        table.write_text(text + "\n", encoding="utf-8")
        values.write_text(summaries_csv(summaries), encoding="utf-8")
        figures = save_accuracy_figure(summaries, len(rows[0]["recall"]), f"Accuracy on {name}", output_dir)
    except OSError as error:
        raise InputError(f"{output_dir}: cannot write there: {error.strerror or error}") from error
    return Report(text, (table, values, *figures))


def read_results(experiment_dir: Path) -> list[dict]:
    """The rows of an experiment, at least one.

    Raises:
      InputError: the folder holds no results.
    """
    rows = read_rows(experiment_dir / RESULTS_FILE)
    if not rows:
        raise InputError(f"{experiment_dir}: expected an experiment with results, found none in {RESULTS_FILE}")
    return rows


def report_text(name: str, rows: list[dict], gan_rows: list[dict]) -> str:
    """The report as Markdown."""
    folds = sorted({row["fold"] for row in rows})
    parts = [
        f"# Accuracy on {name}",
        f"Mean ± standard deviation over repetitions ({_folds_text(folds)}); n counts trained classifiers.",
        accuracy_table(summarise(rows)),
    ]
    incomplete = incomplete_repetitions(rows)
    if incomplete:
        parts.append(
            f"The experiment is not finished: {incomplete} repetitions lack a fold and are left out of the means."
        )
    if len(folds) > 1:
        parts += [
            "## Per fold",
            "Mean ± standard deviation over the trials of the fold.",
            fold_table(summarise_folds(rows)),
        ]
    if gan_rows:
        parts += [
            "## Synthetic clips",
            "Class agreement: share of synthetic clips to which a classifier trained on all real training recordings "
            "assigns the wanted class. Relative spread: spread within a class, real clips being 1. Nearest real: "
            "distance to the nearest clip the GAN was trained on, 1 being that of real clips among themselves.",
            gan_table(summarise_gans(gan_rows)),
        ]
    return "\n\n".join(parts)


def _folds_text(folds: list[str]) -> str:
    return f"each the mean of {len(folds)} folds" if len(folds) > 1 else "one split"
