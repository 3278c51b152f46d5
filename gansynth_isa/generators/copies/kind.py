"""The kind `copies`: augmented copies of training clips, the control of every kind that makes clips of its own."""

from gansynth_isa.generators.copies.config import CopiesConfig
from gansynth_isa.generators.fitted_kind import FittedKind, FittedModule


class CopiesKind(FittedKind):
    """Augmented real clips in the place of synthetic ones."""

    name = "copies"
    title = "copies"
    config_class = CopiesConfig

    def recipe(self, config: CopiesConfig) -> str:
        return f"copies of training clips, augmented with probability {config.copies_probability:g}"

    def trained(self) -> FittedModule:
        from gansynth_isa.generators.copies import trained

        return trained
