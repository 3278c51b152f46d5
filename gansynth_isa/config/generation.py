"""Settings of generators of any kind: what else they learn from or start from, and what becomes of their clips."""

from dataclasses import dataclass

from gansynth_isa.errors import InputError
from gansynth_isa.validation import Decides, Validated, setting

MATCHINGS = ("none", "overall", "class")
GUESSED_SOURCES = ("none", "pool", "folder")
RULES = ("none", "agreed", "confident")


@dataclass(frozen=True)
class GenerationConfig(Validated):
    """What else generators learn from or start from, and how synthetic clips are corrected and chosen, for any kind."""

    guessed_clips: str = setting(
        "none",
        "unlabelled clips that generators learn from too, by classes that a linear discriminant of the labelled ones "
        "guesses: the rest of the training side (pool), or the recordings in --unlabelled_dir (folder)",
        Decides.TRAINING,
        choices=GUESSED_SOURCES,
    )
    init_from: str | None = setting(
        None,
        "folder of a training of the GAN, of this project or of the original GANSynth, whose weights to start from",
        Decides.PLACE,
    )
    init_sha256: str | None = setting(
        None,
        "SHA-256 of the weights that it would generate with; follows from the folder, and is checked where it is given",
        Decides.TRAINING,
    )
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

    def check(self) -> None:
        if self.guessed_clips != "none" and self.keep != "none":
            raise InputError(
                f"keep: expected none for generators that learn from guessed clips, which no judge may be asked about, "
                f"got {self.keep!r}"
            )

    def text(self) -> str:
        """What differs from clips as they are made, to print."""
        parts = ["of generators that learn from clips of guessed classes too"] if self.guessed_clips != "none" else []
        parts += [f"from the weights in {self.init_from}"] if self.init_from is not None else []
        parts += [f"moments matched ({self.match_moments})"] if self.match_moments != "none" else []
        parts += [f"those kept that are {self.keep}"] if self.keep != "none" else []
        return ", ".join(parts) or "as they are made"
