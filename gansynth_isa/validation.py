"""Settings that check themselves, and their JSON form. Standard library only."""

import dataclasses
import json
import math
import types
import typing
from dataclasses import field

from gansynth_isa.errors import InputError, nearest


def setting(default, help_text: str, **checks):
    """A dataclass field with its one-line help and its checks: minimum, maximum, above, below, choices.

    Where a number may also be a word, `words` lists those; `former` maps values of earlier versions to today's.
    """
    return field(default=default, metadata={"help": help_text, **checks})


class Validated:
    """Checks types and ranges of every field when an instance is made."""

    def __post_init__(self):
        hints = typing.get_type_hints(type(self))
        for item in dataclasses.fields(self):
            value, words = todays_value(getattr(self, item.name), item.metadata), item.metadata.get("words", ())
            if value not in words:
                value = _coerce(item.name, value, hints[item.name], words)
                _check_range(item.name, value, item.metadata)
            object.__setattr__(self, item.name, value)
        self.check()

    def check(self):
        """Checks that concern several fields at once."""


def todays_value(value, metadata):
    """The value of a setting in today's words, where an earlier version may have said it in others."""
    former = metadata.get("former", {}).items()
    return next((new for old, new in former if value == old and not isinstance(value, bool)), value)


def to_dict(config) -> dict:
    """Nested plain dictionary of a configuration, ready for JSON."""
    return json.loads(json.dumps(dataclasses.asdict(config)))


def from_dict(kind: type, values: dict):
    """The configuration of class `kind` that `to_dict` gave.

    Raises:
      InputError: a name that `kind` does not have, or a value of the wrong type or out of range.
    """
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise InputError(f"{unknown[0]}: no such setting{nearest(unknown[0], hints)}")
    made = {
        name: from_dict(hints[name], value) if dataclasses.is_dataclass(hints[name]) else value
        for name, value in values.items()
    }
    return kind(**made)


def differences(old, new) -> list[str]:
    """One line `name: old -> new` for every leaf setting in which two configurations differ."""
    before, after = leaves(to_dict(old)), leaves(to_dict(new))
    return [f"{name}: {before.get(name)} -> {after.get(name)}" for name in after if before.get(name) != after[name]]


def leaves(values: dict) -> dict:
    """All settings of a nested dictionary by their own names, without the names of the groups."""
    found = {}
    for name, value in values.items():
        found.update(leaves(value) if isinstance(value, dict) else {name: value})
    return found


def _coerce(name: str, value, hint, words: tuple[str, ...] = ()):
    """Returns `value` as the type `hint` asks for, or raises an `InputError` that says what was expected."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        if value is None:
            return None
        hint = next(kind for kind in typing.get_args(hint) if kind is not type(None))
    if typing.get_origin(hint) is tuple:
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            raise InputError(f"{name}: expected a list, got {value!r}")
        return tuple(_coerce(name, item, typing.get_args(hint)[0]) for item in value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        expected = " or ".join((getattr(hint, "__name__", str(hint)), *words))
        raise InputError(f"{name}: expected {expected}, got {value!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{name}: expected a finite number, got {value!r}")
    return value


def _check_range(name: str, value, checks):
    if value is None:
        return
    if "choices" in checks and value not in checks["choices"]:
        known = [str(choice) for choice in checks["choices"]]
        raise InputError(f"{name}: expected one of {', '.join(known)}, got {value!r}{nearest(str(value), known)}")
    for rule, ok in (
        ("minimum", lambda limit: value >= limit),
        ("maximum", lambda limit: value <= limit),
        ("above", lambda limit: value > limit),
        ("below", lambda limit: value < limit),
    ):
        if rule in checks and not ok(checks[rule]):
            words = {"minimum": "at least", "maximum": "at most", "above": "more than", "below": "less than"}
            raise InputError(f"{name}: expected {words[rule]} {checks[rule]:g}, got {value:g}")
