"""Settings that check themselves, and their JSON form. Standard library only."""

import dataclasses
import enum
import json
import math
import numbers
import os
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, TypeVar

from gansynth_isa.errors import InputError, nearest

Config = TypeVar("Config")
Value = TypeVar("Value")


class Decides(enum.Flag):
    """What a setting decides. Cache keys, identities and what may change later follow from it, see `config.identity`.

    CLIPS: what the features of given recordings are: how they are cut and transformed.
    BAD_FILES: whether recordings that cannot be read are refused or left out; the clips show which were.
    RECORDINGS: which recordings there are, and class, group and side of each.
    SPLIT: which of the clips are trained on and which are tested on.
    CELL: the one cell that a training stands for: a grid fills it in, cell by cell.
    GRID: which cells a grid has; cells may be added later.
    TRAINING: what a trained model becomes, or how it is judged.
    MACHINE: how the devices do the sums of a training; what is left open is filled in where it starts.
    REPORTS: how often a training is looked at and saved, not what it becomes.
    NAME: what results are called.
    PLACE: where something lies; what lies there is compared by its content.
    OUTPUT: what one command writes, shows or measures, beside what is trained.
    SPEED: how long it takes.
    """

    CLIPS = enum.auto()
    BAD_FILES = enum.auto()
    RECORDINGS = enum.auto()
    SPLIT = enum.auto()
    CELL = enum.auto()
    GRID = enum.auto()
    TRAINING = enum.auto()
    MACHINE = enum.auto()
    REPORTS = enum.auto()
    NAME = enum.auto()
    PLACE = enum.auto()
    OUTPUT = enum.auto()
    SPEED = enum.auto()


def setting(default: Any, help_text: str, decides: Decides, **checks: Any) -> Any:
    """A dataclass field that says what it decides.

    Args:
      default: its value where none is given.
      help_text: one line.
      decides: one or several of `Decides`.
      **checks: minimum, maximum, above, below, choices; `words` that may stand for a number; `former`, values of
        earlier versions and what they are called today; `absent`, what it was before there was such a setting, where
        that is not its default; `entry_of_flag`, the form of one entry of a list whose flag is given once per entry,
        since entries may hold commas; `used_by`, which learners of classifiers take it besides networks, which take
        all.

    Raises:
      TypeError: nothing is declared.
    """
    if not isinstance(decides, Decides) or not decides:
        raise TypeError(f"expected what the setting decides, one or more of Decides, got {decides!r}")
    return field(default=default, metadata={"help": help_text, "decides": decides, **checks})


@dataclasses.dataclass(frozen=True)
class Validated:
    """Checks types and ranges of every field when an instance is made."""

    def __post_init__(self) -> None:
        hints = typing.get_type_hints(type(self))
        for item in dataclasses.fields(self):
            value, words = todays_value(getattr(self, item.name), item.metadata), item.metadata.get("words", ())
            if value not in words:
                value = _coerce(item.name, value, hints[item.name], words)
                _check_range(item.name, value, item.metadata)
            object.__setattr__(self, item.name, value)
        self.check()

    def check(self) -> None:
        """Checks that concern several fields at once."""


def known(value: Value | None) -> Value:
    """What must be known by now, as a setting that was left open and has been filled in."""
    assert value is not None, "expected a value that is known by now"
    return value


def todays_value(value: Any, metadata: Mapping[str, Any]) -> Any:
    """The value of a setting in today's words, where an earlier version may have said it in others."""
    former = metadata.get("former", {}).items()
    return next((new for old, new in former if value == old and not isinstance(value, bool)), value)


def to_dict(config: Any) -> dict:
    """Nested plain dictionary of a configuration, ready for JSON."""
    return json.loads(json.dumps(dataclasses.asdict(config)))


def from_dict(kind: type[Config], values: dict) -> Config:
    """The configuration of class `kind` that `to_dict` gave.

    Raises:
      InputError: no dictionary, a name that `kind` does not have, or a value of the wrong type or out of range.
    """
    if not isinstance(values, dict):
        raise InputError(f"expected settings by name, got {str(values)[:60]!r}")
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise InputError(f"{unknown[0]}: no such setting{nearest(unknown[0], hints)}")
    made = {name: from_dict(hints[name], value) if _is_group(hints[name]) else value for name, value in values.items()}
    return kind(**_before_there_was_a_setting(kind) | made)


def _before_there_was_a_setting(kind: Any) -> dict:
    """What stands in place of settings that an earlier version did not write, where that is not their default."""
    return {item.name: item.metadata["absent"] for item in dataclasses.fields(kind) if "absent" in item.metadata}


def groups_of(config_class: type) -> tuple[type, ...]:
    """The groups of settings that a configuration is made of: the classes of its fields, or itself."""
    hints = typing.get_type_hints(config_class)
    return tuple(kind for kind in hints.values() if _is_group(kind)) or (config_class,)


def from_flags(config_class: type[Config], values: dict) -> Config:
    """A configuration of settings by their names; those of other groups are passed over.

    Raises:
      InputError: a value of the wrong type or out of range.
    """
    hints = typing.get_type_hints(config_class)
    made = {name: from_flags(kind, values) for name, kind in hints.items() if _is_group(kind)}
    own = {name: values[name] for name in hints if name in values and name not in made}
    return config_class(**made, **own)


def differences(old: Any, new: Any) -> list[str]:
    """One line `name: old -> new` for every leaf setting in which two configurations differ."""
    before, after = leaves(to_dict(old)), leaves(to_dict(new))
    return [f"{name}: {before.get(name)} -> {after.get(name)}" for name in after if before.get(name) != after[name]]


def leaves(values: dict) -> dict:
    """All settings of a nested dictionary by their own names, without the names of the groups."""
    found = {}
    for name, value in values.items():
        found.update(leaves(value) if isinstance(value, dict) else {name: value})
    return found


def _is_group(hint: Any) -> bool:
    return dataclasses.is_dataclass(hint)


def _coerce(name: str, value: Any, hint: Any, words: Iterable[str] = ()) -> Any:
    """Returns `value` as the type `hint` asks for, or raises an `InputError` that says what was expected."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        if value is None:
            return None
        hint = next(kind for kind in typing.get_args(hint) if kind is not type(None))
    if typing.get_origin(hint) is tuple:
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            raise InputError(f"{name}: expected a list, got {value!r}")
        return tuple(_coerce(name, item, typing.get_args(hint)[0]) for item in value)
    if hint is str and isinstance(value, os.PathLike):
        value = os.fspath(value)
    if hint is int and isinstance(value, numbers.Integral) and not isinstance(value, bool):
        value = int(value)  # NumPy's integers too
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            value = float(value)
        except OverflowError:  # JSON and flags have whole numbers that are no float
            raise InputError(f"{name}: expected a finite number, got {_shown(value)}") from None
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        expected = " or ".join((getattr(hint, "__name__", str(hint)), *words))
        raise InputError(f"{name}: expected {expected}, got {value!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{name}: expected a finite number, got {value!r}")
    return value


def _check_range(name: str, value: Any, checks: Mapping[str, Any]) -> None:
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
            raise InputError(f"{name}: expected {words[rule]} {_shown(checks[rule])}, got {_shown(value)}")


def _shown(number: float) -> str:
    if isinstance(number, float):
        return f"{number:g}"
    text = str(number)
    return text if len(text) <= 40 else f"a whole number of {len(text)} characters"
