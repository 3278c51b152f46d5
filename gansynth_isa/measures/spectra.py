"""Mean spectra: how far the classes of two sets lie apart, and how much the clips of a class differ.

Both are corrected for the number of clips. The mean of n clips errs by their variance over n, which would look like a
distance; deviations from a mean of few clips are too small.
"""

from itertools import combinations

import numpy as np

from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.per_class import PerClass, ratio

MIN_CLIPS = 2


def class_means(real: ClipStatistics, synthetic: ClipStatistics) -> PerClass:
    """Distance of synthetic from real mean spectra over that between classes: 0 is the same, 1 as far as another class.

    Both are root mean squares over bins, that between classes also over all pairs of them, of means over clips and
    time. From every square what the means' own errors add is taken away, so that further clips of the same sounds
    lie at 0, give or take. A square below 0 counts as 0.

    Args:
      real: clips whose classes lie apart.
      synthetic: clips of the same classes, by name.

    Returns:
      Per class; None for those with fewer than two clips in either set, and for all where the real classes do not
      differ.
    """
    between = _between_classes(real)
    if not between:
        return PerClass.nothing(real.class_names, "expected two real classes whose mean spectra differ")

    def measure(name: str) -> float | None:
        square = _squared_distance(real.spectra[real.is_of(name)], synthetic.spectra[synthetic.is_of(name)])
        return None if square is None else float(np.sqrt(max(square, 0.0) / between))

    return PerClass.of(real.class_names, measure, "expected two real and two synthetic clips")


def spread(real: ClipStatistics, synthetic: ClipStatistics) -> PerClass:
    """How much the mean spectra of synthetic clips of a class differ, over how much those of real clips do.

    The root mean square over bins of the standard deviations over clips, with n - 1: 1 is as diverse, 0 one
    prototype. A class needs two clips of both.
    """

    def measure(name: str) -> float | None:
        return ratio(deviation(synthetic.spectra[synthetic.is_of(name)]), deviation(real.spectra[real.is_of(name)]))

    return PerClass.of(real.class_names, measure, "expected two real clips that differ, and two synthetic ones")


def deviation(spectra: np.ndarray) -> float | None:
    """Root mean square over bins of the standard deviations over clips (n, mel_bins); None for fewer than two."""
    if len(spectra) < MIN_CLIPS:
        return None
    return float(np.sqrt(spectra.var(axis=0, ddof=1).mean()))


def _between_classes(real: ClipStatistics) -> float:
    """Mean squared distance of the classes' mean spectra, over pairs of classes with two clips each."""
    spectra = [real.spectra[real.is_of(name)] for name in real.class_names]
    squares = [_squared_distance(*pair) for pair in combinations(spectra, 2)]
    known = [square for square in squares if square is not None]
    return max(float(np.mean(known)), 0.0) if known else 0.0


def _squared_distance(spectra: np.ndarray, others: np.ndarray) -> float | None:
    """Unbiased mean over bins of the squared distance of two means; may be below 0."""
    if min(len(spectra), len(others)) < MIN_CLIPS:
        return None
    square = np.mean((spectra.mean(axis=0) - others.mean(axis=0)) ** 2)
    return float(square - sum(part.var(axis=0, ddof=1).mean() / len(part) for part in (spectra, others)))
