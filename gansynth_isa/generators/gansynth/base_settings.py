"""Settings of the generator that a GAN starts from: NAME=VALUE each, as its kind's flags are called."""

import dataclasses
import typing
from collections.abc import Sequence
from typing import Any

from gansynth_isa.config.spelling import Spelling
from gansynth_isa.errors import InputError, nearest


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
    spellings = {item.name: Spelling(hints[item.name], item.metadata) for item in dataclasses.fields(config_class)}
    values: dict[str, Any] = {}
    for entry in entries:
        name, equals, text = (part.strip() for part in entry.partition("="))
        if not equals or not text:
            raise InputError(f"base_settings: expected NAME=VALUE, got {entry!r}")
        if name not in spellings:
            known = ", ".join(spellings)
            raise InputError(f"base_settings: expected some of {known}, got {name!r}{nearest(name, spellings)}")
        if name in values:
            raise InputError(f"base_settings: expected each setting once, got {name!r} twice")
        values[name] = _value(name, text, spellings[name])
    try:
        return config_class(**values)
    except InputError as error:
        raise InputError(f"base_settings: {error}") from error


def _value(name: str, text: str, spelling: Spelling) -> Any:
    try:
        return spelling.value(text)
    except ValueError as error:
        raise InputError(f"base_settings: {name}: {error}") from None
