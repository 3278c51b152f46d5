"""Augmented copies in their folder, and the clips that they make.

The augmentation is the one of `--augmentation=spectrogram`, on clips standardised as a classifier standardises them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.augmenter import Augmenter
from gansynth_isa.generators.base import BATCH_SIZE, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.copies.config import CopiesConfig
from gansynth_isa.generators.fitted import FittedDescription, fit_in_folder, fitted_arrays
from gansynth_isa.generators.from_parents import CLASS_ARRAYS, HOLDS_CLIPS, check_arrays, class_arrays, in_order_of_ids
from gansynth_isa.generators.latents import in_blocks
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.spectral.standardisation import Standardisation

PLACES = 2**20  # clips of a class are drawn by whole numbers below this


@dataclass(frozen=True)
class CopiesDescription(FittedDescription):
    """What the folder of copies is about."""

    kind = "copies"
    config_class = CopiesConfig
    noun = "fitted copies"


DESCRIPTION: Final = CopiesDescription


class TrainedCopies(TrainedGenerator):
    """Augmented training clips.

    Args:
      description: what they are of.
      arrays: the training clips, see `class_arrays`.
    """

    def __init__(self, description: CopiesDescription, arrays: dict[str, np.ndarray]):
        self._probability = description.config.copies_probability
        details = {"copies_probability": self._probability, "parents": "training clips"}
        digested = arrays | {"probability": np.array(self._probability)}
        self.provenance = description.provenance(arrays_sha256(digested), details)
        self._arrays = arrays
        self._standardisation = Standardisation.fit(arrays["clips"])

    def clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        augmenter, mean, std = Augmenter(self._probability, seed), self._standardisation.mean, self._standardisation.std

        def make(start: int, block_labels: np.ndarray) -> np.ndarray:
            clips = self._arrays["clips"][self._parents(block_labels, seed, start)]
            return augmenter(tf.constant((clips - mean) / std), start // BATCH_SIZE).numpy() * std + mean

        nothing = np.empty((0, *self.provenance.features.shape), np.float32)
        return np.concatenate([nothing, *in_blocks(make, labels, first)])

    def parent_clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        def make(start: int, block_labels: np.ndarray) -> np.ndarray:
            return self._parents(block_labels, seed, start)[:, np.newaxis]

        return np.concatenate([np.empty((0, 1), np.int32), *in_blocks(make, labels, first)])

    def _parents(self, labels: np.ndarray, seed: int, start: int) -> np.ndarray:
        """(BATCH_SIZE,) indices of the training clips that a block copies."""
        drawn = np.random.default_rng((seed, start)).integers(PLACES, size=BATCH_SIZE)
        places = drawn * self._arrays["counts"][labels].astype(np.int64) // PLACES
        return self._arrays["members"][self._arrays["starts"][labels] + places]

    def summary(self) -> str:
        return f"Copies of training clips, augmented with probability {self._probability:g},"

    def limits(self) -> tuple[str, ...]:
        return ("Nothing in the clips is new but for the augmentation.", HOLDS_CLIPS)


def fit_and_keep(
    config: CopiesConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Keeps the training clips in a folder, see `fitted.fit_in_folder`.

    Raises:
      InputError: see `fitted.fit_in_folder`.
    """

    def fit() -> tuple[dict[str, np.ndarray], list[str]]:
        return class_arrays(in_order_of_ids(training.clips)), [f"{folder}: kept {len(training.clips)} clips"]

    fit_in_folder(CopiesDescription.of(config, seed, training), folder, surroundings, fit)


def load_kept(folder: Path, warn: Callable[[str], None]) -> TrainedCopies:
    """The copies in a folder.

    Raises:
      InputError: they were not written to their end, or their arrays are damaged.
    """
    description, arrays = CopiesDescription.in_folder(folder), fitted_arrays(folder, warn)
    check_arrays(folder, description, arrays, CLASS_ARRAYS)
    return TrainedCopies(description, {name: arrays[name] for name in CLASS_ARRAYS})
