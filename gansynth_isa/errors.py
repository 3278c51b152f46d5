"""The exceptions that a user of the commands is meant to see, each as one line."""

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Bad input or wrong usage: one clear line that names the thing and what was expected.

    The commands print its text on standard error and exit with status 2; anything else is an
    internal failure. Control characters and undecodable bytes, which file names may hold, are shown as
    escapes, so that the text stays one printable line.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


class OtherRun(InputError):
    """The folder of a training holds another one than was asked for."""


class UnfitClips(InputError):
    """Clips that one kind of generator cannot learn from, or that a rule keeps too few of; others may do."""


def printable(text: str) -> str:
    """`text` with everything that cannot be printed on one line as an escape such as `\\n` or `\\udcff`."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def is_utf8(text: str) -> bool:
    """Whether `text` can be written as UTF-8; a name of a file that was not UTF-8 on the disk cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


class TrainingDiverged(RuntimeError):
    """A loss or a weight is not finite; the commands print its one line and exit with status 1."""


class ClassifierDiverged(TrainingDiverged, FloatingPointError):
    """A loss of a classifier is not finite. Programs may know it as a `FloatingPointError`, which it was at first."""


class WorkerLost(RuntimeError):
    """Another process of the same training is gone; the commands print its one line and exit with status 1."""


class Interrupted(KeyboardInterrupt):
    """A signal asked to stop; passes every `except Exception`, so that it ends a whole experiment.

    Attributes:
      signum: number of the signal; the exit status is 128 + signum.
    """

    def __init__(self, signum: int, text: str):
        super().__init__(text)
        self.signum = signum


def nearest(name: str, known: Iterable[str]) -> str:
    """Returns `; did you mean 'x'?` for the known name nearest to `name`, or an empty string."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {matches[0]!r}?" if matches else ""
