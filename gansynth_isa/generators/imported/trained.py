"""Imported clips in the folder of a training, and the clips that are drawn of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np

from gansynth_isa.data.clip_sets.synthetic_clips import MAKER_HEARD
from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.base import Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.fitted import FittedDescription, fit_in_folder, fitted_arrays
from gansynth_isa.generators.imported.config import ImportedConfig
from gansynth_isa.generators.provenance import check_synthetic
from gansynth_isa.generators.stored_arrays import check_present
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.validation import known

ARRAYS = ("clips", "labels")


@dataclass(frozen=True)
class ImportedDescription(FittedDescription):
    """What the folder of imported clips is about.

    Attributes:
      origin: 'source', in words, and 'files', path -> SHA-256, of what was imported.
    """

    kind = "imported"
    config_class = ImportedConfig
    noun = "imported clips"

    origin: dict = field(default_factory=dict)

    def to_dict(self) -> dict:
        return {**super().to_dict(), "origin": self.origin}

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        return replace(super().from_dict(values), origin=dict(values["origin"]))


class TrainedImported(TrainedGenerator):
    """Imported clips, drawn without repeats while there are any.

    The clips of a class stand in an order that follows from the seed. Clips that are asked for class by class in turn,
    as generating does, go through it from its beginning to its end, and begin again.

    Args:
      description: what they are of.
      arrays: clips (n, frames, mel_bins, channels) and labels (n,), with one of each class at least.
    """

    def __init__(self, description: ImportedDescription, arrays: dict[str, np.ndarray]):
        details = {
            "source": description.origin["source"],
            "maker_heard": MAKER_HEARD,
            "imported": {"files": description.origin["files"], "clips": []},
        }
        self.provenance = description.provenance(arrays_sha256(arrays), details)
        self._clips = arrays["clips"]
        num_classes = len(description.class_names)
        self._members = [np.flatnonzero(arrays["labels"] == label) for label in range(num_classes)]

    def clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        orders = [
            members[np.random.default_rng((seed, label)).permutation(len(members))]
            for label, members in enumerate(self._members)
        ]
        turns = (first + np.arange(len(labels))) // len(orders)
        places = [orders[label][turn % len(orders[label])] for label, turn in zip(labels, turns, strict=True)]
        return self._clips[np.array(places, np.int64)]

    def summary(self) -> str:
        return f"Imported clips, {len(self._clips)} in all, made by: {self.provenance.details['source']};"

    def limits(self) -> tuple[str, ...]:
        return ("They were made elsewhere, and what their maker had heard is unknown.",)


def keep_imported_in_folder(
    config: ImportedConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Keeps the imported clips in a folder, see `fitted.fit_in_folder`.

    Raises:
      InputError: they are others than they were, of other settings or of classes that are not known; or see
        `fitted.fit_in_folder`.
      UnfitClips: a class without an imported clip.
    """
    synthetic = read_synthetic(known(config.imported_dir))
    if synthetic.metadata.get("weights_sha256") != config.imported_sha256:
        raise InputError(
            f"imported_dir: expected the clips that were there before, found others in {config.imported_dir}"
        )
    clips = training.clips
    synthetic = check_synthetic(synthetic, clips, clips.select([]), training.data, training.features)
    for label, name in enumerate(clips.class_names):
        if not (synthetic.labels == label).any():
            raise UnfitClips(f"imported_dir: expected clips of every class, got none of {name!r}")
    origin = {"source": synthetic.imported_from, "files": synthetic.metadata["imported"]["files"]}
    description = replace(ImportedDescription.of(config, seed, training), origin=origin)

    def fit() -> tuple[dict[str, np.ndarray], list[str]]:
        arrays = {"clips": synthetic.spectrograms, "labels": synthetic.labels}
        return arrays, [f"{folder}: kept {len(synthetic)} imported clips; what their maker had heard is unknown"]

    fit_in_folder(description, folder, surroundings, fit)


def load_imported(folder: Path, warn: Callable[[str], None]) -> TrainedImported:
    """The imported clips in a folder.

    Raises:
      InputError: they were not written to their end, or their arrays are damaged.
    """
    description, arrays = ImportedDescription.in_folder(folder), fitted_arrays(folder, warn)
    check_present(folder, arrays, ARRAYS)
    shape, labels = arrays["clips"].shape, arrays["labels"]
    if shape != (len(labels), *description.features.shape) or set(labels) != set(range(len(description.class_names))):
        raise InputError(f"{folder}: damaged (arrays of shapes {shape} and {labels.shape} do not fit experiment.json)")
    return TrainedImported(description, {name: arrays[name] for name in ARRAYS})
