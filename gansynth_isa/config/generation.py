"""Settings of what becomes of a trained generator's clips before they are used."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting

MATCHINGS = ("none", "overall", "class")
RULES = ("none", "agreed", "confident")


@dataclass(frozen=True)
class GenerationConfig(Validated):
    """How synthetic clips are corrected and chosen, for generators of any kind."""

    match_moments: str = setting(
        "none",
        "map synthetic clips, per mel bin, onto mean and deviation of the training clips: of all classes together "
        "(overall), or of each class as far as its clips can tell (class)",
        Decides.TRAINING,
        choices=MATCHINGS,
    )
    keep: str = setting(
        "none",
        "synthetic clips to keep: all (none), those whose class a judge trained on the training clips finds likeliest "
        "(agreed), or as likely as it finds it for three quarters of real clips left out (confident)",
        Decides.TRAINING,
        choices=RULES,
    )

    def text(self) -> str:
        """What differs from clips as they are made, to print."""
        parts = [f"moments matched ({self.match_moments})"] if self.match_moments != "none" else []
        parts += [f"those kept that are {self.keep}"] if self.keep != "none" else []
        return ", ".join(parts) or "as they are made"
