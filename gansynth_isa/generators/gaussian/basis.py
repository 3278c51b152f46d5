"""Principal components of clips centred by class, and covariances of the classes within them."""

from dataclasses import dataclass

import numpy as np

from gansynth_isa.generators.components import leading_directions
from gansynth_isa.generators.gaussian.class_rows import ClassRows, smoothed_over_time


@dataclass(frozen=True)
class Basis:
    """Components, and what the clips they come from have in them; D are the values of a clip.

    Attributes:
      counts: (classes,) clips.
      rows: (k, D), the components, orthonormal.
      scores: (n, k), the clips in the components.
      labels: (n,) class indices.
    """

    counts: np.ndarray
    rows: np.ndarray
    scores: np.ndarray
    labels: np.ndarray

    def within(self) -> np.ndarray:
        """(k, k) mean covariance within the classes."""
        degrees = len(self.labels) - np.count_nonzero(self.counts)
        return self.scores.T @ self.scores / degrees

    def between(self, label: int, sharing: float, within: np.ndarray) -> np.ndarray:
        """(k, k) covariance between a class's own (sharing 0) and the mean of all; that of a single clip is the mean.

        Args:
          label: the class.
          sharing: l, 0 to 1, of a class of mean size; one of fewer clips shares more, see `own_weight`.
          within: what `within()` gives.
        """
        own = self.scores[self.labels == label]
        if len(own) < 2:
            return within
        weight = own_weight(self.counts, label, sharing)
        return weight * (own.T @ own) / (len(own) - 1) + (1 - weight) * within


def own_weight(counts: np.ndarray, label: int, sharing: float) -> float:
    """How much a class's own covariance weighs beside the mean, 0 to 1.

    The two weigh as (1 - l) n to l m, n being the class's degrees of freedom and m their mean over the classes, as
    sums of squares do in Friedman 1989, equations 15 and 16. So the same l leaves a class of many clips its own and
    brings one of a handful to the mean; where all classes have as many clips, the own one weighs 1 - l.

    Args:
      counts: (classes,) clips.
      label: the class, of two clips or more.
      sharing: l, 0 to 1.
    """
    degrees = counts[counts > 0] - 1
    relative = float((counts[label] - 1) / degrees.mean())
    return (1 - sharing) * relative / ((1 - sharing) * relative + sharing)


def shrunk(eigenvalues: np.ndarray, shrinkage: float) -> np.ndarray:
    """Eigenvalues of (1 - g) S + g tr(S) / k I, from those of S, (k,); the sum stays (Friedman 1989, equation 18)."""
    return (1 - shrinkage) * eigenvalues + shrinkage * eigenvalues.mean()


def principal_components(clips: ClassRows, components: int, smoothing: float) -> Basis:
    """The components of clips, centred by class.

    Args:
      clips: to span.
      components: largest number of them.
      smoothing: of the clips over time before that, deviation of the bell in frames, 0 for none. In few clips the
        components are mostly those of the noise of single values; smoothed, those in which whole clips differ.
    """
    rows, counts, means = clips.rows, clips.counts(), clips.means()
    centred = rows - means[clips.labels]
    spanning = smoothed_over_time(centred.reshape(-1, *clips.shape), smoothing).reshape(rows.shape)
    found = leading_directions(spanning, min(components, len(rows) - np.count_nonzero(counts)))
    return Basis(counts, found, centred @ found.T, clips.labels)
