"""The transfer of differences in its folder, and the clips that it makes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import ops
from scipy.ndimage import gaussian_filter1d

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError, UnfitClips
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
from gansynth_isa.generators.transfer.choosing import Bands, in_bands, likeliest_shares
from gansynth_isa.generators.transfer.config import CLIP, OWN, TransferConfig
from gansynth_isa.tensors import Tensor
from gansynth_isa.validation import known

ARRAYS = (*CLASS_ARRAYS, "donors", "largest_share")


@dataclass(frozen=True)
class TransferDescription(FittedDescription):
    """What the folder of a transfer is about."""

    kind = "transfer"
    config_class = TransferConfig
    noun = "a fitted transfer"


DESCRIPTION: Final = TransferDescription


@keras.saving.register_keras_serializable("gansynth_isa")
class TransferSampler(ParentSampler):
    """Training clips with a share of a difference; latents for the clip, the other class, its two clips, the share.

    Arrays beyond those of `ParentSampler`: donors, int32 (classes, m), the classes whose differences a class gets;
    largest_share, of all classes () or of each (classes,); where mean spectra are transferred also spectra,
    (n, 1, mel_bins, channels).
    """

    LATENT_SIZE = 5
    INDICES = (*ParentSampler.INDICES, "donors")

    def parents(self, latents: Tensor, class_index: Tensor) -> tuple[Tensor, Tensor]:
        _, clip = self.member(latents[:, 0], class_index)
        num_donors = ops.full_like(class_index, self.shapes["donors"][1])
        place = ops.expand_dims(one_of(latents[:, 1], num_donors), 1)
        donor = ops.take_along_axis(ops.take(self.donors, class_index, axis=0), place, axis=1)[:, 0]
        place, plus = self.member(latents[:, 2], donor)
        count = ops.take(self.counts, donor, axis=0)
        minus = self.at(donor, (place + 1 + one_of(latents[:, 3], count - 1)) % count)
        largest = ops.take(self.largest_share, class_index) if self.shapes["largest_share"] else self.largest_share
        return ops.stack([clip, plus, minus], axis=1), uniform(latents[:, 4]) * largest

    def differing(self) -> Tensor:
        return self.spectra if "spectra" in self.shapes else self.clips


class TrainedTransfer(TrainedFromParents):
    """Clips of a fitted transfer."""

    def summary(self) -> str:
        details = self.provenance.details
        whose = "its class" if details["transfer_from"] == OWN else "one class"
        over = "" if details["transfer_over"] == CLIP else " in their smoothed mean spectra"
        share = _in_words(details["transfer_largest_share"])
        return f"Training clips, each with up to {share} times the difference of two clips of {whose}{over},"

    def limits(self) -> tuple[str, ...]:
        events = "Events are those of the training clips, at their times."
        return (events, *super().limits())


def mean_spectra(clips: np.ndarray, smoothing: float) -> np.ndarray:
    """Means over time of the first channel, smoothed over the mel bins by a bell; nothing for a phase.

    Args:
      clips: float32 (n, frames, mel_bins, channels).
      smoothing: deviation of the bell in mel bins, 0 for none.

    Returns:
      float32 (n, 1, mel_bins, channels).
    """
    spectra = np.zeros((len(clips), 1, *clips.shape[2:]), np.float32)
    means = clips[..., 0].mean(axis=1, dtype=np.float64)
    spectra[:, 0, :, 0] = gaussian_filter1d(means, smoothing, axis=1, mode="nearest") if smoothing > 0 else means
    return spectra


def fit_and_keep(
    config: TransferConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Chooses the largest share and keeps it with the clips in a folder, see `fitted.fit_in_folder`.

    Raises:
      UnfitClips: no two clips of a class whose difference is wanted.
      InputError: see `fitted.fit_in_folder`.
    """

    def fit() -> tuple[dict[str, np.ndarray], list[str]]:
        _check_pairs(config, training.clips)
        clips = in_order_of_ids(training.clips)
        arrays = class_arrays(clips) | {"donors": _donors(config, clips)}
        if config.transfer_over != CLIP:
            arrays["spectra"] = mean_spectra(arrays["clips"], known(config.transfer_smoothing))
        shares, notes = _largest_shares(config, clips, arrays, seed)
        arrays["largest_share"] = np.array(shares if len(set(shares)) > 1 else shares[0], np.float32)
        words = _in_words(_named(clips.class_names, arrays["largest_share"]))
        return arrays, [*notes, f"{folder}: kept {len(clips)} clips; largest share of a difference {words}"]

    fit_in_folder(TransferDescription.of(config, seed, training), folder, surroundings, fit)


def _check_pairs(config: TransferConfig, clips: ClipSet) -> None:
    if config.transfer_from == OWN:
        check_two_of_each_class(clips, TransferDescription.kind, "the differences")
    elif max(clips.counts().values()) < 2:
        raise UnfitClips(
            "clips_per_class: expected two clips of a class or more for the differences of transfer, got one of each"
        )


def _donors(config: TransferConfig, clips: ClipSet) -> np.ndarray:
    """int32 (classes, m), the classes whose differences each class gets."""
    classes = np.arange(len(clips.class_names), dtype=np.int32)
    if config.transfer_from == OWN:
        return classes[:, np.newaxis]
    with_pairs = classes[np.bincount(clips.labels, minlength=len(classes)) > 1]
    return np.tile(with_pairs, (len(classes), 1))


def _largest_shares(
    config: TransferConfig, clips: ClipSet, arrays: dict[str, np.ndarray], seed: int
) -> tuple[list[float], list[str]]:
    """The largest share for each class, and lines that a user should see.

    Raises:
      UnfitClips: it is to be chosen, and no clip can be left out.
    """
    if config.transfer_largest_share is not None:
        return [config.transfer_largest_share] * len(clips.class_names), []
    bands = Bands(in_bands(arrays["clips"]), in_bands(arrays.get("spectra", arrays["clips"])), clips.labels)
    own, notes = config.transfer_from == OWN, []
    shares = likeliest_shares(bands, np.array(clips.recordings), own, seed)
    if shares is None:
        shares = likeliest_shares(bands, np.arange(len(clips)), own, seed)
        notes = ["transfer: too few recordings to leave any out, so that single clips are left out instead"]
    if shares is None:
        raise UnfitClips(
            "transfer_largest_share: expected a number, for there are too few clips to choose it by those left out"
        )
    return shares.tolist(), notes


def _named(class_names: Sequence[str], shares: np.ndarray) -> float | dict[str, float]:
    """The largest share of all classes, or of each by its name where they differ."""
    return dict(zip(class_names, shares.tolist(), strict=True)) if shares.shape else float(shares)


def _in_words(shares: float | dict[str, float]) -> str:
    if not isinstance(shares, dict):
        return f"{shares:.3g}"
    return ", ".join(f"{share:.3g} ({name})" for name, share in shares.items())


def load_kept(folder: Path, warn: Callable[[str], None]) -> TrainedTransfer:
    """The transfer that was fitted in a folder.

    Raises:
      InputError: it was not fitted to its end, or its arrays are damaged.
    """
    description, arrays = TransferDescription.in_folder(folder), fitted_arrays(folder, warn)
    names = ARRAYS if description.config.transfer_over == CLIP else (*ARRAYS, "spectra")
    check_arrays(folder, description, arrays, names)
    class_names, largest_share = description.class_names, arrays["largest_share"]
    if largest_share.shape not in ((), (len(class_names),)):
        raise InputError(
            f"{folder}: damaged (array largest_share: expected one or as many as {len(class_names)} classes, got shape "
            f"{largest_share.shape})"
        )
    sampler = TransferSampler({name: arrays[name].shape for name in names}, name="transfer_sampler")
    details = {
        "transfer_from": description.config.transfer_from,
        "transfer_over": description.config.transfer_over,
        "transfer_largest_share": _named(class_names, largest_share),
        "parents": "training clips",
    }
    return TrainedTransfer(description, sampler, arrays, details)
