"""Synthetic clips mapped onto mean and deviation of the training clips, per mel bin.

The map is estimated from a block of synthetic clips with a seed of its own, so that a clip depends on how many are
asked for no more than before. How far it goes follows from the clips. Of a difference d with a standard error e the
share max(0, 1 - sum e^2 / sum d^2) is corrected, the sums over mel bins in units of their deviation: the estimator of
James and Stein (1961) in the empirical Bayes form of Efron and Morris (1973). From few clips, whose mean is not known
better than the generator's, little is corrected. First all classes are mapped together, towards no map; then each
class goes on from there towards its own clips.
"""

import dataclasses
from dataclasses import dataclass

import keras
import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.base import BATCH_SIZE, TrainedGenerator
from gansynth_isa.generators.moments import MAX_GROUPS, Moments, MomentSums, moments_of

CLIPS_PER_CLASS = 256  # of the block that the map is estimated from
SEED = 20191  # of that block


@dataclass(frozen=True)
class MomentMap:
    """What becomes of a magnitude x of a class in a mel bin: scale * x + offset.

    Attributes:
      scales: float64 (classes, mel_bins).
      offsets: likewise.
      shares: (1 + classes, 2), of the difference in means and in logarithms of deviations that was corrected: of all
        classes together, then of what was left in each class.
    """

    scales: np.ndarray
    offsets: np.ndarray
    shares: np.ndarray

    def __call__(self, clips: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """The mapped clips (n, frames, mel_bins, channels), float32; other channels stay."""
        mapped = np.array(clips, np.float32)
        scales, offsets = (part.astype(np.float32)[labels][:, np.newaxis] for part in (self.scales, self.offsets))
        mapped[..., 0] = mapped[..., 0] * scales + offsets
        return mapped


class MatchedGenerator(TrainedGenerator):
    """A generator whose clips are mapped; all else is the generator's own.

    Args:
      trained: the generator.
      by: 'overall' or 'class'.
      real: moments of its training clips.

    Raises:
      UnfitClips: no class has two training clips, so that nothing says how well their moments are known.
    """

    def __init__(self, trained: TrainedGenerator, by: str, real: Moments):
        if not real.has_errors:
            raise UnfitClips(f"match_moments: expected two training clips of one class at least for {by!r}, got none")
        self._trained, self.training_moments = trained, real
        self._map = moment_map(real, _synthetic_moments(trained), by == "class")
        details = {"match_moments": by, "moment_shares": self._named_shares(trained.class_names)}
        origin = trained.provenance
        self.provenance = dataclasses.replace(origin, details={**origin.details, **details})

    def _named_shares(self, class_names: tuple[str, ...]) -> dict:
        """Of all classes together and of each: share of the difference in means and in deviations."""
        together, *own = self._map.shares.round(4).tolist()
        return {"all": together, "classes": dict(zip(class_names, own, strict=True))}

    def clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        return self._map(self._trained.clips(labels, seed, first), np.asarray(labels, np.int32))

    def parent_clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray | None:
        return self._trained.parent_clips(labels, seed, first)

    def summary(self) -> str:
        return self._trained.summary()

    def limits(self) -> tuple[str, ...]:
        return self._trained.limits()

    def keras_model(self) -> keras.Model:
        return self._trained.keras_model()


def matched(trained: TrainedGenerator, by: str, clips: ClipSet | None = None) -> TrainedGenerator:
    """The generator with its clips mapped as `--match_moments` says.

    Args:
      trained: a trained generator.
      by: 'none', 'overall' or 'class'.
      clips: its training clips, where it does not know their moments.

    Raises:
      UnfitClips: see `MatchedGenerator`.
      InputError: nothing is known of the training clips.
    """
    if by == "none":
        return trained
    real = trained.training_moments or (moments_of(clips) if clips is not None else None)
    if real is None:
        raise InputError(
            "match_moments: expected a training that keeps the moments of its training clips, but this one is of an "
            "earlier version; give --data_dir, the recordings that it was trained on"
        )
    return MatchedGenerator(trained, by, real)


def moment_map(real: Moments, synthetic: Moments, by_class: bool) -> MomentMap:
    """The map of synthetic onto real moments, as far as both are known.

    Args:
      real: of the training clips, with errors.
      synthetic: of a block of synthetic clips, with errors.
      by_class: go on class by class after all classes together.
    """
    num_classes = len(real.means)
    centre, scale, shift, share = _together(real, synthetic)
    means = centre + shift + scale * (synthetic.means - centre)
    scales = np.repeat(scale[np.newaxis], num_classes, axis=0)
    shares = np.zeros((1 + num_classes, 2))
    shares[0] = share
    for label in range(num_classes if by_class else 0):
        left = real.means[label] - means[label]
        log_left = np.log(real.deviations[label] / (synthetic.deviations[label] * scale))
        deviation, (mean_squares, log_squares) = real.deviations[label], _joint_squares(real, synthetic)[:, label]
        shares[1 + label] = _share(left / deviation, mean_squares / deviation**2), _share(log_left, log_squares)
        means[label] += shares[1 + label, 0] * left
        scales[label] *= np.exp(shares[1 + label, 1] * log_left)
    return MomentMap(scales, means - scales * synthetic.means, shares)


def _together(real: Moments, synthetic: Moments) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[float, float]]:
    """The map of all classes together: centre, scale and shift, each (mel_bins,), and what share was corrected."""
    (mean, deviation), (centre, synthetic_deviation) = _pooled(real), _pooled(synthetic)
    shift, log_ratio = mean - centre, np.log(deviation / synthetic_deviation)
    mean_squares, log_squares = _joint_squares(real, synthetic).mean(axis=1) / len(real.means)
    share = _share(shift / deviation, mean_squares / deviation**2), _share(log_ratio, log_squares)
    return centre, np.exp(share[1] * log_ratio), share[0] * shift, share


def _pooled(moments: Moments) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation (mel_bins,) of all classes together, each with the same weight."""
    variance = np.square(moments.deviations).mean(axis=0) + moments.means.var(axis=0)
    return moments.means.mean(axis=0), np.sqrt(variance)


def _joint_squares(real: Moments, synthetic: Moments) -> np.ndarray:
    """(2, classes, mel_bins) squared standard errors of the differences in means and in logarithms of deviations."""
    means = np.square(real.mean_errors) + np.square(synthetic.mean_errors)
    return np.stack([means, np.square(real.log_errors) + np.square(synthetic.log_errors)])


def _share(differences: np.ndarray, error_squares: np.ndarray) -> float:
    total = float(np.square(differences).sum())
    return max(0.0, 1.0 - float(error_squares.sum()) / total) if total > 0 else 0.0


def _synthetic_moments(trained: TrainedGenerator) -> Moments:
    num_classes, features = len(trained.class_names), trained.provenance.features
    sums = MomentSums(num_classes, MAX_GROUPS, features.mel_bins)
    labels = np.tile(np.arange(num_classes, dtype=np.int32), CLIPS_PER_CLASS)
    groups = np.arange(len(labels)) // num_classes % MAX_GROUPS
    for first in range(0, len(labels), BATCH_SIZE):
        part = slice(first, first + BATCH_SIZE)
        sums.add(trained.clips(labels[part], SEED, first), labels[part], groups[part])
    return sums.moments()
