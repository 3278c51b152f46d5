"""Machines whose faults are known, in place of a generator."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips, as_stored

COPIES, NOISE, PROTOTYPES, REAL = "copies", "noise", "prototypes", "real clips"


def halves(train: ClipSet, clips_per_class: int) -> tuple[ClipSet, ClipSet]:
    """(clips that a generator may see, real clips to stand in for its own): the first of each class, and the next."""
    members = [np.flatnonzero(train.labels == label) for label in range(len(train.class_names))]
    parts = slice(0, clips_per_class), slice(clips_per_class, 2 * clips_per_class)
    seen, others = (train.select(np.concatenate([indices[part] for indices in members])) for part in parts)
    return seen, others


def copies(seen: ClipSet, rng: np.random.Generator) -> np.ndarray:
    """Training clips as they are, drawn from the same class, (clips, frames, mel_bins, channels)."""
    drawn = [rng.choice(np.flatnonzero(seen.labels == label)) for label in seen.labels]
    return seen.spectrograms[drawn]


def noise(seen: ClipSet, rng: np.random.Generator) -> np.ndarray:
    """Normal values with mean and deviation of all training clips per bin, whatever the class."""
    mean = seen.spectrograms.mean(axis=(0, 1), dtype=np.float64)
    std = seen.spectrograms.std(axis=(0, 1), dtype=np.float64)
    return rng.normal(mean, std, seen.spectrograms.shape)


def prototypes(seen: ClipSet, rng: np.random.Generator) -> np.ndarray:
    """The mean of all training clips of the class, again and again."""
    means = [
        seen.spectrograms[seen.labels == label].mean(axis=0, dtype=np.float64) for label in range(len(seen.class_names))
    ]
    return np.stack(means)[seen.labels]


PRETENDERS: Mapping[str, Callable[[ClipSet, np.random.Generator], np.ndarray]] = MappingProxyType(
    {COPIES: copies, NOISE: noise, PROTOTYPES: prototypes}
)


def pretended_clips(name: str, seen: ClipSet, others: ClipSet, seed: int) -> SyntheticClips:
    """Clips of a pretender, as many of each class as were seen, rounded as those of a generator are.

    Args:
      name: a key of `PRETENDERS`, or REAL for `others`.
      seen: the clips that it saw.
      others: real clips that it did not.
      seed: of what it draws.
    """
    if name == REAL:
        made, labels = np.asarray(others.spectrograms), others.labels
    else:
        made, labels = PRETENDERS[name](seen, np.random.default_rng(seed)), seen.labels
    return SyntheticClips(as_stored(made).astype(np.float32), labels, seen.class_names, {"generator": name})
