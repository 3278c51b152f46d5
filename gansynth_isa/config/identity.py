"""What follows from what settings decide: keys of caches, what makes two trainings the same, what may change later.

Nothing here knows a setting by its name: the groups are any dataclasses whose fields are made by
`validation.setting`, or hold such groups. `tests/config` walks every setting.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from gansynth_isa.validation import Decides, differences

# What leaves every outcome alone, or shows in the clips, which are compared by their content.
NO_OUTCOME = Decides.PLACE | Decides.BAD_FILES | Decides.OUTPUT | Decides.SPEED

# Features on disk: recordings that may be left out are noted beside them.
CACHED = Decides.CLIPS | Decides.BAD_FILES

# What may differ where a training goes on, between the workers of one, in the folder of a finished classifier, and
# where an experiment goes on. Results of a classifier bear its name. How often an experiment's trainings report stays a
# part of it: the names of published rows were made with that.
FREE_IN_RUN = NO_OUTCOME | Decides.NAME | Decides.REPORTS
FREE_AMONG_WORKERS = FREE_IN_RUN | Decides.MACHINE
FREE_IN_CLASSIFIER = NO_OUTCOME
FREE_IN_EXPERIMENT = NO_OUTCOME | Decides.NAME | Decides.CELL | Decides.GRID


def decided_by(item: dataclasses.Field) -> Decides:
    """What a setting decides.

    Raises:
      TypeError: the field is no setting.
    """
    if "decides" not in item.metadata:
        raise TypeError(f"{item.name}: expected a field made by validation.setting, which says what it decides")
    return item.metadata["decides"]


def setting_names(group: type, decides: Decides) -> tuple[str, ...]:
    """Names of the settings of a group that decide any of `decides`, in their order."""
    return tuple(item.name for item in dataclasses.fields(group) if decided_by(item) & decides)


def setting_values(config: Any, decides: Decides) -> dict:
    """{name: value} of the settings of one group that decide any of `decides`."""
    return {name: getattr(config, name) for name in setting_names(type(config), decides)}


def free_names(group: type, free: Decides) -> frozenset[str]:
    """Names of the settings of a group that decide nothing but `free`."""
    return frozenset(item.name for item in dataclasses.fields(group) if decided_by(item) in free)


def without(config: Any, free: Decides) -> Any:
    """A configuration with its defaults in place of all settings that decide nothing but `free`.

    Args:
      config: a group of settings, or a dataclass that holds groups, perhaps in mappings and tuples.
      free: see `FREE_IN_RUN` and the others.

    Raises:
      TypeError: a field is neither a setting nor holds groups.
    """
    changed = {}
    for item in dataclasses.fields(config):
        value = getattr(config, item.name)
        if "decides" not in item.metadata:
            changed[item.name] = _groups_without(item.name, value, free)
        elif decided_by(item) in free:
            changed[item.name] = item.default
    return dataclasses.replace(config, **changed)


def changes(old: Any, new: Any, free: Decides) -> list[str]:
    """One line `name: old -> new` for every setting in which two configurations differ and must not."""
    return differences(without(old, free), without(new, free))


def _groups_without(name: str, value: Any, free: Decides) -> Any:
    if value is None:
        return None
    if dataclasses.is_dataclass(value):
        return without(value, free)
    if isinstance(value, Mapping):
        return {key: _groups_without(name, part, free) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(_groups_without(name, part, free) for part in value)
    raise TypeError(f"{name}: expected a setting or a group of settings, got {value!r}")
