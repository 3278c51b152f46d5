"""The kind `smote`: clips between neighbouring training clips of a class (Chawla et al. 2002)."""

from gansynth_isa.generators.fitted_kind import FittedKind, FittedModule
from gansynth_isa.generators.smote.config import SmoteConfig


class SmoteKind(FittedKind):
    """Synthetic minority over-sampling."""

    name = "smote"
    title = "SMOTE"
    config_class = SmoteConfig

    def recipe(self, config: SmoteConfig) -> str:
        return (
            f"up to {config.smote_largest_share:g} of the way from a training clip to one of its "
            f"{config.smote_neighbours} nearest neighbours in the class"
        )

    def trained(self) -> FittedModule:
        from gansynth_isa.generators.smote import trained

        return trained
