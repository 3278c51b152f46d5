"""The kind `gaussian`: each class's clips as a Gaussian in principal components, fitted in a second."""

from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.gaussian.config import GaussianConfig


class GaussianKind(GeneratorKind):
    """Gaussians with a common basis."""

    name = "gaussian"
    title = "Gaussian"
    config_class = GaussianConfig

    def plan(self, config: GaussianConfig, features: FeatureConfig) -> list[str]:
        sharing, shrinkage = _in_words(config.gaussian_sharing), _in_words(config.gaussian_shrinkage)
        shape = ", ".join(map(str, features.shape))
        return [
            f"gaussian: clips of shape ({shape}), at most {config.gaussian_components} principal components, "
            f"share of the common covariance {sharing}, shrinkage {shrinkage}, class means smoothed over frames "
            f"{_in_words(config.gaussian_smoothing)}; fitted at once"
        ]

    def fit(
        self, config: GaussianConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.gaussian.trained import fit_gaussian_in_folder

        fit_gaussian_in_folder(config, training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.gaussian.trained import load_gaussian

        return load_gaussian(folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.gaussian.trained import read_description

        return read_description(folder).class_names


def _in_words(value: float | None) -> str:
    return "chosen by left-out recordings" if value is None else f"{value:g}"
