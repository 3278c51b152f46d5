"""The kind `smote`: clips between neighbouring training clips of a class (Chawla et al. 2002)."""

from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.smote.config import SmoteConfig


class SmoteKind(GeneratorKind):
    """Synthetic minority over-sampling."""

    name = "smote"
    title = "SMOTE"
    config_class = SmoteConfig

    def plan(self, config: SmoteConfig, features: FeatureConfig) -> list[str]:
        shape = ", ".join(map(str, features.shape))
        return [
            f"smote: clips of shape ({shape}), up to {config.smote_largest_share:g} of the way from a training clip to "
            f"one of its {config.smote_neighbours} nearest neighbours in the class; fitted at once"
        ]

    def fit(
        self, config: SmoteConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.smote.trained import fit_smote_in_folder

        fit_smote_in_folder(config, training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.smote.trained import load_smote

        return load_smote(folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.smote.trained import read_description

        return read_description(folder).class_names
