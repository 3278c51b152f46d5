"""Settings as text, on a command line or within another setting."""

import types
import typing
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from gansynth_isa.validation import todays_value

_WORDS = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}


class Spelling:
    """How the values of one setting are spelt.

    Args:
      hint: its type: one of those in `_WORDS`, that or None, or a tuple of any number of them.
      metadata: of its field, see `validation.setting`.

    Attributes:
      kind: type of the value, or of an entry of a list.
      is_list: entries are separated by commas.
      optional: there may be no value, which an empty text says.
      words: that may stand in place of a value of that type.
    """

    def __init__(self, hint: Any, metadata: Mapping[str, Any]):
        self._metadata = metadata
        self.words: tuple[str, ...] = tuple(metadata.get("words", ()))
        self.optional = type(None) in typing.get_args(hint)
        if self.optional and isinstance(hint, types.UnionType):
            hint = next(kind for kind in typing.get_args(hint) if kind is not type(None))
        self.is_list = typing.get_origin(hint) is tuple
        self.kind: type = typing.get_args(hint)[0] if self.is_list else hint

    def value(self, text: str) -> Any:
        """The value that `text` spells, not checked for its range.

        Raises:
          ValueError: it spells none; says what was expected and what was received.
        """
        if self.is_list:
            return tuple(self._converted(part.strip(), text) for part in text.split(",") if part.strip())
        if text in self.words:
            return text
        return None if self.optional and not text else self._converted(text, text)

    def _converted(self, part: str, whole: str) -> Any:
        try:
            return todays_value(_READ[self.kind](part), self._metadata)
        except ValueError:
            expected = f"a comma-separated list, each {_WORDS[self.kind]}" if self.is_list else _WORDS[self.kind]
            raise ValueError(f"expected {' or '.join((expected, *self.words))}, got {whole!r}") from None


def _number(kind: type, text: str) -> Any:
    """Python reads `1_000`, ` 5` and the digits of other scripts too, which are slips of the pen here."""
    if "_" in text or text != text.strip() or not text.isascii():
        raise ValueError(text)
    return kind(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_READ: dict[type, Callable[[str], Any]] = {
    int: partial(_number, int),
    float: partial(_number, float),
    str: str,
    bool: _truth,
}
