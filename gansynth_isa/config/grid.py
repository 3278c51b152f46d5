"""Settings of an experiment's grid."""

from dataclasses import dataclass

from gansynth_isa.config.classifier import METHODS
from gansynth_isa.errors import InputError, nearest
from gansynth_isa.validation import Decides, Validated, setting


@dataclass(frozen=True)
class GridConfig(Validated):
    """The grid of an experiment: levels x methods x folds x GANs x trials."""

    levels: tuple[int, ...] = setting((4, 9, 18), "training clips per class", Decides.GRID)
    methods: tuple[str, ...] = setting(METHODS, "methods to compare", Decides.GRID)
    folds: str = setting(
        "none",
        "'group' leaves one group out at a time, 'none' keeps the one split",
        Decides.SPLIT,
        choices=("none", "group"),
    )
    subset_seeds: tuple[int, ...] = setting((0,), "random subsets per level", Decides.GRID)
    gan_repeats: int = setting(1, "GANs per subset", Decides.GRID, minimum=1)
    trials: int = setting(5, "classifiers per cell", Decides.GRID, minimum=1)
    samples_per_class: int = setting(1000, "synthetic clips per class", Decides.TRAINING, minimum=1)

    def check(self):
        for method in self.methods:
            if method not in METHODS:
                raise InputError(
                    f"methods: expected some of {', '.join(METHODS)}, got {method!r}{nearest(method, METHODS)}"
                )
        if not self.levels or min(self.levels) < 1:
            given = ", ".join(map(str, self.levels)) or "none"
            raise InputError(f"levels: expected one or more positive numbers, got {given}")
        for name in ("levels", "methods", "subset_seeds"):
            entries = getattr(self, name)
            if not entries or len(set(entries)) < len(entries):
                raise InputError(f"{name}: expected one entry or more, each of them once, got {entries}")
