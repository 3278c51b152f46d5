"""The grid of an experiment as a list: every classifier to train, and the generators they need."""

from collections.abc import Sequence
from dataclasses import dataclass

from gansynth_isa.config import GridConfig
from gansynth_isa.experiments.rows.cells import GANSYNTH, cell_of, generator_of
from gansynth_isa.files import file_name
from gansynth_isa.methods import METHODS_BY_NAME
from gansynth_isa.validation import known

ONLY_FOLD = "all"


@dataclass(frozen=True, order=True)
class GeneratorKey:
    """Which generator: trained on subset `subset_seed` of `level` clips per class, `fold` being left out.

    Attributes:
      gan: its number among those of its kind on this subset, from 0 on; rows of every kind name it so.
    """

    fold: str
    level: int
    subset_seed: int
    gan: int
    kind: str = GANSYNTH

    @property
    def name(self) -> str:
        """Name of its folder, the same on every machine."""
        prefix = "" if self.kind == GANSYNTH else f"{self.kind}_"
        return f"{prefix}fold-{file_name(self.fold)}_level-{self.level}_subset-{self.subset_seed}_gan-{self.gan}"

    def row(self) -> dict:
        """Its columns in `gans.jsonl`."""
        return {
            "fold": self.fold,
            "level": self.level,
            "subset_seed": self.subset_seed,
            "gan": self.gan,
            "generator": self.kind,
        }

    @classmethod
    def from_row(cls, row: dict) -> "GeneratorKey":
        """The generator whose `row` this is; rows that name no kind are of the only one that there was."""
        return cls(row["fold"], row["level"], row["subset_seed"], row["gan"], generator_of(row))


@dataclass(frozen=True)
class Trial:
    """One classifier to train; `gan` and `generator` are None for the methods that use real clips alone."""

    fold: str
    level: int
    subset_seed: int
    method: str
    gan: int | None
    trial: int
    generator: str | None = None

    @property
    def generator_key(self) -> GeneratorKey | None:
        """The generator that its synthetic clips come from."""
        if self.generator is None:
            return None
        return GeneratorKey(self.fold, self.level, self.subset_seed, known(self.gan), self.generator)

    @property
    def choice_place(self) -> tuple[str, int, int] | None:
        """The training subset whose choice it is trained by, (fold, level, subset seed); None for other methods."""
        return (self.fold, self.level, self.subset_seed) if METHODS_BY_NAME[self.method].chooses else None

    @property
    def name(self) -> str:
        """A name to read, unique in the experiment."""
        if self.generator is None:
            source = ""
        else:
            source = f", {'GAN' if self.generator == GANSYNTH else self.generator} {self.gan}"
        place = f"fold {self.fold}, level {self.level}, subset {self.subset_seed}"
        return f"{place}, {self.method}{source}, trial {self.trial}"

    def row(self) -> dict:
        """Its columns in `results.jsonl`."""
        return {
            "level": self.level,
            "method": self.method,
            "generator": self.generator,
            "fold": self.fold,
            "subset_seed": self.subset_seed,
            "gan": self.gan,
            "trial": self.trial,
        }

    @classmethod
    def from_row(cls, row: dict) -> "Trial":
        """The trial whose `row` this is; rows that name no kind are of the only one that there was."""
        place = (row["fold"], row["level"], row["subset_seed"])
        return cls(*place, row["method"], row["gan"], row["trial"], cell_of(row).generator)


def all_trials(grid: GridConfig, folds: Sequence[str]) -> tuple[Trial, ...]:
    """Every trial of the grid, those of one generator together, those without one before them."""
    places = [
        (fold, level, subset_seed) for fold in folds for level in grid.levels for subset_seed in grid.subset_seeds
    ]
    return tuple(trial for place in places for trial in _trials_at(place, grid))


def _trials_at(place: tuple[str, int, int], grid: GridConfig) -> list[Trial]:
    """The trials on one subset."""
    synthetic = [name for name in grid.methods if METHODS_BY_NAME[name].synthetic]
    real = [name for name in grid.methods if name not in synthetic]
    sources = [(kind, repeat) for kind in grid.generators for repeat in range(grid.gan_repeats)]
    repeats = {name: 1 if METHODS_BY_NAME[name].is_deterministic else grid.trials for name in real}
    return [
        *(Trial(*place, method, None, index) for method in real for index in range(repeats[method])),
        *(
            Trial(*place, method, repeat, index, kind)
            for kind, repeat in sources
            for method in synthetic
            for index in range(grid.trials)
        ),
    ]
