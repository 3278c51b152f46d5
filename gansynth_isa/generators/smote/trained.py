"""SMOTE in its folder, and the clips that it makes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import ops

from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.fitted import FittedDescription, fit_in_folder, fitted_arrays
from gansynth_isa.generators.from_parents import (
    CLASS_ARRAYS,
    ParentSampler,
    TrainedFromParents,
    check_arrays,
    check_two_of_each_class,
    class_arrays,
    in_order_of_ids,
    one_of,
    uniform,
)
from gansynth_isa.generators.smote.config import SmoteConfig
from gansynth_isa.generators.smote.neighbours import nearest_neighbours
from gansynth_isa.tensors import Tensor

ARRAYS = (*CLASS_ARRAYS, "neighbours", "num_neighbours", "largest_share")


@dataclass(frozen=True)
class SmoteDescription(FittedDescription):
    """What the folder of a SMOTE is about."""

    kind = "smote"
    config_class = SmoteConfig
    noun = "a fitted smote"


DESCRIPTION: Final = SmoteDescription


@keras.saving.register_keras_serializable("gansynth_isa")
class SmoteSampler(ParentSampler):
    """Clips on the way from a training clip to one of its neighbours; latents for the clip, the neighbour, the way."""

    LATENT_SIZE = 3
    INDICES = (*ParentSampler.INDICES, "neighbours", "num_neighbours")

    def parents(self, latents: Tensor, class_index: Tensor) -> tuple[Tensor, Tensor]:
        _, clip = self.member(latents[:, 0], class_index)
        place = one_of(latents[:, 1], ops.take(self.num_neighbours, clip, axis=0))
        around = ops.take(self.neighbours, clip, axis=0)
        neighbour = ops.take_along_axis(around, ops.expand_dims(place, 1), axis=1)[:, 0]
        return ops.stack([clip, neighbour, clip], axis=1), uniform(latents[:, 2]) * self.largest_share


class TrainedSmote(TrainedFromParents):
    """Clips of a fitted SMOTE."""

    def summary(self) -> str:
        return (
            "SMOTE, whose clips lie on the way from a training clip to one of at most "
            f"{self.provenance.details['smote_neighbours']} nearest neighbours in its class,"
        )

    def limits(self) -> tuple[str, ...]:
        between = "A clip between two has less grain than either, and nothing that is beyond the training clips."
        return (between, *super().limits())


def fit_and_keep(
    config: SmoteConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Finds the neighbours and keeps them with the clips in a folder, see `fitted.fit_in_folder`.

    Raises:
      UnfitClips: a class with one clip.
      InputError: see `fitted.fit_in_folder`.
    """

    def fit() -> tuple[dict[str, np.ndarray], list[str]]:
        check_two_of_each_class(training.clips, SmoteDescription.kind, "the neighbours")
        clips = in_order_of_ids(training.clips)
        arrays = class_arrays(clips)
        neighbours, counts = nearest_neighbours(
            arrays["clips"].reshape(len(clips), -1), clips.labels, config.smote_neighbours
        )
        largest_share = np.array(config.smote_largest_share, np.float32)
        arrays |= {"neighbours": neighbours, "num_neighbours": counts, "largest_share": largest_share}
        return arrays, [f"{folder}: found up to {neighbours.shape[1]} neighbours of each of {len(clips)} clips"]

    fit_in_folder(SmoteDescription.of(config, seed, training), folder, surroundings, fit)


def load_kept(folder: Path, warn: Callable[[str], None]) -> TrainedSmote:
    """The SMOTE that was fitted in a folder.

    Raises:
      InputError: it was not fitted to its end, or its arrays are damaged.
    """
    description, arrays = SmoteDescription.in_folder(folder), fitted_arrays(folder, warn)
    check_arrays(folder, description, arrays, ARRAYS)
    sampler = SmoteSampler({name: arrays[name].shape for name in ARRAYS}, name="smote_sampler")
    details = {"smote_neighbours": int(arrays["neighbours"].shape[1]), "parents": "training clips"}
    return TrainedSmote(description, sampler, arrays, details)
