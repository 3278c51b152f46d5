"""Settings of what becomes of a trained generator's clips before they are used."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting

MATCHINGS = ("none", "overall", "class")


@dataclass(frozen=True)
class GenerationConfig(Validated):
    """How synthetic clips are corrected, for generators of any kind."""

    match_moments: str = setting(
        "none",
        "map synthetic clips, per mel bin, onto mean and deviation of the training clips: of all classes together "
        "(overall), or of each class as far as its clips can tell (class)",
        Decides.TRAINING,
        choices=MATCHINGS,
    )

    def text(self) -> str:
        """What differs from clips as they are made, to print."""
        return "as they are made" if self.match_moments == "none" else f"moments matched ({self.match_moments})"
