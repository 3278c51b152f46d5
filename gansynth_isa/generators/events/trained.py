"""Fitted impacts and backgrounds in their folder, and the clips that they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import BATCH_SIZE, GeneratorKind, TrainedGenerator
from gansynth_isa.generators.events.config import EventsConfig
from gansynth_isa.generators.events.impacts import level_of, over_floor
from gansynth_isa.generators.events.onsets import NATURAL_PER_DB
from gansynth_isa.generators.events.placing import NONE, Patterns, nearest_in_level, with_impacts
from gansynth_isa.generators.fitted import FittedDescription, fitted_arrays
from gansynth_isa.generators.from_parents import class_shapes
from gansynth_isa.generators.latents import in_blocks
from gansynth_isa.generators.stored_arrays import check_present, check_shapes, clip_shape
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.validation import known

BACKGROUND, IMPACTS = "background", "impacts"  # folders of the parts
# members, starts, counts: where the clips of a class are, see `from_parents.class_arrays`. pattern_frames,
# pattern_levels: see `placing.Patterns`. impact_clips: (e,), the clips that learnt impacts were cut out of, in the
# order of the impacts' ids. floor: (mel_bins,), see `impacts.Impacts`. length: of an impact, in frames. threshold: the
# rise that makes an onset, natural logarithm of power.
ARRAYS = (
    *("members", "starts", "counts"),
    *("pattern_frames", "pattern_levels", "impact_clips", "floor", "length", "threshold"),
)
PLACES = 2**20  # clips of a class are drawn by whole numbers below this
NUM_SEEDS = 2**31
CANDIDATES = 4  # impacts that are made for one that is placed


@dataclass(frozen=True)
class EventsDescription(FittedDescription):
    """What the folder of impacts and backgrounds is about."""

    kind = "events"
    config_class = EventsConfig
    noun = "fitted events"


class TrainedEvents(TrainedGenerator):
    """Impacts over backgrounds.

    Args:
      description: what they were fitted to.
      arrays: see ARRAYS.
      background: makes the backgrounds.
      impacts: makes impacts of the classes that have any; None where no class has.
    """

    def __init__(
        self,
        description: EventsDescription,
        arrays: dict[str, np.ndarray],
        background: TrainedGenerator,
        impacts: TrainedGenerator | None,
    ):
        self._arrays, self._background, self._impacts = arrays, background, impacts
        self._patterns = Patterns(arrays["pattern_frames"], arrays["pattern_levels"])
        parts = [part.provenance.weights_sha256 for part in (background, impacts) if part is not None]
        self.provenance = description.provenance(_digest(arrays, parts), self._details(description))
        names = impacts.class_names if impacts else ()
        # Of a class without impacts none is placed, whatever is made for it.
        self._own_label = np.array([names.index(name) if name in names else 0 for name in description.class_names])

    def _details(self, description: EventsDescription) -> dict:
        data, arrays = description.data_config, self._arrays
        frame_ms = 1000 * description.features.hop_length / data.sample_rate
        numbers = (self._patterns.frames != NONE).sum(axis=1)
        own = np.split(numbers[arrays["members"]], arrays["starts"][1:])
        return {
            "events_background": description.config.events_background,
            "events_impacts": description.config.events_impacts,
            "events_length_ms": round(float(arrays["length"] * frame_ms), 1),
            "events_threshold_db": round(float(arrays["threshold"] / NATURAL_PER_DB), 2),
            "events_per_clip": {
                name: round(float(one.mean()), 3) for name, one in zip(description.class_names, own, strict=True)
            },
            "parents": "training clips",
        }

    def clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        features = self.provenance.features

        def make(start: int, block_labels: np.ndarray) -> np.ndarray:
            backgrounds = self._background.clips(block_labels, seed, start)
            if self._impacts is None:
                return backgrounds
            patterns = self._block_patterns(block_labels, seed, start)
            impacts, _ = self._drawn(block_labels, patterns, seed, start)
            return with_impacts(backgrounds[..., 0], patterns, impacts, features)[..., np.newaxis]

        return np.concatenate([np.empty((0, *features.shape), np.float32), *in_blocks(make, labels, first)])

    def _drawn(
        self, labels: np.ndarray, patterns: Patterns, seed: int, start: int
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """(BATCH_SIZE, m, length, mel_bins) impacts of a block, and (BATCH_SIZE, m, p) the clips they are made of."""
        impacts, most = known(self._impacts), patterns.frames.shape[1]
        own_labels, first = np.repeat(self._own_label[labels], most * CANDIDATES), start * most * CANDIDATES
        made = impacts.clips(own_labels, _other(seed), first)[..., 0].astype(np.float64)
        made = over_floor(made, self._arrays["floor"].astype(np.float64))
        made = made.reshape(len(labels), most, CANDIDATES, *made.shape[1:])
        nearest = nearest_in_level(level_of(made, self.provenance.features), patterns)[..., np.newaxis]
        chosen = np.take_along_axis(made, nearest[..., np.newaxis, np.newaxis], axis=2)[:, :, 0]
        parents = impacts.parent_clips(own_labels, _other(seed), first)
        if parents is None:
            return chosen, None
        whose = self._arrays["impact_clips"][parents].reshape(len(labels), most, CANDIDATES, -1)
        return chosen, np.take_along_axis(whose, nearest[..., np.newaxis], axis=2)[:, :, 0]

    def parent_clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        parts = in_blocks(lambda start, own: self._block_parents(own, seed, start), labels, first)
        return np.concatenate(parts) if parts else self._block_parents(np.zeros(BATCH_SIZE, np.int32), seed, 0)[:0]

    def _block_parents(self, labels: np.ndarray, seed: int, start: int) -> np.ndarray:
        """(BATCH_SIZE, m): clips that give the pattern, then those of the background, then those of the impacts."""
        clips, others = self._pattern_clips(labels, seed, start)
        found = [np.stack([clips, others], axis=1)]
        if (of_background := self._background.parent_clips(labels, seed, start)) is not None:
            found.append(of_background)
        if self._impacts is not None:
            patterns = self._block_patterns(labels, seed, start)
            _, of_impacts = self._drawn(labels, patterns, seed, start)
            if of_impacts is not None:
                is_placed = (patterns.frames != NONE)[..., np.newaxis]
                found.append(np.where(is_placed, of_impacts, clips[:, np.newaxis, np.newaxis]).reshape(len(labels), -1))
        return np.concatenate(found, axis=1).astype(np.int32)

    def _block_patterns(self, labels: np.ndarray, seed: int, start: int) -> Patterns:
        clips, others = self._pattern_clips(labels, seed, start)
        return self._patterns.begun_with(clips, others, self.provenance.features.shape[0])

    def _pattern_clips(self, labels: np.ndarray, seed: int, start: int) -> tuple[np.ndarray, np.ndarray]:
        """(BATCH_SIZE,) clips that a block takes numbers, spacings and levels from, and those it begins with."""
        drawn = np.random.default_rng((seed, start)).integers(PLACES, size=(2, BATCH_SIZE))
        places = drawn * self._arrays["counts"][labels].astype(np.int64) // PLACES
        clips, others = self._arrays["members"][self._arrays["starts"][labels] + places]
        return clips, others

    def summary(self) -> str:
        details = self.provenance.details
        return (
            f"Impacts made by {details['events_impacts']}, at times and levels of training clips of their class, over "
            f"backgrounds without any made by {details['events_background']},"
        )

    def limits(self) -> tuple[str, ...]:
        few = "Impacts that the measure of onsets does not find stay in the background, or are part of the one before."
        return (few, *self._background.limits())


def _other(seed: int) -> int:
    """The seed of impacts, which must not follow from the numbers that backgrounds follow from."""
    return (seed + NUM_SEEDS // 2) % NUM_SEEDS


def _digest(arrays: dict[str, np.ndarray], parts: list[str]) -> str:
    """SHA-256 of the arrays and of what the digests of the parts say, hexadecimal."""
    of_parts = {f"part_{number}": np.frombuffer(bytes.fromhex(part), "u1") for number, part in enumerate(parts)}
    return arrays_sha256({**arrays, **of_parts})


def load_events(folder: Path, warn: Callable[[str], None], parts: Mapping[str, GeneratorKind]) -> TrainedEvents:
    """The impacts and backgrounds that were fitted in a folder.

    Raises:
      InputError: they were not fitted to their end, or are damaged.
    """
    description, arrays = EventsDescription.in_folder(folder), fitted_arrays(folder, warn)
    _check_arrays(folder, description, arrays)
    arrays = {name: arrays[name] for name in ARRAYS}
    background = parts[description.config.events_background].load(folder / BACKGROUND, warn)
    impacts = None
    if len(arrays["impact_clips"]):
        impacts = parts[description.config.events_impacts].load(folder / IMPACTS, warn)
    _check_parts(folder, description, arrays, background, impacts)
    return TrainedEvents(description, arrays, background, impacts)


def _check_arrays(folder: Path, description: EventsDescription, arrays: Mapping[str, np.ndarray]) -> None:
    """Refuses arrays of other classes or clips than the description's, one of which was edited or exchanged."""
    check_present(folder, arrays, ARRAYS)
    num_clips, mel_bins = len(description.data["clips"]), clip_shape(folder, description.features)[1]
    most = arrays["pattern_frames"].shape[-1] if arrays["pattern_frames"].ndim else 0
    own = {
        "pattern_frames": (num_clips, most),
        "pattern_levels": (num_clips, most),
        "impact_clips": (arrays["impact_clips"].size,),
        "floor": (mel_bins,),
    }
    check_shapes(folder, arrays, class_shapes(description) | own)


def _check_parts(
    folder: Path,
    description: EventsDescription,
    arrays: Mapping[str, np.ndarray],
    background: TrainedGenerator,
    impacts: TrainedGenerator | None,
) -> None:
    """Refuses parts of other clips than the description's."""
    same = background.provenance
    fits = (same.class_names, same.features) == (description.class_names, description.features)
    if impacts is not None:
        own = impacts.provenance
        fits &= set(own.class_names) <= set(description.class_names)
        fits &= len(own.recordings["clips"]) == len(arrays["impact_clips"])
        fits &= (own.features.frames, own.features.mel_bins) == (int(arrays["length"]), description.features.mel_bins)
    if not fits:
        raise InputError(f"{folder}: damaged ({BACKGROUND} or {IMPACTS} are those of other clips)")
