"""How large a share of a difference may be: what makes clips of left-out recordings likeliest.

Made clips are looked at in numbers that a handful of clips can bear: mean and logarithm of the deviation over time of a
few bands. Their density is a sum of equal bells around clips that were made of the clips that stay; the width of the
bells is chosen with the share. A share that is too small needs wide bells, which leave the directions in which clips
differ; one that is too large puts clips where none are. Likelihood serves better than the accuracy of a classifier:
twelve left-out clips give thirteen accuracies, and a linear discriminant hardly changes when all differences grow
alike.
"""

from dataclasses import dataclass

import numpy as np

from gansynth_isa.generators.left_out import MAX_FOLDS, folds

SHARE_CANDIDATES = (0.125, 0.25, 0.5, 0.75, 1.0, 1.5)
WIDTH_CANDIDATES = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0)  # in deviations within the classes
NUM_BANDS = 16
NUM_DRAWS = 256  # clips made for each class and round
SMALLEST_DEVIATION = 1e-3  # of a band over time, natural logarithm of power


@dataclass(frozen=True)
class Bands:
    """Training clips, and what of them differences are taken of, in few bands.

    Attributes:
      series: float64 (n, frames, bands).
      differing: float64 (n, frames or 1, bands).
      labels: (n,) class indices.
    """

    series: np.ndarray
    differing: np.ndarray
    labels: np.ndarray


def in_bands(clips: np.ndarray) -> np.ndarray:
    """Means of neighbouring mel bins of the first channel.

    Args:
      clips: (n, frames, mel_bins, channels), in the units of the features.

    Returns:
      float64 (n, frames, bands), at most NUM_BANDS.
    """
    edges = np.linspace(0, clips.shape[2], min(NUM_BANDS, clips.shape[2]) + 1).astype(int)
    return np.add.reduceat(clips[..., 0].astype(np.float64), edges[:-1], axis=2) / np.diff(edges)


def statistics(series: np.ndarray) -> np.ndarray:
    """(n, 2 * bands): mean over time, then the natural logarithm of the deviation over time, of (n, frames, bands)."""
    deviations = np.maximum(series.std(axis=1), SMALLEST_DEVIATION)
    return np.concatenate([series.mean(axis=1), np.log(deviations)], axis=1)


def likeliest_shares(bands: Bands, recordings: np.ndarray, own: bool, seed: int) -> np.ndarray | None:
    """For each class the largest share under which clips of left-out recordings are likeliest; of equals the smallest.

    Classes choose together, for a handful of clips says little. But a class of a few clips needs larger differences
    than one of many, whose clips show most of what there is. So a class with fewer than half as many clips as the
    largest chooses for itself; where none of its clips can be left out, it takes what the others choose.

    Args:
      bands: the training clips.
      recordings: (n,) whose clip each is; clips of one are left out together.
      own: differences are those of the clip's own class.
      seed: of the draws, which are the same for all candidates.

    Returns:
      (classes,), each one of SHARE_CANDIDATES; None where nothing can be left out.
    """
    # Few folds may take too much of every class at once.
    tried = _tried(bands, recordings, own, seed, MAX_FOLDS) or _tried(bands, recordings, own, seed, len(recordings))
    if not tried:
        return None
    by_class, counts = np.sum(np.stack(tried), axis=0), np.bincount(bands.labels)
    is_judged = by_class.any(axis=(1, 2))
    alone = is_judged & (2 * counts < counts.max())
    together = by_class[is_judged & ~alone] if (is_judged & ~alone).any() else by_class
    shares = np.full(len(counts), _likeliest(together.sum(axis=0)))
    for label in np.flatnonzero(alone):
        shares[label] = _likeliest(by_class[label])
    return shares


def _likeliest(by_width: np.ndarray) -> float:
    """The share of the largest of (shares, widths) log-likelihoods."""
    return SHARE_CANDIDATES[int(np.argmax(by_width.max(axis=1)))]


def _tried(bands: Bands, recordings: np.ndarray, own: bool, seed: int, max_folds: int) -> list[np.ndarray]:
    """(classes, shares, widths) log-likelihoods for each round in which some clip can be judged."""
    rounds = (_log_likelihoods(bands, fold, own, seed) for fold in folds(bands.labels, recordings, max_folds))
    return [found for found in rounds if found is not None]


def _log_likelihoods(bands: Bands, fold: np.ndarray, own: bool, seed: int) -> np.ndarray | None:
    """(classes, shares, widths) of the clips of a fold, from the others, 0 for a class of which none can be judged.

    None where the others do not allow any.
    """
    labels, kept = bands.labels, np.flatnonzero(~fold)
    counts = np.bincount(labels[kept], minlength=labels.max() + 1)
    judged = [label for label in np.unique(labels[fold]) if counts[label] >= (2 if own else 1)]
    if not judged or counts.max() < 2:
        return None
    scale = _deviation_within(statistics(bands.series[kept]), labels[kept])
    rng = np.random.default_rng(seed)
    total = np.zeros((len(counts), len(SHARE_CANDIDATES), len(WIDTH_CANDIDATES)))
    for label in judged:
        wanted = statistics(bands.series[fold & (labels == label)]) / scale
        clip, plus, minus = drawn_parents(rng, labels, kept, label, own)
        difference = bands.differing[plus] - bands.differing[minus]
        positions = rng.uniform(size=(NUM_DRAWS, 1, 1))
        for row, largest in enumerate(SHARE_CANDIDATES):
            made = statistics(bands.series[clip] + largest * positions * difference) / scale
            total[label, row] = [log_density(wanted, made, width) for width in WIDTH_CANDIDATES]
    return total


def drawn_parents(
    rng: np.random.Generator, labels: np.ndarray, kept: np.ndarray, label: int, own: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indices (NUM_DRAWS,) of clips of a class, and of two other clips of one class, as the generator draws them."""
    members = {each: kept[labels[kept] == each] for each in np.unique(labels[kept])}
    donors = [label] if own else [each for each, clips in members.items() if len(clips) > 1]
    pairs = [rng.choice(members[donor], 2, replace=False) for donor in rng.choice(donors, NUM_DRAWS)]
    plus, minus = np.array(pairs).T
    return rng.choice(members[label], NUM_DRAWS), plus, minus


def _deviation_within(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(values,) deviation within the classes, common to all."""
    means = {label: values[labels == label].mean(axis=0) for label in np.unique(labels)}
    centred = values - np.stack([means[label] for label in labels])
    deviations = np.sqrt(np.sum(centred**2, axis=0) / (len(labels) - len(means)))
    return np.maximum(deviations, SMALLEST_DEVIATION)


def log_density(wanted: np.ndarray, made: np.ndarray, width: float) -> float:
    """Natural logarithm of the density of wanted clips in a sum of bells around made ones, but for a constant."""
    squares = np.sum(wanted**2, axis=1)[:, np.newaxis] + np.sum(made**2, axis=1) - 2.0 * wanted @ made.T
    exponents = -0.5 * np.maximum(squares, 0.0) / width**2
    largest = exponents.max(axis=1)
    sums = np.log(np.mean(np.exp(exponents - largest[:, np.newaxis]), axis=1))
    return float(np.sum(largest + sums) - wanted.size * np.log(width))
