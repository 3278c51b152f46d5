"""Writes docs/commands: a page per command, from what it says of itself and from its flags.

Needs --output_dir, the folder of the pages.
"""

import dataclasses
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from absl import flags

from gansynth_isa.cli.command_flags import COMMANDS, flags_of, module_of
from gansynth_isa.cli.flag_parsing import default_text, define_flags, settings_of, spelling
from gansynth_isa.cli.options import flag_groups, parse_options
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.files import replace_file
from gansynth_isa.tables import Markup, markdown_table
from gansynth_isa.validation import known

TAKES_FILES = ("predict",)


def main(argv: Sequence[str]) -> int:
    """Writes the pages."""
    folder = parse_options(argv, __doc__, shown=frozenset({"output_dir"})).required_dir("output_dir", "their folder")
    for command in COMMANDS:
        _write(folder / f"{command}.md", page(command))
    return 0


def _write(path: Path, text: str) -> None:
    replace_file(path, lambda file: file.write(text.encode()))


def page(command: str) -> str:
    """The page of one command, Markdown."""
    description = known(importlib.import_module(module_of(command)).__doc__).strip()
    usage = f"gansynth_isa_{command} [--name=value ...] [--flagfile=FILE]{' FILE...' * (command in TAKES_FILES)}"
    parts = [
        f"# gansynth_isa_{command}",
        description,
        f"```\n{usage}\n```",
        "Flags of other commands are accepted and change nothing, so that one flagfile fits all. `--dataset=mb` and "
        "`--dataset=pucks` bring defaults of their own, those of the flag files `mb` and `pucks`. "
        "`scripts/command_pages` makes this page.",
    ]
    groups, shown = flag_groups(), flags_of(command)
    values = define_flags(groups)
    for group, settings in settings_of(groups):
        items = [item for item in settings if item.name in shown]
        if items:
            parts.append(f"## {known(group.__doc__).strip().splitlines()[0].rstrip('.')}\n\n{_table(values, items)}")
    return "\n\n".join(parts) + "\n"


def _table(values: flags.FlagValues, items: Sequence[dataclasses.Field]) -> str:
    rows = []
    for item in items:
        flag, default = values[item.name], default_text(item.default)
        rows.append([Markup(f"`{spelling(flag)}`"), Markup(f"`{default}`" if default else ""), Markup(flag.help)])
    return markdown_table(["flag", "default", "meaning"], rows)


if __name__ == "__main__":
    sys.exit(run_command(main))
