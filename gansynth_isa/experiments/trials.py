"""The grid of an experiment as a list: every classifier to train, and the GANs they need."""

from collections.abc import Sequence
from dataclasses import dataclass

from gansynth_isa.config import DataConfig, GridConfig
from gansynth_isa.experiments.rows.cells import GANSYNTH, cell_of
from gansynth_isa.files import file_name

GAN_METHODS = ("gan", "gan_augmented")
ONLY_FOLD = "all"


@dataclass(frozen=True, order=True)
class GanKey:
    """Which GAN: trained on subset `subset_seed` of `level` clips per class, `fold` being left out."""

    fold: str
    level: int
    subset_seed: int
    gan: int

    @property
    def name(self) -> str:
        """Name of its folder, the same on every machine."""
        return f"fold-{file_name(self.fold)}_level-{self.level}_subset-{self.subset_seed}_gan-{self.gan}"


@dataclass(frozen=True)
class Trial:
    """One classifier to train; `gan` and `generator`, its kind, are None for the methods of real clips alone."""

    fold: str
    level: int
    subset_seed: int
    method: str
    gan: int | None
    trial: int
    generator: str | None = None

    @property
    def gan_key(self) -> GanKey | None:
        """The GAN that its synthetic clips come from."""
        return None if self.gan is None else GanKey(self.fold, self.level, self.subset_seed, self.gan)

    @property
    def name(self) -> str:
        """A name to read, unique in the experiment."""
        gan = "" if self.gan is None else f", GAN {self.gan}"
        return (
            f"fold {self.fold}, level {self.level}, subset {self.subset_seed}, {self.method}{gan}, trial {self.trial}"
        )

    def row(self) -> dict:
        """Its columns in `results.jsonl`."""
        return {
            "level": self.level,
            "method": self.method,
            "fold": self.fold,
            "subset_seed": self.subset_seed,
            "gan": self.gan,
            "trial": self.trial,
        }

    @classmethod
    def from_row(cls, row: dict) -> "Trial":
        """The trial whose `row` this is."""
        place = (row["fold"], row["level"], row["subset_seed"], row["method"], row["gan"], row["trial"])
        return cls(*place, generator=cell_of(row).generator)


def all_trials(grid: GridConfig, folds: Sequence[str]) -> tuple[Trial, ...]:
    """Every trial of the grid, those of one GAN together, those without a GAN before them."""
    real = [method for method in grid.methods if method not in GAN_METHODS]
    synthetic = [method for method in grid.methods if method in GAN_METHODS]
    trials = []
    for fold in folds:
        for level in grid.levels:
            for subset_seed in grid.subset_seeds:
                place = (fold, level, subset_seed)
                trials += [Trial(*place, method, None, index) for method in real for index in range(grid.trials)]
                trials += [
                    Trial(*place, method, gan, index, generator=GANSYNTH)
                    for gan in range(grid.gan_repeats)
                    for method in synthetic
                    for index in range(grid.trials)
                ]
    return tuple(trials)


def decides_per_file(data: DataConfig) -> bool:
    """Whether `accuracy` counts files: for the minutes-long recordings of pucks, as in the paper."""
    return data.dataset == "pucks"
