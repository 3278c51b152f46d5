"""The kind `copies`: augmented copies of training clips, the control of every kind that makes clips of its own."""

from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.copies.config import CopiesConfig


class CopiesKind(GeneratorKind):
    """Augmented real clips in the place of synthetic ones."""

    name = "copies"
    title = "copies"
    config_class = CopiesConfig

    def plan(self, config: CopiesConfig, features: FeatureConfig) -> list[str]:
        shape = ", ".join(map(str, features.shape))
        return [
            f"copies: clips of shape ({shape}), copies of training clips, augmented with probability "
            f"{config.copies_probability:g}; fitted at once"
        ]

    def fit(
        self, config: CopiesConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.copies.trained import fit_copies_in_folder

        fit_copies_in_folder(config, training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.copies.trained import load_copies

        return load_copies(folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.copies.trained import read_description

        return read_description(folder).class_names
