"""Reads what an experiment's folder holds: results, GANs, configuration. Needs neither recordings nor TensorFlow."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.config import GridConfig
from gansynth_isa.errors import InputError, printable
from gansynth_isa.experiments.experiment import has_experiment, read_experiment
from gansynth_isa.experiments.rows.cells import GANSYNTH, cell_of, generator_of, order_of_kind, title_of_kind
from gansynth_isa.experiments.rows.checks import check_gan_rows, check_reports, check_results
from gansynth_isa.experiments.rows.files import GANS_FILE, RESULTS_FILE, read_rows
from gansynth_isa.experiments.trials import Trial, all_trials
from gansynth_isa.validation import from_dict

WARNINGS = "warnings"  # key of `grid.json`
# Folders of the paper's kind bear no name of a kind.
_GENERATOR_FOLDER = re.compile(
    r"(?:(?P<kind>(?!fold-).+?)_)?fold-(?P<fold>.+)_level-(?P<level>\d+)_subset-(?P<draw>\d+)_gan-(?P<gan>\d+)"
)


@dataclass(frozen=True)
class GeneratorFolder:
    """The folder of one trained generator.

    Attributes:
      kind, fold, level, draw, gan: its place in the grid; `gan` is the number of the repeat.
      metrics: its reports; not every kind writes some.
      picture: its newest picture of clips; None where there is none.
    """

    kind: str
    fold: str
    level: int
    draw: int
    gan: int
    metrics: Sequence[dict]
    picture: Path | None

    @property
    def name(self) -> str:
        """To read."""
        return f"fold {self.fold}, subset {self.draw}, {title_of_kind(self.kind)} {self.gan}"


@dataclass(frozen=True)
class ExperimentFiles:
    """What was found.

    Attributes:
      rows: of `results.jsonl`, at least one, every trial once, see `_in_order`.
      num_repeated: lines of trials that were there before; they are left out.
      gan_rows: of `gans.jsonl`, every generator once.
      description: `grid.json`, None where there is none.
      generator_folders: in the order kind, level, fold, draw, number; the paper's kind first.
    """

    rows: Sequence[dict]
    num_repeated: int
    gan_rows: Sequence[dict]
    description: dict | None
    generator_folders: Sequence[GeneratorFolder]

    @property
    def dataset_name(self) -> str:
        """The name that the rows bear."""
        return self.rows[0]["dataset"]

    @property
    def is_simulated(self) -> bool:
        """Whether a row says that its recordings are simulated."""
        return any(row.get("simulated") for row in self.rows)

    @property
    def is_of_old_form(self) -> bool:
        """Whether its rows are of the time when there was one kind of generator; their reports are published."""
        return not any("generator" in row for row in self.rows)

    def missing_trials(self) -> list[Trial]:
        """Classifiers of the grid in `grid.json` that no row is of, in the folds that rows are of.

        Empty where there is no such file, or one with settings that this version does not know.
        """
        grid = (self.description or {}).get("configuration", {}).get("grid")
        done = {Trial.from_row(row) for row in self.rows}
        folds = sorted({row["fold"] for row in self.rows})
        try:
            trials = all_trials(from_dict(GridConfig, grid), folds) if grid else ()
        except InputError:
            return []
        return [trial for trial in trials if trial not in done]

    @property
    def warnings(self) -> list[str]:
        """What `grid.json` says that is suspicious about the recordings, a line each."""
        return [printable(line) for line in (self.description or {}).get(WARNINGS, ())]

    @property
    def generators(self) -> list[str]:
        """Kinds of generators that rows are of, the paper's first."""
        kinds = {cell.generator for cell in map(cell_of, self.rows) if cell.generator is not None}
        return sorted(kinds | set(map(generator_of, self.gan_rows)), key=order_of_kind)

    @property
    def class_names(self) -> list[str]:
        """In the order of the confusion matrices."""
        return list(self.rows[0]["recall"])


def read_results(experiment_dir: Path) -> list[dict]:
    """The rows of an experiment, at least one.

    Raises:
      InputError: the folder holds no results, rows that lack something, or rows of several experiments.
    """
    path = experiment_dir / RESULTS_FILE
    rows = read_rows(path)
    if not rows:
        raise InputError(f"{experiment_dir}: expected an experiment with results, found none in {RESULTS_FILE}")
    check_results(path, rows)
    return rows


def read_experiment_files(experiment_dir: Path) -> ExperimentFiles:
    """All that a report is made of.

    Raises:
      InputError: see `read_results`; or a file that is there is damaged.
    """
    rows = read_results(experiment_dir)
    distinct = list({Trial.from_row(row): row for row in rows}.values())
    gan_rows = read_rows(experiment_dir / GANS_FILE)
    check_gan_rows(experiment_dir / GANS_FILE, gan_rows)
    described = has_experiment(experiment_dir)
    return ExperimentFiles(
        rows=_in_order(distinct, _place),
        num_repeated=len(rows) - len(distinct),
        gan_rows=_in_order({_gan_place(row): row for row in gan_rows}.values(), _gan_place),
        description=_read_description(experiment_dir) if described else None,
        generator_folders=_generator_folders(experiment_dir / "gans"),
    )


def _read_description(experiment_dir: Path) -> dict:
    description = read_experiment(experiment_dir)
    warnings = description.get(WARNINGS, [])
    if not isinstance(warnings, list) or not all(isinstance(line, str) for line in warnings):
        raise InputError(f"{experiment_dir}: {WARNINGS}: expected a list of texts, got {str(warnings)[:60]!r}")
    return description


def _in_order(rows: Iterable[dict], place: Callable[[dict], tuple]) -> list[dict]:
    """Rows by their place in the grid, so that it does not matter which task ended first.

    Rows that do not say their generator, of older experiments, come first, in the order of their file: published
    intervals were drawn and published sums added up in it.
    """
    rows = list(rows)
    named = [row for row in rows if "generator" in row]
    return [row for row in rows if "generator" not in row] + sorted(named, key=place)


def _place(row: dict) -> tuple:
    gan = -1 if row["gan"] is None else row["gan"]
    return row["level"], row["fold"], row["subset_seed"], cell_of(row).order, gan, row["trial"]


def _gan_place(row: dict) -> tuple:
    return order_of_kind(generator_of(row)), *(row[key] for key in ("level", "fold", "subset_seed", "gan"))


def _generator_folders(gans_dir: Path) -> list[GeneratorFolder]:
    matches = [(folder, _GENERATOR_FOLDER.fullmatch(folder.name)) for folder in _folders(gans_dir)]
    found = [
        GeneratorFolder(
            kind=match["kind"] or GANSYNTH,
            fold=match["fold"],
            level=int(match["level"]),
            draw=int(match["draw"]),
            gan=int(match["gan"]),
            metrics=_read_reports(folder / "metrics.jsonl"),
            picture=max((path for path in (folder / "samples").glob("*.png") if path.is_file()), default=None),
        )
        for folder, match in matches
        if match
    ]
    return sorted(found, key=lambda each: (order_of_kind(each.kind), each.level, each.fold, each.draw, each.gan))


def _read_reports(path: Path) -> list[dict]:
    rows = read_rows(path)
    check_reports(path, rows)
    return rows


def _folders(parent: Path) -> Iterable[Path]:
    return (path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else ()
