"""The kind `gaussian`: each class's clips as a Gaussian in principal components, fitted in a second."""

from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.folder import Description, check_same, read_description
from gansynth_isa.generators.gaussian.config import GaussianConfig


class GaussianKind(GeneratorKind):
    """Gaussians with a common basis."""

    name = "gaussian"
    title = "Gaussian"
    config_class = GaussianConfig

    def plan(self, config: GaussianConfig, features: FeatureConfig) -> list[str]:
        sharing = "chosen by left-out recordings" if config.gaussian_sharing is None else f"{config.gaussian_sharing:g}"
        shape = ", ".join(map(str, features.shape))
        return [
            f"gaussian: clips of shape ({shape}), at most {config.gaussian_components} principal components, "
            f"share of the common covariance {sharing}; fitted at once"
        ]

    def fit(
        self, config: GaussianConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.folder import read_arrays
        from gansynth_isa.generators.gaussian.trained import fit_in_folder
        from gansynth_isa.runs.folder_lock import locked

        description = Description.of(self.name, config, seed, training)
        check_same(folder, description, GaussianConfig)
        console = surroundings.console
        with locked(folder):
            if read_arrays(folder, console.line) is not None:
                console.line(f"{folder}: finished, nothing to do")
                return
            if surroundings.open_log:
                surroundings.open_log(folder / "log.txt")
            gaussian = fit_in_folder(description, training, folder)
            for note in gaussian.notes:
                console.line(note)
            console.line(
                f"{folder}: fitted {len(gaussian.basis)} components to {len(training.clips)} clips; "
                f"share of the common covariance {gaussian.sharing:g}"
            )

    def load(self, folder: Path, warn, for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.gaussian.trained import load_from_folder

        return load_from_folder(read_description(folder, self.name, GaussianConfig), folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        return read_description(folder, self.name, GaussianConfig).class_names
