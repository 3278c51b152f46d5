"""Measures of synthetic clips against real ones: class, spread, closeness.

Spread and closeness are measured on magnitudes, the first channel: the phases of two takes of one sound have nothing in
common, and would drown what has.
"""

import numpy as np

from gansynth_isa.classifiers.classifier import Classifier
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.measures.nearest import ROWS_AT_ONCE, nearest_distances
from gansynth_isa.spectral.standardisation import Standardisation


def class_agreement(classifier: Classifier, synthetic: SyntheticClips) -> float:
    """Share of synthetic clips to which a classifier, trained on real clips, assigns the wanted class, by name.

    Raises:
      ValueError: no synthetic clips.
    """
    _check_some(synthetic)
    guessed = np.array(classifier.class_names)[classifier.probabilities(synthetic.spectrograms).argmax(axis=1)]
    return float(np.mean(guessed == np.array(synthetic.class_names)[synthetic.labels]))


def relative_spread(real: ClipSet, synthetic: SyntheticClips) -> tuple[float, dict[str, float]]:
    """Spread of synthetic clips within a class relative to that of real ones: 1 is as diverse, 0 one prototype.

    The spread of a class is the mean Euclidean distance of its clips to their own centroid, over log-mel
    values standardised per mel bin with the real clips. Corrected for the number of clips n, by
    sqrt(n / (n - 1)): the centroid of few clips lies nearer to them than that of many.

    Returns:
      The mean over classes, and class name -> ratio. Classes with fewer than two real clips or without two
      synthetic ones are left out of both.

    Raises:
      ValueError: no class has two clips of both kinds.
    """
    std = Standardisation.fit(_magnitudes(real)).std
    ratios = {}
    for label, name in enumerate(real.class_names):
        real_clips = _magnitudes(real)[real.labels == label]
        chosen = synthetic.labels == _index(synthetic, name)
        if min(len(real_clips), np.count_nonzero(chosen)) >= 2:
            ratios[name] = _spread(_magnitudes(synthetic)[chosen], std) / max(_spread(real_clips, std), 1e-12)
    if not ratios:
        raise ValueError("relative_spread: expected a class with two real and two synthetic clips, found none")
    return float(np.mean(list(ratios.values()))), ratios


def nearest_real_distance(real: ClipSet, synthetic: SyntheticClips) -> float:
    """Distance of synthetic clips to the nearest real clip, relative to what real clips have among themselves.

    Mean over synthetic clips of the distance to the nearest clip in `real`, whatever its class, divided by the
    mean distance of real clips to their nearest other one. Near 0: copies of real clips; 1: as new as another
    real clip of the same set.

    Args:
      real: the clips that the generator was trained on, two or more.
      synthetic: what it generated.

    Raises:
      ValueError: fewer than two real clips, or no synthetic ones.
    """
    _check_some(synthetic)
    if len(real) < 2:
        raise ValueError(f"nearest_real_distance: expected two or more real clips, got {len(real)}")
    standardise = Standardisation.fit(_magnitudes(real))
    real_rows = _rows(_magnitudes(real), standardise)
    among_real = np.mean(nearest_distances(real_rows, real_rows, leave_out_self=True))
    distances = [
        nearest_distances(_rows(_magnitudes(synthetic)[start : start + ROWS_AT_ONCE], standardise), real_rows)
        for start in range(0, len(synthetic), ROWS_AT_ONCE)
    ]
    return float(np.concatenate(distances).mean() / max(among_real, 1e-12))


def _magnitudes(clips: ClipSet | SyntheticClips) -> np.ndarray:
    """(clips, frames, mel_bins, 1), without copying."""
    return clips.spectrograms[..., :1]


def _spread(spectrograms: np.ndarray, std: np.ndarray) -> float:
    centroid = spectrograms.mean(axis=0, dtype=np.float64)
    distances = [np.linalg.norm((clip - centroid) / std) for clip in spectrograms]
    return float(np.mean(distances) * np.sqrt(len(spectrograms) / (len(spectrograms) - 1)))


def _rows(spectrograms: np.ndarray, standardise: Standardisation) -> np.ndarray:
    """Standardised clips as rows."""
    return np.asarray(standardise(spectrograms)).reshape(len(spectrograms), -1)


def _index(synthetic: SyntheticClips, name: str) -> int:
    return synthetic.class_names.index(name) if name in synthetic.class_names else -1


def _check_some(synthetic: SyntheticClips) -> None:
    if len(synthetic) == 0:
        raise ValueError("synthetic clips: expected some, got none")
