"""The kind `gaussian`: each class's clips as a Gaussian in principal components, fitted in a second."""

from gansynth_isa.generators.fitted_kind import FittedKind, FittedModule
from gansynth_isa.generators.gaussian.config import GaussianConfig


class GaussianKind(FittedKind):
    """Gaussians with a common basis."""

    name = "gaussian"
    title = "Gaussian"
    config_class = GaussianConfig

    def recipe(self, config: GaussianConfig) -> str:
        sharing, shrinkage = _in_words(config.gaussian_sharing), _in_words(config.gaussian_shrinkage)
        return (
            f"at most {config.gaussian_components} principal components, share of the common covariance {sharing}, "
            f"shrinkage {shrinkage}, class means smoothed over frames {_in_words(config.gaussian_smoothing)}"
        )

    def trained(self) -> FittedModule:
        from gansynth_isa.generators.gaussian import trained

        return trained


def _in_words(value: float | None) -> str:
    return "chosen by left-out recordings" if value is None else f"{value:g}"
