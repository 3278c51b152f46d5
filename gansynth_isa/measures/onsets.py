"""Onsets of impacts: how many a clip has, how strong they are, how far apart; synthetic against real.

An onset is a frame in which the power rises, on average over bins, by more than in its neighbours and by more than a
threshold (spectral flux of log power, Boeck and Widmer 2013, without their vibrato filter). The threshold follows from
the real clips, and holds for both. The end of silence that fills clips up in front is no onset: it is told by all real
clips, which begin with it.
"""

from dataclasses import dataclass

import numpy as np

from gansynth_isa.measures.clip_statistics import SAME, ClipStatistics
from gansynth_isa.measures.per_class import PerClass, ratio

# How far above the median rise an onset lies, in standard deviations of a normal distribution with the same quartiles:
# at 6, steady sounds have none.
DEVIATIONS_ABOVE = 6.0
LEAST_RISE = 0.25  # natural logarithm of power, about 1 dB, in clips that are silent most of the time
MIN_PER_CLIP = 1.0
TOO_FEW = "expected real clips with an onset each, on average, and a synthetic clip"


@dataclass(frozen=True)
class Onsets:
    """Onsets of the clips of one class.

    Attributes:
      per_clip: mean number in a clip.
      strength: mean rise, natural logarithm of power; None without an onset.
      spacing: mean number of frames from one to the next within a clip; None without a second one.
    """

    per_clip: float
    strength: float | None
    spacing: float | None


@dataclass(frozen=True)
class OnsetRatios:
    """Onsets of synthetic over those of real clips, per class.

    Attributes:
      number, strength, spacing: ratios, of classes whose real clips have an onset each on average.
      real_per_clip, synthetic_per_clip: mean numbers, also of the other classes; None without a clip.
    """

    number: PerClass
    strength: PerClass
    spacing: PerClass
    real_per_clip: dict[str, float | None]
    synthetic_per_clip: dict[str, float | None]

    def to_dict(self) -> dict:
        """All numbers, ready for JSON."""
        ratios = {name: getattr(self, name).to_dict() for name in ("number", "strength", "spacing")}
        return {**ratios, "real_per_clip": self.real_per_clip, "synthetic_per_clip": self.synthetic_per_clip}


@dataclass(frozen=True)
class OnsetRule:
    """What makes an onset in clips that are compared.

    Attributes:
      threshold: the least rise, natural logarithm of power, see `onset_threshold`.
      padded: leading frames of silence that fill clips up, see `ClipStatistics.padded_frames`.
    """

    threshold: float
    padded: int = 0

    @classmethod
    def of(cls, real: ClipStatistics) -> "OnsetRule":
        """The rule that follows from real clips, for them and for synthetic ones."""
        padded = real.padded_frames()
        return cls(onset_threshold(real.rises[:, padded:]), padded)

    def holds(self, rises: np.ndarray) -> np.ndarray:
        """bool (clips, frames - 1): where the onsets are, behind the padding and the rise with which it ends.

        That rise grows as the window of the spectra leaves the silence, and ends with its largest step.

        Args:
          rises: (clips, frames - 1), see `ClipStatistics`.
        """
        found = is_onset(rises, self.threshold)
        if self.padded and rises.size:
            behind = np.pad(rises[:, self.padded - 1 :], ((0, 0), (0, 1)), constant_values=-np.inf)
            steps = np.argmax(behind[:, :-1] >= behind[:, 1:], axis=1)
            steps[behind[:, 0] <= SAME] = 0  # the clip is silent for longer: what rises later is its own
            found &= np.arange(rises.shape[1]) >= self.padded + steps[:, np.newaxis]
        return found


def onset_ratios(real: ClipStatistics, synthetic: ClipStatistics) -> OnsetRatios:
    """Compares the onsets of two sets of clips, class by class."""
    rule, names = OnsetRule.of(real), real.class_names
    of_real, of_synthetic = (
        {name: find_onsets(clips.rises[clips.is_of(name)], rule) for name in names} for clips in (real, synthetic)
    )

    def compare(attribute: str) -> PerClass:
        def measure(name: str) -> float | None:
            wanted, found = of_real[name], of_synthetic[name]
            if wanted is None or found is None or wanted.per_clip < MIN_PER_CLIP:
                return None
            return ratio(getattr(found, attribute), getattr(wanted, attribute))

        return PerClass.of(names, measure, TOO_FEW)

    return OnsetRatios(
        number=compare("per_clip"),
        strength=compare("strength"),
        spacing=compare("spacing"),
        real_per_clip={name: onsets.per_clip if onsets else None for name, onsets in of_real.items()},
        synthetic_per_clip={name: onsets.per_clip if onsets else None for name, onsets in of_synthetic.items()},
    )


def onset_threshold(rises: np.ndarray) -> float:
    """The rise that makes an onset: the median, plus six standard deviations as the median deviation tells them.

    Args:
      rises: (clips, frames - 1), see `ClipStatistics`.
    """
    if not rises.size:
        return LEAST_RISE
    median = np.median(rises)
    deviation = 1.4826 * np.median(np.abs(rises - median))
    return float(max(median + DEVIATIONS_ABOVE * deviation, LEAST_RISE))


def is_onset(rises: np.ndarray, threshold: float) -> np.ndarray:
    """bool (clips, frames - 1): where the onsets are.

    Args:
      rises: (clips, frames - 1), see `ClipStatistics`.
      threshold: an onset is a local maximum above it; of equal neighbours the first.
    """
    beside = np.pad(rises, ((0, 0), (1, 1)), constant_values=-np.inf)
    return (rises > beside[:, :-2]) & (rises >= beside[:, 2:]) & (rises > threshold)


def find_onsets(rises: np.ndarray, rule: OnsetRule) -> Onsets | None:
    """The onsets of clips with `rises`, see `OnsetRule.holds`; None without a clip."""
    if not len(rises):
        return None
    found = rule.holds(rises)
    spacings = np.concatenate([np.diff(np.flatnonzero(clip)) for clip in found])
    return Onsets(
        per_clip=float(found.sum(axis=1).mean()),
        strength=float(rises[found].mean()) if found.any() else None,
        spacing=float(spacings.mean()) if len(spacings) else None,
    )
