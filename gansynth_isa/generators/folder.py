"""The folder of a generator that is fitted in one go: what it is about, and its arrays.

`experiment.json` has the form of the progressive GAN's file of that name; 'generator' in it names the kind.
"""

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from gansynth_isa import validation
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.config.identity import FREE_IN_RUN, changes
from gansynth_isa.errors import InputError
from gansynth_isa.files import write_json
from gansynth_isa.generators.base import Provenance, TrainingData
from gansynth_isa.runs.checkpoints import latest_checkpoint, save_checkpoint

DESCRIPTION_FILE = "experiment.json"
FORMAT_VERSION = 1
MODEL_DIR = "model"
PACKAGES = ("gansynth_isa", "tensorflow", "keras", "numpy")


def kind_of_folder(folder: Path, default: str) -> str:
    """Name of the kind whose training a folder holds.

    Args:
      folder: of a training.
      default: the kind of folders that do not say it.

    Raises:
      InputError: the folder holds no training, or what says so is damaged.
    """
    values = _read_json(folder)
    kind = values.get("generator", default)
    if not isinstance(kind, str):
        raise InputError(f"{folder / DESCRIPTION_FILE}: damaged (generator is {kind!r})")
    return kind


def _read_json(folder: Path) -> dict:
    path = folder / DESCRIPTION_FILE
    if not path.is_file():
        raise InputError(f"{folder}: expected the folder of a trained generator, but it has no {DESCRIPTION_FILE}")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: damaged ({error})") from error
    if not isinstance(values, dict):
        raise InputError(f"{path}: damaged (expected an object, got {str(values)[:40]!r})")
    return values


@dataclass(frozen=True)
class Description:
    """What `experiment.json` says of a generator that is fitted in one go.

    Attributes:
      kind: name of the kind.
      config: its settings.
      seed: of what is drawn while it is fitted.
      data: how the recordings were cut.
      features: how the clips became spectrograms.
      class_names: in the order of the labels.
      class_counts: class name -> training clips.
      recordings: `ClipSet.fingerprint` of the training clips.
    """

    kind: str
    config: Any
    seed: int
    data: DataConfig
    features: FeatureConfig
    class_names: tuple[str, ...]
    class_counts: dict[str, int]
    recordings: dict

    @classmethod
    def of(cls, kind: str, config: Any, seed: int, training: TrainingData) -> "Description":
        """The description of a training."""
        clips = training.clips
        return cls(
            kind, config, seed, training.data, training.features, clips.class_names, clips.counts(), clips.fingerprint()
        )

    def configuration(self) -> dict:
        """All settings, ready for JSON."""
        return {
            "data": validation.to_dict(self.data),
            "features": validation.to_dict(self.features),
            self.kind: validation.to_dict(self.config),
            "seed": self.seed,
        }

    def to_dict(self) -> dict:
        """Ready for JSON."""
        return {
            "format_version": FORMAT_VERSION,
            "generator": self.kind,
            "configuration": self.configuration(),
            "class_names": list(self.class_names),
            "class_counts": self.class_counts,
            "data": self.recordings,
            "versions": {package: version(package) for package in PACKAGES},
        }

    def provenance(self, arrays: dict[str, np.ndarray], details: dict) -> Provenance:
        """Where clips of a generator with these arrays come from."""
        return Provenance(
            kind=self.kind,
            class_names=self.class_names,
            class_counts=self.class_counts,
            data=self.data,
            features=self.features,
            configuration=self.configuration(),
            recordings=self.recordings,
            weights_sha256=arrays_sha256(arrays),
            details=details,
        )


def read_description(folder: Path, kind: str, config_class: type) -> Description:
    """What the training in a folder is about.

    Raises:
      InputError: there is none of this kind, or it is damaged or of another version.
    """
    values, path = _read_json(folder), folder / DESCRIPTION_FILE
    if values.get("generator") != kind:
        raise InputError(f"{folder}: expected a generator of the kind {kind}, got {values.get('generator')!r}")
    if values.get("format_version") != FORMAT_VERSION:
        raise InputError(f"{path}: expected format_version {FORMAT_VERSION}, got {values.get('format_version')!r}")
    try:
        configuration = values["configuration"]
        return Description(
            kind=kind,
            config=validation.from_dict(config_class, configuration[kind]),
            seed=int(configuration["seed"]),
            data=validation.from_dict(DataConfig, configuration["data"]),
            features=validation.from_dict(FeatureConfig, configuration["features"]),
            class_names=tuple(map(str, values["class_names"])),
            class_counts={str(name): int(count) for name, count in values["class_counts"].items()},
            recordings=dict(values["data"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: damaged ({error})") from error


def check_same(folder: Path, new: Description, config_class: type) -> None:
    """Refuses to continue a folder with another training; one that holds none is free.

    Raises:
      InputError: it holds another kind, other settings, or other data.
    """
    if not (folder / DESCRIPTION_FILE).exists():
        return
    old = read_description(folder, new.kind, config_class)
    changed = [
        *changes(old.config, new.config, FREE_IN_RUN),
        *([f"seed: {old.seed} -> {new.seed}"] if old.seed != new.seed else []),
        *changes(old.data, new.data, FREE_IN_RUN),
        *changes(old.features, new.features, FREE_IN_RUN),
    ]
    if old.recordings.get("sha256") != new.recordings["sha256"]:
        changed.append("data: other clips")
    if changed:
        raise InputError(
            f"{folder}: holds a training that differs ({'; '.join(changed)}); use another --train_root_dir"
        )


def write_description(folder: Path, description: Description) -> None:
    """Writes `experiment.json`.

    Raises:
      InputError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / DESCRIPTION_FILE, description.to_dict())


def write_arrays(folder: Path, arrays: dict[str, np.ndarray]) -> None:
    """Writes what was fitted; its presence tells that the fitting has ended."""
    save_checkpoint(folder / MODEL_DIR, 0, arrays)


def read_arrays(folder: Path, warn) -> dict[str, np.ndarray] | None:
    """What was fitted; None where it was not, or where its file is damaged, which `warn` is told."""
    found = latest_checkpoint(folder / MODEL_DIR, warn)
    return found[1] if found else None


def arrays_sha256(arrays: dict[str, np.ndarray]) -> str:
    """SHA-256 over names, shapes and values of all arrays, hexadecimal."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name}{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
