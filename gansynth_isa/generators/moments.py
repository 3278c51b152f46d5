"""Mean and deviation of clips per class and mel bin, and how well they are known.

They are of magnitudes, the first channel: phases have no level. Every training keeps those of its training clips beside
what was trained, see `training.fit_generator`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import DESCRIPTION_FILE
from gansynth_isa.runs.checkpoints import latest_checkpoint, save_checkpoint

FOLDER_NAME = "moments"
MAX_GROUPS = 20  # parts of a class that are left out in turn
CLIPS_AT_ONCE = 64
# In units of the features. A bin in which a class never changes has no deviation to compare with.
MIN_DEVIATION = 1e-3


@dataclass(frozen=True)
class Moments:
    """What clips of each class are like in each mel bin.

    Attributes:
      means: float64 (classes, mel_bins), over the clips of a class and their frames.
      deviations: likewise, at least MIN_DEVIATION.
      mean_errors: standard errors of the means; infinite where nothing is known of them.
      log_errors: standard errors of the natural logarithms of the deviations.
    """

    means: np.ndarray
    deviations: np.ndarray
    mean_errors: np.ndarray
    log_errors: np.ndarray

    @property
    def has_errors(self) -> bool:
        """Whether one class at least had two parts, from which the errors of all follow."""
        return bool(np.isfinite(self.mean_errors).all())

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays by name."""
        return {name: getattr(self, name) for name in ARRAYS}


ARRAYS = ("means", "deviations", "mean_errors", "log_errors")


class MomentSums:
    """Sums over clips from which `Moments` follow; the clips come batch by batch.

    The clips of a class are divided into groups that vary independently, as recordings do. Errors are the jackknife's
    with groups left out in turn (Efron and Stein, "The jackknife estimate of variance", 1981). A class with one
    group is taken to vary from group to group as the others do on average.

    Args:
      num_classes: of the labels.
      num_groups: of a class, at most.
      mel_bins: of a clip.
    """

    def __init__(self, num_classes: int, num_groups: int, mel_bins: int):
        self._counts = np.zeros((num_classes, num_groups, 1))
        self._sums = np.zeros((num_classes, num_groups, mel_bins))
        self._squares = np.zeros((num_classes, num_groups, mel_bins))

    def add(self, clips: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> None:
        """Adds clips (n, frames, mel_bins, channels) with their class indices and groups, both (n,)."""
        for clip, label, group in zip(clips, labels, groups, strict=True):
            magnitudes = clip[..., 0].astype(np.float64)
            self._counts[label, group] += len(magnitudes)
            self._sums[label, group] += magnitudes.sum(axis=0)
            self._squares[label, group] += np.square(magnitudes).sum(axis=0)

    def moments(self) -> Moments:
        """What the sums come to; every class must have had a clip."""
        means, deviations = _means_and_deviations(*(part.sum(axis=1) for part in self._parts()))
        num_groups = np.count_nonzero(self._counts[..., 0], axis=1)
        mean_squares, log_squares = np.full_like(means, np.inf), np.full_like(means, np.inf)
        for label in np.flatnonzero(num_groups > 1):
            mean_squares[label], log_squares[label] = self._jackknife(label, num_groups[label])
        errors = (np.sqrt(_borrowed(squares, num_groups)) for squares in (mean_squares, log_squares))
        return Moments(means, deviations, *errors)

    def _parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self._counts, self._sums, self._squares

    def _jackknife(self, label: int, num_groups: int) -> tuple[np.ndarray, np.ndarray]:
        """Squared standard errors (mel_bins,) of a class's means and of the logarithms of its deviations."""
        present = self._counts[label, :, 0] > 0
        rest = (part[label].sum(axis=0) - part[label][present] for part in self._parts())
        means, deviations = _means_and_deviations(*rest)
        found = [(num_groups - 1) * np.var(values, axis=0) for values in (means, np.log(deviations))]
        return found[0], found[1]


def _means_and_deviations(counts: np.ndarray, sums: np.ndarray, squares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    means = sums / counts
    variances = np.maximum(squares / counts - means**2, 0.0)
    return means, np.maximum(np.sqrt(variances), MIN_DEVIATION)


def _borrowed(squares: np.ndarray, num_groups: np.ndarray) -> np.ndarray:
    """Squared errors (classes, mel_bins), those of classes with one group from the others' variance between groups."""
    known = num_groups > 1
    if known.any():
        between = (squares[known] * num_groups[known, np.newaxis]).mean(axis=0)
        squares[~known] = between
    return squares


def moments_of(clips: ClipSet) -> Moments:
    """Moments of real clips; their errors are those of recordings, or of clips where no class has two recordings."""
    groups = _groups(clips.labels, np.array(clips.recordings, object))
    if not groups.any():
        groups = _groups(clips.labels, np.arange(len(clips)))
    sums = MomentSums(len(clips.class_names), MAX_GROUPS, clips.spectrograms.shape[2])
    for start in range(0, len(clips), CLIPS_AT_ONCE):
        part = slice(start, start + CLIPS_AT_ONCE)
        sums.add(clips.spectrograms[part], clips.labels[part], groups[part])
    return sums.moments()


def _groups(labels: np.ndarray, names: np.ndarray) -> np.ndarray:
    """(n,) groups of clips: the names of each class are dealt out in turn, in their order."""
    groups = np.zeros(len(labels), int)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        place = {name: number for number, name in enumerate(sorted(set(names[members])))}
        groups[members] = [place[name] % MAX_GROUPS for name in names[members]]
    return groups


def keep_moments(clips: ClipSet, folder: Path) -> None:
    """Writes the moments of the training clips into the folder of a training that begins, or that has none yet.

    A training begins with its description. Moments without one were left by a kill, perhaps of other clips.

    Raises:
      InputError: the folder cannot be written.
    """
    if not ((folder / DESCRIPTION_FILE).exists() and (folder / FOLDER_NAME).exists()):
        save_checkpoint(folder / FOLDER_NAME, 0, moments_of(clips).arrays())


def kept_moments(folder: Path, shape: tuple[int, int], warn: Callable[[str], None]) -> Moments | None:
    """The moments in the folder of a training; None in folders of earlier versions, or where the file is damaged.

    Args:
      folder: of the training.
      shape: (classes, mel_bins) of its clips.
      warn: is given a line for a damaged file.

    Raises:
      InputError: the file cannot be read.
    """
    found = latest_checkpoint(folder / FOLDER_NAME, warn)
    if found is None:
        return None
    shapes = {name: found[1][name].shape if name in found[1] else None for name in ARRAYS}
    if set(shapes.values()) != {shape}:
        raise InputError(f"{folder / FOLDER_NAME}: damaged (expected arrays {', '.join(ARRAYS)} of shape {shape})")
    return Moments(**{name: found[1][name] for name in ARRAYS})
