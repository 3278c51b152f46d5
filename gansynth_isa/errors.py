"""The one exception that a user of the commands is meant to see."""

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Bad input or wrong usage: one clear line that names the thing and what was expected.

    The commands print its text on standard error and exit with status 2; anything else is an
    internal failure.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """Returns `; did you mean 'x'?` for the known name nearest to `name`, or an empty string."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {matches[0]!r}?" if matches else ""
