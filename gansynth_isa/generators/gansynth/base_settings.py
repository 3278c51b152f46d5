"""Settings of the generator that a GAN starts from: NAME=VALUE each, as its kind's flags are called."""

import types
import typing
from collections.abc import Sequence
from typing import Any

from gansynth_isa.errors import InputError, nearest

_WORDS = {int: "a whole number", float: "a number", str: "text"}


def base_config(config_class: type, entries: Sequence[str]) -> Any:
    """The settings of a kind whose fields are settings.

    Args:
      config_class: of the kind.
      entries: NAME=VALUE each; the other settings stay at their defaults.

    Raises:
      InputError: an entry of another form, a setting that the kind does not have or that is named twice, or a value
        of the wrong type or out of range.
    """
    hints = typing.get_type_hints(config_class)
    values: dict[str, Any] = {}
    for entry in entries:
        name, equals, text = (part.strip() for part in entry.partition("="))
        if not equals or not text:
            raise InputError(f"base_settings: expected NAME=VALUE, got {entry!r}")
        if name not in hints:
            raise InputError(f"base_settings: expected some of {', '.join(hints)}, got {name!r}{nearest(name, hints)}")
        if name in values:
            raise InputError(f"base_settings: expected each setting once, got {name!r} twice")
        values[name] = _value(name, text, hints[name])
    try:
        return config_class(**values)
    except InputError as error:
        raise InputError(f"base_settings: {error}") from error


def _value(name: str, text: str, hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        hint = next(kind for kind in typing.get_args(hint) if kind is not type(None))
    try:
        return hint(text)
    except ValueError:
        raise InputError(f"base_settings: {name}: expected {_WORDS[hint]}, got {text!r}") from None
