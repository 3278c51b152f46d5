"""Fits the Gaussian of each class: a shared basis, covariances between the class's own and the mean, a residual.

The basis are the principal components of clips centred by class. Within it a class has the covariance
(1 - l) S_class + l S_within, S_within being the mean within all classes (regularised discriminant analysis, Friedman
1989); outside it every value has a deviation of its own. How much to share and how large the residual is follow from
clips of recordings that were left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.linalg import eigh

from gansynth_isa.errors import UnfitClips

ARRAYS = ("means", "basis", "factors", "residual")
SHARING_CANDIDATES = (0.0, 0.25, 0.5, 0.75, 1.0)
MAX_FOLDS = 5
SMALLEST_EIGENVALUE = 1e-7  # relative to the largest; below it float32 clips span nothing more


@dataclass(frozen=True)
class Gaussian:
    """What was fitted; D are the values of a clip, k the components.

    Attributes:
      means: float32 (classes, D).
      basis: float32 (k, D), orthonormal rows.
      factors: float32 (classes, k, k); standard normal rows times it have the class's covariance.
      residual: float32 (D,), deviation of each value outside the basis.
      sharing: l of the covariances.
      notes: lines that a user should see.
    """

    means: np.ndarray
    basis: np.ndarray
    factors: np.ndarray
    residual: np.ndarray
    sharing: float
    notes: tuple[str, ...] = field(default=(), compare=False)

    def arrays(self) -> dict[str, np.ndarray]:
        """By name."""
        return {**{name: getattr(self, name) for name in ARRAYS}, "sharing": np.float64(self.sharing)}


@dataclass(frozen=True)
class _Basis:
    """Class means, components, and what the clips they come from have in them."""

    means: np.ndarray  # (classes, D)
    counts: np.ndarray  # (classes,)
    rows: np.ndarray  # (k, D)
    scores: np.ndarray  # (n, k)
    labels: np.ndarray  # (n,)

    def within(self) -> np.ndarray:
        """(k, k) mean covariance within the classes."""
        degrees = len(self.labels) - np.count_nonzero(self.counts)
        return self.scores.T @ self.scores / degrees

    def covariance(self, label: int, sharing: float, within: np.ndarray) -> np.ndarray:
        """(k, k) covariance of a class; one with a single clip has the mean of all."""
        own = self.scores[self.labels == label]
        if len(own) < 2:
            return within
        return (1 - sharing) * (own.T @ own) / (len(own) - 1) + sharing * within


def fit_gaussian(
    rows: np.ndarray,
    labels: np.ndarray,
    recordings: np.ndarray,
    num_classes: int,
    components: int,
    sharing: float | None,
) -> Gaussian:
    """Fits the Gaussians of all classes.

    Args:
      rows: float32 (n, D), clips as rows.
      labels: (n,) class indices.
      recordings: (n,) whose clip each is; clips of one are left out together.
      num_classes: every class has at least one clip.
      components: largest number of principal components.
      sharing: l, None for what is likeliest on clips that were left out.

    Raises:
      UnfitClips: too few clips for a covariance that can be tried on clips that were left out.
    """
    if len(rows) < num_classes + 2:
        raise UnfitClips(
            "clips_per_class: expected two clips more than there are classes for the covariance of a gaussian, got "
            f"{len(rows)} clips of {num_classes} classes"
        )
    basis = _basis(rows, labels, num_classes, components)
    left_out = _all_left_out(rows, labels, recordings, num_classes, components)
    notes: tuple[str, ...] = ()
    if not left_out:
        left_out = _all_left_out(rows, labels, np.arange(len(rows)), num_classes, components)
        notes = ("gaussian: no class has two recordings, so that single clips are left out instead of recordings",)
    if sharing is None:
        sharing = _likeliest(left_out)
    within = basis.within()
    factors = [_factor(basis.covariance(label, sharing, within)) for label in range(num_classes)]
    return Gaussian(
        means=basis.means.astype(np.float32),
        basis=basis.rows.astype(np.float32),
        factors=np.stack(factors).astype(np.float32),
        residual=_residual(left_out).astype(np.float32),
        sharing=sharing,
        notes=notes,
    )


def _basis(rows: np.ndarray, labels: np.ndarray, num_classes: int, components: int) -> _Basis:
    """Principal components, by products of clips or of values with each other, whichever are fewer."""
    counts = np.bincount(labels, minlength=num_classes)
    means = np.zeros((num_classes, rows.shape[1]), rows.dtype)
    for label in np.flatnonzero(counts):
        means[label] = rows[labels == label].mean(axis=0)
    centred = rows - means[labels]
    by_clips = len(rows) <= rows.shape[1]
    products = (centred @ centred.T if by_clips else centred.T @ centred).astype(np.float64)
    rank = min(components, len(rows) - np.count_nonzero(counts), len(products))
    eigenvalues, vectors = eigh(products, subset_by_index=(len(products) - rank, len(products) - 1))
    kept = eigenvalues > SMALLEST_EIGENVALUE * max(eigenvalues[-1], 1e-30)
    eigenvalues, vectors = eigenvalues[kept][::-1], vectors[:, kept][:, ::-1]
    found = ((vectors / np.sqrt(eigenvalues)) if by_clips else vectors).T.astype(rows.dtype)
    found = found @ centred if by_clips else found
    return _Basis(means, counts, found, centred @ found.T, labels)


@dataclass(frozen=True)
class _LeftOut:
    """Clips of left-out recordings as seen from the others.

    Attributes:
      basis: of the others.
      scores: (m, k) in its components. They are shortened by what the error of a mean of few clips adds.
      labels: (m,).
      residual_squares: (D,), sum over the clips of what lies outside the basis, squared.
    """

    basis: _Basis
    scores: np.ndarray
    labels: np.ndarray
    residual_squares: np.ndarray


def _all_left_out(
    rows: np.ndarray, labels: np.ndarray, recordings: np.ndarray, num_classes: int, components: int
) -> list[_LeftOut]:
    """By few folds, or recording by recording where few folds take too much of every class at once."""
    arguments = (rows, labels, recordings, num_classes, components)
    return list(_left_out(*arguments, MAX_FOLDS)) or list(_left_out(*arguments, len(rows)))


def _left_out(
    rows: np.ndarray,
    labels: np.ndarray,
    recordings: np.ndarray,
    num_classes: int,
    components: int,
    max_folds: int,
) -> Iterator[_LeftOut]:
    for fold in _folds(labels, recordings, max_folds):
        others = ~fold
        others_counts = np.bincount(labels[others], minlength=num_classes)
        usable = fold & (others_counts[labels] > 0)
        if not usable.any() or np.count_nonzero(others) <= np.count_nonzero(others_counts):
            continue
        basis = _basis(rows[others], labels[others], num_classes, components)
        # A mean of n clips errs by 1 / n of their variance, which would be taken for theirs.
        length = np.sqrt(1 + 1 / others_counts[labels[usable]])[:, np.newaxis]
        centred = (rows[usable] - basis.means[labels[usable]]) / length
        scores = centred @ basis.rows.T
        squares = np.square(centred - scores @ basis.rows, dtype=np.float64).sum(axis=0)
        yield _LeftOut(basis, scores.astype(np.float64), labels[usable], squares)


def _folds(labels: np.ndarray, recordings: np.ndarray, max_folds: int) -> Iterator[np.ndarray]:
    """Masks (n,) of the clips to leave out; recordings are dealt out in turn, class after class."""
    first_label: dict[str | int, int] = {}
    for recording, label in zip(recordings, labels, strict=True):
        first_label.setdefault(recording, label)
    order = sorted(first_label, key=lambda recording: (first_label[recording], recording))
    num_folds = min(max_folds, len(order))
    fold_of = {recording: place % num_folds for place, recording in enumerate(order)}
    folds = np.array([fold_of[recording] for recording in recordings])
    return (folds == fold for fold in range(num_folds))


def _likeliest(left_out: list[_LeftOut]) -> float:
    """The candidate under which clips of left-out recordings are likeliest; of equals the one that shares most."""
    likelihoods = {sharing: sum(_log_likelihood(part, sharing) for part in left_out) for sharing in SHARING_CANDIDATES}
    return max(reversed(SHARING_CANDIDATES), key=lambda sharing: likelihoods[sharing])


def _log_likelihood(part: _LeftOut, sharing: float) -> float:
    within, total = part.basis.within(), 0.0
    if not within.size:  # identical clips: nothing tells the candidates apart
        return 0.0
    for label in np.unique(part.labels):
        scores = part.scores[part.labels == label]
        eigenvalues, vectors = np.linalg.eigh(part.basis.covariance(label, sharing, within))
        if eigenvalues[0] <= SMALLEST_EIGENVALUE * eigenvalues[-1]:
            return -np.inf  # a covariance of too few clips makes every other clip impossible
        total -= 0.5 * float(np.sum((scores @ vectors) ** 2 / eigenvalues) + len(scores) * np.sum(np.log(eigenvalues)))
    return total


def _residual(left_out: list[_LeftOut]) -> np.ndarray:
    """(D,) deviation of each value outside the basis."""
    num_clips = sum(len(part.labels) for part in left_out)
    return np.sqrt(sum(part.residual_squares for part in left_out) / num_clips)


def _factor(covariance: np.ndarray) -> np.ndarray:
    """(k, k) `factor` with factor.T @ factor = covariance."""
    eigenvalues, vectors = np.linalg.eigh(covariance)
    return np.sqrt(np.maximum(eigenvalues, 0.0))[:, np.newaxis] * vectors.T
