"""Pictures that depend on what is drawn alone, and show names as they are.

A matplotlibrc in the working directory or in the home changes nothing, no text is read as a formula, and letters that
the usual font lacks come from another font of this machine. Every picture of this package is drawn within `drawing`,
and no other module imports matplotlib.
"""

import contextlib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gansynth_isa.errors import InputError, printable

try:
    import matplotlib
    from matplotlib import colormaps, font_manager
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font
    from matplotlib.image import AxesImage
except ValueError as error:  # a file or variable that it cannot read
    raise InputError(f"matplotlib cannot read its settings (matplotlibrc, MPLBACKEND): {error}") from error

__all__ = [
    "Axes",
    "AxesImage",
    "Figure",
    "FigureCanvasAgg",
    "Lettering",
    "colormaps",
    "drawing",
    "lettering",
    "width_in_letters",
]

USUAL_FAMILY = "sans-serif"  # DejaVu Sans, which comes with matplotlib
BOXES = "Last Resort"  # comes with matplotlib and has a box for every letter there is
REGULAR_WEIGHTS = (400, "normal", "regular", "book", "roman")
NUM_LETTERS_NAMED = 12


@dataclass(frozen=True)
class Lettering:
    """Which fonts draw some texts.

    Attributes:
      families: names of fonts, the usual one first; each is asked for what those before it lack.
      missing: letters that no font here has, in the order of their codes.
    """

    families: tuple[str, ...] = (USUAL_FAMILY,)
    missing: tuple[str, ...] = ()

    def shown(self, text: str) -> str:
        """`text` on one line, with escapes such as `\\u87ba` for what cannot be printed or drawn."""
        return "".join(ascii(letter)[1:-1] if letter in self.missing else letter for letter in printable(text))

    def warning(self) -> str | None:
        """One line that says which letters pictures lack, None if they lack none."""
        if not self.missing:
            return None
        named = "".join(self.missing[:NUM_LETTERS_NAMED]) + ("..." if len(self.missing) > NUM_LETTERS_NAMED else "")
        return (
            f"pictures: no font here has the letters {named}; they are shown as codes such as "
            f"{ascii(self.missing[0])[1:-1]}; a font that has them, such as Noto Sans CJK or Noto Sans, would be used"
        )


def lettering(texts: Iterable[str]) -> Lettering:
    """Finds fonts for all letters of `texts`, the usual one and as few others as will do."""
    letters = {letter for text in texts for letter in printable(text) if not letter.isascii()}
    with drawing():
        usual = font_manager.findfont(font_manager.FontProperties(family=[USUAL_FAMILY]))
    missing = _lacking(usual, letters)
    families = [USUAL_FAMILY]
    fonts = _other_fonts() if missing else {}
    while missing:
        lacking = {path: _lacking(path, missing) for path in fonts}
        best = min(lacking, key=lambda path: (len(lacking[path]), *_preference(fonts[path])), default=None)
        if best is None or lacking[best] == missing:
            break
        families.append(fonts[best].name)
        missing = lacking[best]
    return Lettering(tuple(families), tuple(sorted(missing)))


@contextlib.contextmanager
def drawing(letters: Lettering = Lettering()) -> Iterator[None]:  # noqa: B008 (frozen)
    """Within this context figures are made, drawn and saved with matplotlib's own defaults and these fonts."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {"text.parse_math": False, "font.family": list(letters.families), "svg.hashsalt": "gansynth_isa"}
        )
        yield


def width_in_letters(text: str) -> int:
    """About how many Latin letters side by side are as wide as `text`: Chinese ones count twice, accents not."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _other_fonts() -> dict[str, font_manager.FontEntry]:
    """Path -> description of the upright fonts of regular weight, those included that were installed lately."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in set(font_manager.findSystemFonts()) - known:
        with contextlib.suppress(OSError, RuntimeError, ValueError, UnicodeDecodeError):  # no font, or a damaged one
            font_manager.fontManager.addfont(path)
    return {
        entry.fname: entry
        for entry in font_manager.fontManager.ttflist
        if entry.style == "normal"
        and entry.weight in REGULAR_WEIGHTS
        and not entry.name.startswith(BOXES)
        and os.path.exists(entry.fname)
    }


def _preference(entry: font_manager.FontEntry) -> tuple[bool, bool, str]:
    """Fonts like the usual one first; else by name, so that the choice is the same every time."""
    name = entry.name.lower()
    return "sans" not in name, "mono" in name, name


def _lacking(path: str, letters: set[str]) -> set[str]:
    """Those of `letters` that the font in a file cannot draw."""
    try:
        font = font_manager.get_font(path)
        return {letter for letter in letters if not _draws(font, letter)}
    except (OSError, RuntimeError):  # no outlines, as fonts of coloured pictures, or damaged
        return letters


def _draws(font: FT2Font, letter: str) -> bool:
    if not font.get_char_index(ord(letter)):
        return False
    font.load_char(ord(letter))
    return True
