"""What rows are compared by: a method, the kind of generator that made its synthetic clips, and a learner."""

from dataclasses import dataclass

from gansynth_isa.config.unlabelled import SUPERVISED
from gansynth_isa.methods import LDA, METHODS_BY_NAME, Method, method_named

# The paper's kind of generator. Rows of version 0.1 name no kind and are of this one.
GANSYNTH = "gansynth"
# The paper's comparison, in its order. Seeds follow from the places: never changed.
PAPER_CELLS = ("baseline", "augmented", "gan", "gan_augmented")
_OF_LDA = tuple(name for name, method in METHODS_BY_NAME.items() if method.learner == LDA)


@dataclass(frozen=True)
class Cell:
    """One of the things that an experiment compares.

    Attributes:
      method: how the training data of its classifiers are made.
      generator: kind of generator that made their synthetic clips; None for methods without such clips.
      learner: what learns from them, and perhaps from unlabelled clips.
      has_guesses: the generator learnt from unlabelled clips of guessed classes too.
    """

    method: Method
    generator: str | None
    learner: str = SUPERVISED
    has_guesses: bool = False

    @property
    def name(self) -> str:
        """As tables and files name it: `gan_augmented`, for another kind `gaussian_augmented`, `augmented_fixmatch`."""
        name = self.method.name
        if self.generator not in (None, GANSYNTH):
            name = name.replace("gan", self.generator, 1)
        name += "_of_guesses" if self.has_guesses else ""
        return name if self.learner == SUPERVISED else f"{name}_{self.learner}"

    @property
    def title(self) -> str:
        """To read: `GAN + augmentation`, for another kind `gaussian + augmentation`, another learner behind a comma."""
        if self.method.name not in PAPER_CELLS:
            return self.name
        source = "baseline" if self.generator is None else title_of_kind(self.generator)
        source += " of guesses" if self.has_guesses else ""
        title = f"{source} + augmentation" if self.method.augmented else source
        return title if self.learner == SUPERVISED else f"{title}, {self.learner}"

    @property
    def is_of_the_paper(self) -> bool:
        """Whether the paper compares it."""
        return self.name in PAPER_CELLS

    @property
    def family(self) -> str | None:
        """What cells besides the paper's are shown together by: learner, kind of generator, or else the method."""
        if self.is_of_the_paper:
            return None
        if self.learner != SUPERVISED:
            return self.learner
        if self.has_guesses:
            return f"{self.generator} of guesses"
        return self.method.name if self.generator in (None, GANSYNTH) else self.generator

    @property
    def order(self) -> tuple[int, str]:
        """Sorts cells: those of the paper in its order, then the others by name."""
        return (PAPER_CELLS.index(self.name) if self.is_of_the_paper else len(PAPER_CELLS)), self.name


def cell_of(row: dict) -> Cell:
    """The cell that a row of `results.jsonl` belongs to."""
    method = method_named(row["method"])
    has_guesses = method.synthetic and row.get("guessed_clips", "none") != "none"
    return Cell(method, generator_of(row) if method.synthetic else None, row.get("learner", SUPERVISED), has_guesses)


def cell_name(row: dict) -> str:
    """Name of the cell that a row of `results.jsonl` belongs to."""
    return cell_of(row).name


def generator_of(row: dict) -> str:
    """Kind of the generator that a row with synthetic clips, or a row of `gans.jsonl`, is of."""
    return row.get("generator") or GANSYNTH


def is_of_lda(row: dict) -> bool:
    """Whether a row is of linear discriminant analysis, which most settings of classifiers do not concern."""
    return row.get("method") in _OF_LDA


def title_of_kind(kind: str) -> str:
    """A generator of that kind, to read: `GAN` for the paper's."""
    return "GAN" if kind == GANSYNTH else kind


def order_of_kind(kind: str) -> tuple[bool, str]:
    """Sorts kinds of generators: the paper's first, then the others by name."""
    return kind != GANSYNTH, kind
