"""Names of classes, groups and files: compared in one Unicode form, and pairs that only look alike are found.

The letter `ö` is one character (the form NFC, common on Linux and Windows) or two (NFD, what macOS leaves behind):
alike to the eye, different as bytes. Names are therefore taken in NFC; files are opened as they are.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from gansynth_isa.errors import printable

# Cyrillic and Greek letters that look like Latin ones, each in its own case.
CYRILLIC = ("АВЕЁЅІЈКМНОРСТУХаеёѕіјорсухԛԝһ", "ABEËSIJKMHOPCTYXaeësijopcyxqwh")
GREEK = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧινορυχ", "ABEZHIKMNOPTYXivopux")
LOOKS_LIKE = str.maketrans(CYRILLIC[0] + GREEK[0], CYRILLIC[1] + GREEK[1])
# Between words; a hyphen in front of a digit may be a minus.
SEPARATORS = re.compile(r"[\s_]+|(?<=[^\W\d_])-(?=[^\W\d_])")
MAX_PAIRS_SHOWN = 3


def in_one_form(name: str) -> str:
    """`name` in NFC; bytes that are no text stay as they are."""
    return unicodedata.normalize("NFC", name)


def names_of_paths(paths: Iterable[str]) -> dict[str, str]:
    """Name in one form -> path as it is on the disk; files whose names differ in their form alone keep both."""
    paths = list(paths)
    num_of = Counter(map(in_one_form, paths))
    return {path if num_of[in_one_form(path)] > 1 else in_one_form(path): path for path in paths}


def look_alike_lines(kind: str, names: Iterable[str]) -> Iterator[str]:
    """A line where names differ in nothing that the eye sees, or in case, spaces or alphabet alone.

    Args:
      kind: what they name, such as 'classes'.
      names: all of them, in one form.
    """
    alike = defaultdict(set)
    for name in names:
        alike[_skeleton(name)].add(name)
    together = [sorted(same) for _, same in sorted(alike.items()) if len(same) > 1]
    if together:
        shown = "; ".join(" and ".join(_shown(name, same) for name in same) for same in together[:MAX_PAIRS_SHOWN])
        more = f" and {len(together) - MAX_PAIRS_SHOWN} more" if len(together) > MAX_PAIRS_SHOWN else ""
        yield f"{kind} whose names look alike count as different: {shown}{more}; rename one if they are the same"


def _skeleton(name: str) -> str:
    """What is left of a name when all that is easily overlooked is taken away."""
    plain = unicodedata.normalize("NFKC", name).translate(LOOKS_LIKE).casefold()
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return SEPARATORS.sub("", plain.strip())


def _shown(name: str, same: list[str]) -> str:
    """The name in quotes; letters of another alphabet that pass for Latin ones are spelt out."""
    strange = set[str]().union(*same) - set(same[0]).intersection(*same)
    return "'" + "".join(_spelt(letter) if letter in strange else printable(letter) for letter in name) + "'"


def _spelt(letter: str) -> str:
    return f"{letter} ({unicodedata.name(letter).lower()})" if ord(letter) in LOOKS_LIKE else printable(letter)
