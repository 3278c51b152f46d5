"""Reads what an experiment's folder holds: results, GANs, configuration. Needs neither recordings nor TensorFlow."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.config import GridConfig
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.experiment import has_experiment, read_experiment
from gansynth_isa.experiments.rows.checks import check_gan_rows, check_results
from gansynth_isa.experiments.rows.files import GANS_FILE, RESULTS_FILE, read_rows
from gansynth_isa.experiments.trials import Trial, all_trials
from gansynth_isa.validation import from_dict

_GAN_FOLDER = re.compile(r"fold-(?P<fold>.+)_level-(?P<level>\d+)_subset-(?P<draw>\d+)_gan-(?P<gan>\d+)")


@dataclass(frozen=True)
class GanRun:
    """The folder of one trained GAN: its place in the grid, its reports, its newest picture of clips, if any."""

    fold: str
    level: int
    draw: int
    gan: int
    metrics: Sequence[dict]
    picture: Path | None

    @property
    def name(self) -> str:
        """To read."""
        return f"fold {self.fold}, subset {self.draw}, GAN {self.gan}"


@dataclass(frozen=True)
class ExperimentFiles:
    """What was found.

    Attributes:
      rows: of `results.jsonl`, at least one, every trial once.
      num_repeated: lines of trials that were there before; they are left out.
      gan_rows: of `gans.jsonl`, every GAN once.
      description: `experiment.json`, None where there is none.
      gan_runs: in the order level, fold, draw, GAN.
    """

    rows: Sequence[dict]
    num_repeated: int
    gan_rows: Sequence[dict]
    description: dict | None
    gan_runs: Sequence[GanRun]

    @property
    def dataset_name(self) -> str:
        """The name that the rows bear."""
        return self.rows[0]["dataset"]

    @property
    def is_simulated(self) -> bool:
        """Whether a row says that its recordings are simulated."""
        return any(row.get("simulated") for row in self.rows)

    def missing_trials(self) -> list[Trial]:
        """Classifiers of the grid in `experiment.json` that no row is of, in the folds that rows are of.

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
        rows=distinct,
        num_repeated=len(rows) - len(distinct),
        gan_rows=list({_gan_place(row): row for row in gan_rows}.values()),
        description=read_experiment(experiment_dir) if described else None,
        gan_runs=_gan_runs(experiment_dir / "gans"),
    )


def _gan_place(row: dict) -> tuple:
    return tuple(row.get(key) for key in ("level", "fold", "subset_seed", "gan"))


def _gan_runs(gans_dir: Path) -> list[GanRun]:
    matches = [(folder, _GAN_FOLDER.fullmatch(folder.name)) for folder in _folders(gans_dir)]
    runs = [
        GanRun(
            fold=match["fold"],
            level=int(match["level"]),
            draw=int(match["draw"]),
            gan=int(match["gan"]),
            metrics=read_rows(folder / "metrics.jsonl"),
            picture=max((folder / "samples").glob("*.png"), default=None),
        )
        for folder, match in matches
        if match
    ]
    return sorted(runs, key=lambda run: (run.level, run.fold, run.draw, run.gan))


def _folders(parent: Path) -> Iterable[Path]:
    return (path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else ()
