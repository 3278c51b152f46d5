"""Command lines and flagfiles to values, by absl, with this project's rule for errors: one line, status 2.

Parsing needs neither TensorFlow nor Keras, so `--help` and usage errors answer at once.
"""

import dataclasses
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from absl import flags

from gansynth_isa.cli.flag_files import expand_flag_files, packaged_names
from gansynth_isa.config.spelling import Spelling
from gansynth_isa.errors import InputError, nearest


class _ValueParser(flags.ArgumentParser):
    """Text to the value of a setting, see `Spelling`."""

    syntactic_help = ""

    def __init__(self, hint: Any, metadata: Mapping[str, Any]):
        self._spelling, self._entry = Spelling(hint, metadata), metadata.get("entry_of_flag")

    def parse(self, argument: Any) -> Any:
        """The value that `argument` spells."""
        return self._spelling.value(argument) if isinstance(argument, str) else argument

    def flag_type(self) -> str:
        """The type as `--help` shows it."""
        spelling = self._spelling
        one = f"{spelling.kind.__name__}{',...' if spelling.is_list else ''}"
        return self._entry or "|".join((one, *spelling.words))


def settings_of(groups: Sequence[type]) -> list[tuple[type, list[dataclasses.Field]]]:
    """Each group with its settings; one that several groups have, such as the seed, stands with the first of them."""
    found, seen = [], set()
    for group in groups:
        items = [item for item in dataclasses.fields(group) if item.name not in seen]
        seen |= {item.name for item in items}
        found.append((group, items))
    return found


def define_flags(groups: Sequence[type]) -> flags.FlagValues:
    """One flag per setting of the groups: its name, type, default, and metadata's `help`."""
    values = flags.FlagValues()
    flags.DEFINE_boolean("help", False, "show this text", flag_values=values, short_name="h")
    for group, items in settings_of(groups):
        hints = typing.get_type_hints(group)
        for item in items:
            default: Any = item.default
            if hints[item.name] is bool:
                flags.DEFINE_boolean(item.name, default, item.metadata["help"], flag_values=values)
            elif "entry_of_flag" in item.metadata:
                parser = _ValueParser(typing.get_args(hints[item.name])[0], item.metadata)
                flags.DEFINE_multi(parser, flags.ArgumentSerializer(), item.name, default, "", values)
                values[item.name].help = item.metadata["help"]  # absl appends a remark to the one that it is given
            else:
                parser = _ValueParser(hints[item.name], item.metadata)
                flags.DEFINE(parser, item.name, default, item.metadata["help"], values, flags.ArgumentSerializer())
    return values


def parse_command_line(values: flags.FlagValues, argv: Sequence[str], takes_files: bool = False) -> dict:
    """Fills `values` from `argv` (program name first) and returns {name: value} of the flags that were given.

    Args:
      values: see `define_flags`.
      argv: program name and arguments.
      takes_files: arguments that are no flags are returned as 'files'; otherwise they are refused.

    Raises:
      InputError: an unknown flag (with the nearest known one), a value of the wrong type, a flagfile that is not
        there or cannot be read, or an argument that is no flag.
    """
    values.set_gnu_getopt(takes_files)  # flags may stand behind files too
    expanded = [argv[0], *expand_flag_files(argv[1:])]
    try:
        rest = values(expanded)
    except flags.UnrecognizedFlagError as error:
        known = [f"--{name}" for name in values]
        name = f"--{error.flagname}"
        raise InputError(f"{name}: no such flag{nearest(name, known)}") from None
    except (flags.Error, ValueError) as error:
        raise InputError(_one_line(error)) from None
    if len(rest) > 1 and not takes_files:
        raise InputError(f"{rest[1]!r}: expected flags of the form --name=value only")
    given = {name: _as_setting(values[name].value) for name in values if values[name].present}
    return {**given, "files": tuple(rest[1:])} if takes_files else given


def given_directly(argv: Sequence[str]) -> set[str]:
    """Names of the flags that stand on the command line itself, not in a flagfile."""
    names = {argument.lstrip("-").split("=", 1)[0] for argument in argv[1:] if argument.startswith("-")}
    return names | {name.removeprefix("no") for name in names}


def help_text(
    values: flags.FlagValues,
    groups: Sequence[type],
    program: str,
    description: str,
    shown: frozenset[str] | None = None,
) -> str:
    """Usage of one command: what it does, then its flags by group with type and default.

    Args:
      values: see `define_flags`.
      groups: the dataclasses whose fields are the flags.
      program: name of the command, and what stands behind it.
      description: what it does.
      shown: names of the flags that it uses; default: all.
    """
    lines = [f"usage: {program} [--name=value ...] [--flagfile=FILE]", "", description.strip()]
    for group, settings in settings_of(groups):
        items = [item for item in settings if shown is None or item.name in shown]
        if items:
            lines += ["", (group.__doc__ or group.__name__).strip().splitlines()[0]]
        for item in items:
            default = default_text(item.default)
            lines.append(f"  {spelling(values[item.name])}{f'  (default: {default})' if default else ''}")
            lines.append(f"      {values[item.name].help}")
    if shown is not None:
        lines += ["", "Flags of other commands are accepted and change nothing, so that one flagfile fits all."]
        lines.append(f"FILE is a path, or one of {', '.join(packaged_names())}.")
    return "\n".join(lines) + "\n"


def spelling(flag: flags.Flag) -> str:
    """A flag as it is written: `--[no]simulated`, `--levels=int,...`."""
    return f"--[no]{flag.name}" if flag.boolean else f"--{flag.name}={flag.parser.flag_type()}"


def default_text(default: Any) -> str:
    """A default as it is written; empty where there is none."""
    if default is None or default == ():
        return ""
    return ",".join(str(part) for part in default) if isinstance(default, tuple) else str(default)


def _as_setting(value: Any) -> Any:
    """Flags that are given once per entry gather a list."""
    return tuple(value) if isinstance(value, list) else value


def _one_line(error: Exception) -> str:
    """absl's message without its prefixes, on one line."""
    text = " ".join(str(error).split())
    for prefix in ("flag ", "ERROR:: "):
        text = text.removeprefix(prefix)
    flag, _, rest = text.partition(": ('Non-boolean")
    return f"{flag}: expected true or false" if rest else text
