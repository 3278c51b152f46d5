"""The kind `imported`: clips that were made elsewhere, so that an experiment may compare them with generators."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.imported.config import ImportedConfig


class ImportedKind(GeneratorKind):
    """Imported clips."""

    name = "imported"
    title = "imported clips"
    config_class = ImportedConfig
    hears_training_clips_alone = False

    def resolve(self, config: ImportedConfig, features: FeatureConfig) -> ImportedConfig:
        """The configuration with the checksum of the files.

        Raises:
          InputError: no folder of imported clips is given, or others than those whose checksum is asked for.
        """
        if config.imported_dir is None:
            raise InputError("imported_dir: expected the folder that gansynth_isa_import wrote, got nothing")
        found = _checksum(Path(config.imported_dir))
        if config.imported_sha256 not in (None, found):
            raise InputError(
                f"imported_dir: expected the clips with the checksum {config.imported_sha256}, got {found} "
                f"({config.imported_dir})"
            )
        return dataclasses.replace(config, imported_sha256=found)

    def plan(self, config: ImportedConfig, features: FeatureConfig) -> list[str]:
        shape = ", ".join(map(str, features.shape))
        return [f"imported: clips of shape ({shape}) of {config.imported_dir}, each once before any twice"]

    def fit(
        self, config: ImportedConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.imported.trained import keep_imported_in_folder

        keep_imported_in_folder(config, training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.imported.trained import load_imported

        return load_imported(folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.imported.trained import ImportedDescription

        return ImportedDescription.in_folder(folder).class_names


def _checksum(folder: Path) -> str:
    """What the metadata of imported clips say; the clips themselves are read later."""
    path = folder / "metadata.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        kind, checksum = values["generator"], str(values["weights_sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"imported_dir: expected a folder that gansynth_isa_import wrote, got {folder} ({type(error).__name__})"
        ) from error
    if kind != ImportedKind.name:
        raise InputError(f"imported_dir: expected imported clips, got clips of the kind {kind!r} in {folder}")
    return checksum
