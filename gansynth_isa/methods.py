"""Methods of making a classifier: what they add to the real clips, and what learns from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gansynth_isa.errors import InputError, nearest

NETWORK, LDA = "network", "lda"
AUTO = "auto"


@dataclass(frozen=True)
class Method:
    """How the training data of a classifier are made.

    Attributes:
      name: as settings and rows bear it; `gan` in it stands for whichever generator made the clips.
      synthetic: a generator's clips are added to the real ones.
      augmented: every clip is changed at random each time it is fed.
      learner: what learns: NETWORK, step by step, or LDA, shrunk linear discriminant analysis, at once.
      chooses: it takes one of the other methods, which the training clips have a say in; see `choosing`.
    """

    name: str
    synthetic: bool
    augmented: bool
    learner: str = NETWORK
    chooses: bool = False

    @property
    def is_deterministic(self) -> bool:
        """Whether it makes the same classifier each time, so that one trial is all there is to see."""
        return self.learner == LDA


# The paper's four, in its order, then the others.
METHODS_BY_NAME: Mapping[str, Method] = MappingProxyType(
    {
        method.name: method
        for method in (
            Method("baseline", synthetic=False, augmented=False),
            Method("augmented", synthetic=False, augmented=True),
            Method("gan", synthetic=True, augmented=False),
            Method("gan_augmented", synthetic=True, augmented=True),
            Method("lda", synthetic=False, augmented=False, learner=LDA),
            Method(AUTO, synthetic=False, augmented=False, chooses=True),
        )
    }
)
PAPER_METHODS = ("baseline", "augmented", "gan", "gan_augmented")


def method_named(name: str) -> Method:
    """The method of that name.

    Raises:
      InputError: there is none; the nearest name is offered.
    """
    try:
        return METHODS_BY_NAME[name]
    except KeyError:
        known = ", ".join(METHODS_BY_NAME)
        raise InputError(f"method: expected one of {known}, got {name!r}{nearest(name, METHODS_BY_NAME)}") from None
