"""Takes training clips apart into impacts and background, and fits what makes each of them."""

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import UnfitClips
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainingData
from gansynth_isa.generators.events.backgrounds import frames_without_impacts, without_impacts
from gansynth_isa.generators.events.config import EventsConfig
from gansynth_isa.generators.events.impacts import (
    SHORTEST,
    Decay,
    Impacts,
    cut_impacts,
    decay_of,
    elevations_of,
    quiet_frames,
)
from gansynth_isa.generators.events.onsets import NATURAL_PER_DB, find_onsets, frames_of_window
from gansynth_isa.generators.events.placing import Patterns
from gansynth_isa.generators.events.trained import BACKGROUND, IMPACTS, EventsDescription
from gansynth_isa.generators.fitted import fit_in_folder
from gansynth_isa.generators.from_parents import class_arrays, in_order_of_ids
from gansynth_isa.generators.parts import fit_part
from gansynth_isa.validation import known


@dataclass(frozen=True)
class TakenApart:
    """Training clips, impacts and background apart.

    Attributes:
      clips: the clips in the order of their ids.
      background: they, without their impacts.
      impacts: of the clips.
      threshold: the rise that makes an onset, natural logarithm of power.
    """

    clips: ClipSet
    background: ClipSet
    impacts: Impacts
    threshold: float

    def learnt(self) -> np.ndarray:
        """Indices of the impacts whose shapes are learnt: those that begin alone, or all of a class without such."""
        labels, alone = self.clips.labels[self.impacts.clips], self.impacts.alone
        return np.flatnonzero(alone | ~np.isin(labels, labels[alone]))

    def impact_clips(self) -> ClipSet:
        """The impacts whose shapes are learnt as clips of the classes that have any."""
        learnt = self.learnt()
        of_impacts = self.clips.select(self.impacts.clips[learnt])
        places = zip(of_impacts.clip_ids, self.impacts.frames[learnt], strict=True)
        labels, own = np.unique(of_impacts.labels, return_inverse=True)
        return _described_anew(
            dataclasses.replace(
                of_impacts,
                spectrograms=self.impacts.shapes[learnt][..., np.newaxis].astype(np.float32),
                labels=own.reshape(-1).astype(np.int32),
                class_names=tuple(self.clips.class_names[label] for label in labels),
                clip_ids=tuple(f"{clip}@{frame:05d}" for clip, frame in places),
            )
        )


def take_apart(training: TrainingData, config: EventsConfig, seed: int) -> TakenApart:
    """Finds impacts in training clips and parts them from the background.

    Args:
      training: log-mel clips.
      config: settings.
      seed: of the frames that take the places of impacts.
    """
    clips, features = in_order_of_ids(training.clips), training.features
    magnitudes = np.array(clips.spectrograms[..., 0], np.float64)
    onsets = find_onsets(magnitudes, training.data, features, config.events_threshold_db)
    quiet, window = quiet_frames(magnitudes, onsets), frames_of_window(features)
    elevations = elevations_of(magnitudes, quiet)
    decay = decay_of(elevations, onsets) if onsets.found.any() else Decay(SHORTEST, 0.0, 0.0)
    if config.events_length_ms is not None:
        decay = dataclasses.replace(decay, length=_frames(config.events_length_ms, training))
    impacts = cut_impacts(magnitudes, onsets, quiet, decay, features)
    is_free = frames_without_impacts(onsets, elevations, decay.died_away, window)
    filled = without_impacts(magnitudes, is_free, quiet, onsets, np.random.default_rng(seed))
    background = dataclasses.replace(clips, spectrograms=filled[..., np.newaxis].astype(np.float32))
    return TakenApart(clips, _described_anew(background), impacts, onsets.threshold)


def fit_events_in_folder(
    config: EventsConfig,
    training: TrainingData,
    seed: int,
    folder: Path,
    surroundings: Surroundings,
    parts: Mapping[str, GeneratorKind],
) -> None:
    """Fits background and impacts and keeps them in a folder, see `fitted.fit_in_folder`.

    Raises:
      UnfitClips: too few impacts, or clips that the background cannot be fitted to.
      InputError: see `fitted.fit_in_folder`.
    """

    def fit() -> tuple[dict[str, np.ndarray], list[str]]:
        apart = take_apart(training, config, seed)
        _check_enough(apart)
        whole = dataclasses.replace(training, clips=apart.background)
        _fit_part(parts[config.events_background], whole, seed, folder, BACKGROUND, surroundings)
        if len(apart.impacts.clips):
            length = apart.impacts.shapes.shape[1]
            features = dataclasses.replace(training.features, frames=length)
            impacts = TrainingData(apart.impact_clips(), training.data, features)
            _fit_part(parts[config.events_impacts], impacts, seed, folder, IMPACTS, surroundings)
        return _arrays(apart), _lines(apart, training, folder)

    fit_in_folder(EventsDescription.of(config, seed, training), folder, surroundings, fit)


def _fit_part(
    kind: GeneratorKind, training: TrainingData, seed: int, folder: Path, name: str, surroundings: Surroundings
) -> None:
    config = kind.resolve(kind.config_class(), training.features)
    fit_part(kind, config, training, seed, folder, name, surroundings.console)


def _check_enough(apart: TakenApart) -> None:
    num_impacts = len(apart.learnt())
    num_classes = len(set(apart.clips.labels[apart.impacts.clips].tolist()))
    if 0 < num_impacts < num_classes + 2:
        raise UnfitClips(
            "events_threshold_db: expected two onsets more than there are classes with any, to learn what impacts are "
            f"like, got {num_impacts} in the clips of {num_classes} classes"
        )


def _arrays(apart: TakenApart) -> dict[str, np.ndarray]:
    """What is kept beside background and impacts, see `trained.ARRAYS`."""
    patterns = Patterns.of(apart.impacts, len(apart.clips))
    members = {name: array for name, array in class_arrays(apart.clips).items() if name != "clips"}
    learnt = apart.impacts.clips[apart.learnt()]
    order = np.argsort(apart.impact_clips().clip_ids, kind="stable") if len(learnt) else np.zeros(0, int)
    return {
        **members,
        "pattern_frames": patterns.frames,
        "pattern_levels": patterns.levels,
        "impact_clips": learnt[order].astype(np.int32),
        "floor": apart.impacts.floor.astype(np.float32),
        "length": np.array(apart.impacts.shapes.shape[1], np.int32),
        "threshold": np.array(apart.threshold, np.float32),
    }


def _lines(apart: TakenApart, training: TrainingData, folder: Path) -> list[str]:
    """What a user should see."""
    num_impacts = np.bincount(apart.clips.labels[apart.impacts.clips], minlength=len(apart.clips.class_names))
    none = [name for name, count in zip(apart.clips.class_names, num_impacts, strict=True) if not count]
    threshold_db = apart.threshold / NATURAL_PER_DB
    if not num_impacts.any():
        return [
            f"{folder}: found no onset, a rise by more than {threshold_db:.1f} dB, in {len(apart.clips)} clips; "
            "its clips are those of the background"
        ]
    length_ms = 1000 * apart.impacts.shapes.shape[1] * training.features.hop_length / training.data.sample_rate
    line = (
        f"{folder}: cut {num_impacts.sum()} impacts of {length_ms:.0f} ms out of {len(apart.clips)} clips, where "
        f"power rises by more than {threshold_db:.1f} dB"
    )
    return [f"{line}; none in those of {', '.join(none)}" if none else line]


def _frames(length_ms: float, training: TrainingData) -> int:
    """As many frames as are nearest, at most those of a clip."""
    frames = round(length_ms / 1000 * training.data.sample_rate / training.features.hop_length)
    return min(max(SHORTEST, frames), known(training.features.frames))


def _described_anew(clips: ClipSet) -> ClipSet:
    """The clips with digests of what they hold now: other settings cut other parts out of the same recordings."""
    recordings = np.array(clips.recordings, object)
    digests = {
        name: hashlib.sha256(clips.spectrograms[recordings == name].tobytes()).hexdigest() for name in clips.digests
    }
    return dataclasses.replace(clips, digests=digests)
