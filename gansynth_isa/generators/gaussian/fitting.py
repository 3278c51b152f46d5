"""Fits the Gaussian of each class: mean, shared basis, covariances between the class's own and the mean, residual.

Differences of the means are smoothed, see `class_means`. The basis are the principal components of clips centred by
class. Within its k components a class has the covariance (1 - g) S + g tr(S) / k I with S = (1 - l) S_class +
l S_within, S_within being the mean within all classes (regularised discriminant analysis, Friedman 1989); outside it
every value has a deviation of its own and hangs together with its neighbours, see `texture`. How much to share, l, how
much to shrink, g, how widely to smooth, and the residual follow from clips of recordings that were left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gansynth_isa.errors import UnfitClips
from gansynth_isa.generators.gaussian.basis import principal_components, shrunk
from gansynth_isa.generators.gaussian.choosing import LeftOut, all_left_out, likeliest, residual_deviation
from gansynth_isa.generators.gaussian.class_means import ClassMeans, likeliest_smoothing
from gansynth_isa.generators.gaussian.class_rows import ClassRows
from gansynth_isa.generators.gaussian.config import COLOURED, GaussianConfig
from gansynth_isa.generators.texture import edge_gain, texture_kernel

ARRAYS = ("means", "basis", "factors", "residual")


@dataclass(frozen=True)
class Gaussian:
    """What was fitted; D are the values of a clip, k the components.

    Attributes:
      means: float32 (classes, D).
      basis: float32 (k, D), orthonormal rows.
      factors: float32 (classes, k, k); standard normal rows times it have the class's covariance.
      residual: float32 (D,), deviation of each value outside the basis; where there is a kernel, what its output is
        multiplied by for that deviation.
      sharing: l of the covariances.
      shrinkage: g of the covariances; None where it was fitted before there was one.
      smoothing: of the differences of the means, deviation in frames; likewise.
      kernel: float32 (size, size, channels) that white noise passes for the residual, see `texture`; None: it stays
        white.
      notes: lines that a user should see.
    """

    means: np.ndarray
    basis: np.ndarray
    factors: np.ndarray
    residual: np.ndarray
    sharing: float
    shrinkage: float | None
    smoothing: float | None
    kernel: np.ndarray | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    def arrays(self) -> dict[str, np.ndarray]:
        """By name."""
        arrays = {**{name: getattr(self, name) for name in ARRAYS}, "sharing": np.array(self.sharing, np.float64)}
        if self.shrinkage is not None:
            arrays["shrinkage"] = np.array(self.shrinkage, np.float64)
        if self.kernel is not None:
            arrays["kernel"] = self.kernel
        if self.smoothing is not None:
            arrays["smoothing"] = np.array(self.smoothing, np.float64)
        return arrays


def fit_gaussian(clips: ClassRows, config: GaussianConfig) -> Gaussian:
    """Fits the Gaussians of all classes.

    Args:
      clips: every class has at least one.
      config: what it leaves open is chosen by clips that are left out.

    Raises:
      UnfitClips: too few clips for a covariance that can be tried on clips that were left out.
    """
    if len(clips.rows) < clips.num_classes + 2:
        raise UnfitClips(
            "clips_per_class: expected two clips more than there are classes for the covariance of a gaussian, got "
            f"{len(clips.rows)} clips of {clips.num_classes} classes"
        )
    rounds, notes = _rounds(clips)
    components, basis_smoothing = config.gaussian_components, config.gaussian_basis_smoothing
    basis = principal_components(clips, components, basis_smoothing)
    smoothing = config.gaussian_smoothing
    if smoothing is None:
        smoothing = likeliest_smoothing(clips, rounds)
    left_out = all_left_out(clips, rounds, components, smoothing, basis_smoothing)
    sharing, shrinkage = likeliest(left_out, config.gaussian_sharing, config.gaussian_shrinkage)
    within = basis.within()
    factors = [_factor(basis.between(label, sharing, within), shrinkage) for label in range(clips.num_classes)]
    residual, kernel = _residual(left_out, clips.shape if config.gaussian_residual == COLOURED else None)
    return Gaussian(
        means=ClassMeans.of(clips).smoothed(smoothing).astype(np.float32),
        basis=basis.rows.astype(np.float32),
        factors=np.stack(factors).astype(np.float32),
        residual=residual,
        sharing=sharing,
        shrinkage=shrinkage,
        smoothing=smoothing,
        kernel=kernel,
        notes=notes,
    )


def _rounds(clips: ClassRows) -> tuple[Sequence[np.ndarray], tuple[str, ...]]:
    """Which clips to leave out in turn, and lines that a user should see."""
    if rounds := clips.rounds():
        return rounds, ()
    alone = replace(clips, recordings=np.arange(len(clips.rows)))
    note = "gaussian: no class has two recordings, so that single clips are left out instead of recordings"
    return alone.rounds(), (note,)


def _residual(
    left_out: list[LeftOut], coloured_as: tuple[int, int, int] | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """`residual` and `kernel` of a `Gaussian`."""
    deviation = residual_deviation(left_out)
    if coloured_as is None:
        return deviation.astype(np.float32), None
    rows = np.concatenate([part.residual for part in left_out]) / np.maximum(deviation, 1e-12)
    kernel = texture_kernel(rows.reshape(-1, *coloured_as))
    return (deviation / edge_gain(kernel, coloured_as).reshape(-1)).astype(np.float32), kernel.astype(np.float32)


def _factor(covariance: np.ndarray, shrinkage: float) -> np.ndarray:
    """(k, k) `factor` with factor.T @ factor = the covariance, shrunk."""
    if not covariance.size:
        return covariance
    eigenvalues, vectors = np.linalg.eigh(covariance)
    return np.sqrt(shrunk(np.maximum(eigenvalues, 0.0), shrinkage))[:, np.newaxis] * vectors.T
