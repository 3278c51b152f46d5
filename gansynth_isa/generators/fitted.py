"""The folder of a generator that is fitted in one go: what it is about, and its arrays."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from gansynth_isa import validation
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.config.identity import FREE_IN_RUN, changes
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import Provenance, Surroundings, TrainingData
from gansynth_isa.runs.checkpoints import latest_checkpoint, save_checkpoint
from gansynth_isa.runs.description import check_classes, check_fingerprint, clip_changes
from gansynth_isa.runs.folder_lock import locked
from gansynth_isa.runs.run_folder import RunFolder

MODEL = "model"  # folder of the arrays


@dataclass(frozen=True)
class FittedDescription:
    """What `experiment.json` says of a generator that is fitted in one go; a kind derives its own, with its names.

    Attributes:
      kind: name of the kind.
      config_class: of its settings.
      noun: what a folder with such a description holds, for messages.
      config: the settings.
      seed: of what is drawn while it is fitted.
      data_config: how the recordings were cut.
      features: how the clips became spectrograms.
      class_names: in the order of the labels.
      class_counts: class name -> training clips.
      data: `ClipSet.fingerprint` of the training clips.
    """

    kind: ClassVar[str]
    config_class: ClassVar[type]
    noun: ClassVar[str]

    config: Any
    seed: int
    data_config: DataConfig
    features: FeatureConfig
    class_names: tuple[str, ...]
    class_counts: dict[str, int]
    data: dict

    @classmethod
    def of(cls, config: Any, seed: int, training: TrainingData) -> Self:
        """The description of a training."""
        clips = training.clips
        return cls(
            config, seed, training.data, training.features, clips.class_names, clips.counts(), clips.fingerprint()
        )

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """What the generator in a folder is about.

        Raises:
          InputError: there is none of this kind, or its description is damaged.
        """
        return RunFolder(folder).read_description(cls)

    def configuration(self) -> dict:
        """All settings, ready for JSON."""
        return {
            "data": validation.to_dict(self.data_config),
            "features": validation.to_dict(self.features),
            self.kind: validation.to_dict(self.config),
            "seed": self.seed,
        }

    def to_dict(self) -> dict:
        """The values that `from_dict` takes, ready for JSON."""
        return {
            "generator": self.kind,
            "configuration": self.configuration(),
            "class_names": list(self.class_names),
            "class_counts": self.class_counts,
            "data": self.data,
        }

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        """The description that gave `values`.

        Raises:
          InputError: another kind, a setting that is not known, or a value out of range.
          KeyError: a name is missing.
        """
        if values["generator"] != cls.kind:
            raise InputError(f"expected the kind {cls.kind}, got {values['generator']!r}")
        check_classes(values["class_names"])
        check_fingerprint(values["data"])
        configuration = values["configuration"]
        return cls(
            config=validation.from_dict(cls.config_class, configuration[cls.kind]),
            seed=int(configuration["seed"]),
            data_config=validation.from_dict(DataConfig, configuration["data"]),
            features=validation.from_dict(FeatureConfig, configuration["features"]),
            class_names=tuple(map(str, values["class_names"])),
            class_counts={str(name): int(count) for name, count in values["class_counts"].items()},
            data=dict(values["data"]),
        )

    def changes(self, new: Self) -> list[str]:
        """What makes `new` another training than this one, a line each."""
        pairs = ((self.config, new.config), (self.data_config, new.data_config), (self.features, new.features))
        changed = [line for old, other in pairs for line in changes(old, other, FREE_IN_RUN)]
        if self.seed != new.seed:
            changed.append(f"seed: {self.seed} -> {new.seed}")
        return [*changed, *clip_changes(self, new)]

    def provenance(self, weights_sha256: str, details: dict) -> Provenance:
        """Where clips of this generator come from."""
        return Provenance(
            kind=self.kind,
            class_names=self.class_names,
            class_counts=self.class_counts,
            data=self.data_config,
            features=self.features,
            configuration=self.configuration(),
            recordings=self.data,
            weights_sha256=weights_sha256,
            details=details,
        )


def fit_in_folder(
    description: FittedDescription,
    folder: Path,
    surroundings: Surroundings,
    fit: Callable[[], tuple[dict[str, np.ndarray], list[str]]],
) -> None:
    """Fits a generator and keeps it in a folder; one that was fitted before stays as it is.

    Args:
      description: what it is about.
      folder: of the training.
      surroundings: console and log.
      fit: gives the arrays by name, and lines that a user should see.

    Raises:
      InputError: the folder holds another training, is in use, or cannot be written; or what `fit` raises.
    """
    run, console = RunFolder(folder), surroundings.console
    run.check(description)
    if run.description_path.exists() and read_arrays(folder, console.line) is not None:
        console.line(f"{folder}: finished, nothing to do")
        return
    arrays, lines = fit()
    with locked(folder):
        if surroundings.open_log:
            surroundings.open_log(run.log_path)
        run.open(description)
        save_checkpoint(run.stage_dir(MODEL), 0, arrays)
    for line in lines:
        console.line(line)


def read_arrays(folder: Path, warn: Callable[[str], None]) -> dict[str, np.ndarray] | None:
    """What was fitted; None where it was not, or where its file is damaged, which `warn` is told."""
    found = latest_checkpoint(RunFolder(folder).stage_dir(MODEL), warn)
    return found[1] if found else None


def fitted_arrays(folder: Path, warn: Callable[[str], None]) -> dict[str, np.ndarray]:
    """What was fitted.

    Raises:
      InputError: it was not fitted to its end, or its file is damaged.
    """
    arrays = read_arrays(folder, warn)
    if arrays is None:
        raise InputError(f"{folder}: training is not finished; run gansynth_isa_train again with the same flags")
    return arrays
