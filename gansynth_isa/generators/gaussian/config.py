"""Settings of the Gaussian."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting

COLOURED = "coloured"
RESIDUALS = (COLOURED, "white")
LARGEST_SMOOTHING = 10_000.0  # frames; a bell far wider than any clip needs memory and smooths no more


@dataclass(frozen=True)
class GaussianConfig(Validated):
    """Each class's clips as a Gaussian in principal components."""

    gaussian_components: int = setting(
        64, "largest number of principal components; fewer where the clips span fewer", Decides.TRAINING, minimum=1
    )
    gaussian_sharing: float | None = setting(
        None,
        "0: each class its own covariance, 1: one covariance for all classes; default: chosen by clips that were left "
        "out",
        Decides.TRAINING,
        minimum=0.0,
        maximum=1.0,
    )
    gaussian_shrinkage: float | None = setting(
        None,
        "0: covariances as they are, 1: the same deviation in all components; default: chosen by clips that were left "
        "out",
        Decides.TRAINING,
        minimum=0.0,
        maximum=1.0,
        absent=0.0,
    )
    gaussian_residual: str = setting(
        COLOURED,
        "what lies outside the components: noise whose neighbours in time and frequency hang together as in left-out "
        "clips (coloured), or not (white)",
        Decides.TRAINING,
        choices=RESIDUALS,
        absent="white",
    )
    gaussian_smoothing: float | None = setting(
        None,
        "deviation in frames of the bell that smooths differences of class means over time, 0 for none; default: "
        "chosen by clips that were left out",
        Decides.TRAINING,
        minimum=0.0,
        maximum=LARGEST_SMOOTHING,
        absent=0.0,
    )
    gaussian_basis_smoothing: float = setting(
        0.0,
        "deviation in frames of the bell that smooths clips over time before their principal components are taken, 0 "
        "for none",
        Decides.TRAINING,
        minimum=0.0,
        maximum=LARGEST_SMOOTHING,
    )
