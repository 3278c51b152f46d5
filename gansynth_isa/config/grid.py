"""Settings of an experiment's grid."""

from dataclasses import dataclass

from gansynth_isa.config.classifier import METHODS
from gansynth_isa.config.seeds import LARGEST_SEED
from gansynth_isa.errors import InputError, nearest
from gansynth_isa.methods import METHODS_BY_NAME, PAPER_METHODS
from gansynth_isa.validation import Decides, Validated, setting

MOST_REPEATS = 10_000  # of classifiers, or of generators
MOST_SAMPLES = 1_000_000  # per class
MOST_TRIALS = 1_000_000  # of a whole grid, per fold


@dataclass(frozen=True)
class GridConfig(Validated):
    """The grid of an experiment: levels x methods x folds x generators x trials."""

    levels: tuple[int, ...] = setting((4, 9, 18), "training clips per class", Decides.GRID)
    methods: tuple[str, ...] = setting(PAPER_METHODS, "methods to compare", Decides.GRID)
    generators: tuple[str, ...] = setting(
        ("gansynth",),
        "kinds of generators whose clips the methods gan and gan_augmented use, each in turn",
        Decides.GRID,
    )
    folds: str = setting(
        "none",
        "'group' leaves one group out at a time, 'none' keeps the one split",
        Decides.SPLIT,
        choices=("none", "group"),
    )
    subset_seeds: tuple[int, ...] = setting((0,), "random subsets per level", Decides.GRID)
    gan_repeats: int = setting(1, "generators of each kind per subset", Decides.GRID, minimum=1, maximum=MOST_REPEATS)
    trials: int = setting(5, "classifiers per cell", Decides.GRID, minimum=1, maximum=MOST_REPEATS)
    samples_per_class: int = setting(
        1000, "synthetic clips per class", Decides.TRAINING, minimum=1, maximum=MOST_SAMPLES
    )
    instrument_trials: int | None = setting(
        None,
        "classifiers of synthetic clips alone, and as many of real ones, that say how useful the clips are; 0: only "
        "what needs no classifier; default: 2 in gansynth_isa_evaluate, no instruments at all in an experiment",
        Decides.OUTPUT,
        minimum=0,
        maximum=MOST_REPEATS,
    )

    def check(self) -> None:
        for method in self.methods:
            if method not in METHODS:
                raise InputError(
                    f"methods: expected some of {', '.join(METHODS)}, got {method!r}{nearest(method, METHODS)}"
                )
        if not self.levels or min(self.levels) < 1:
            given = ", ".join(map(str, self.levels)) or "none"
            raise InputError(f"levels: expected one or more positive numbers, got {given}")
        for name in ("levels", "methods", "subset_seeds"):
            if not getattr(self, name):
                raise InputError(f"{name}: expected one entry or more, each of them once, got none")
        for name in ("levels", "methods", "generators", "subset_seeds"):
            entries = getattr(self, name)
            if len(set(entries)) < len(entries):
                raise InputError(f"{name}: expected one entry or more, each of them once, got {entries}")
        if self.needs_generators and not self.generators:
            raise InputError(f"generators: expected a kind for the methods {', '.join(self.methods)}, got none")
        self._check_numbers()

    def _check_numbers(self) -> None:
        """Refuses seeds and a size of the grid that nothing can be made of."""
        if not all(0 <= seed <= LARGEST_SEED for seed in self.subset_seeds):
            raise InputError(
                f"subset_seeds: expected numbers from 0 to {LARGEST_SEED}, got {str(self.subset_seeds)[:60]}"
            )
        per_subset = len(self.methods) * self.trials * self.gan_repeats * max(1, len(self.generators))
        if per_subset * len(self.levels) * len(self.subset_seeds) > MOST_TRIALS:
            raise InputError(
                f"trials: expected at most {MOST_TRIALS} in a grid of {len(self.levels)} levels, "
                f"{len(self.subset_seeds)} subsets, {len(self.methods)} methods and {self.gan_repeats} generators of a "
                f"kind, got {self.trials} per cell"
            )

    @property
    def chooses(self) -> bool:
        """Whether one of the methods takes another, perhaps one with synthetic clips."""
        return any(METHODS_BY_NAME[name].chooses for name in self.methods)

    @property
    def needs_generators(self) -> bool:
        """Whether one of the methods uses synthetic clips."""
        return any(METHODS_BY_NAME[name].synthetic for name in self.methods)
