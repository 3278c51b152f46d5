"""Writes docs/commands: a page per command, from what it says of itself and from its flags.

Needs --output_dir, the folder of the pages.
"""

import dataclasses
import importlib
import sys
from collections.abc import Sequence

from gansynth_isa.cli.command_flags import COMMANDS, flags_of
from gansynth_isa.cli.flag_parsing import default_text, define_flags, spelling
from gansynth_isa.cli.options import GROUPS, parse_options
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.files import replace_file
from gansynth_isa.tables import Markup, markdown_table

TAKES_FILES = ("predict",)


def main(argv: Sequence[str]) -> int:
    """Writes the pages."""
    folder = parse_options(argv, __doc__, shown=frozenset({"output_dir"})).required_dir("output_dir", "their folder")
    for command in COMMANDS:
        text = page(command)
        replace_file(folder / f"{command}.md", lambda file, text=text: file.write(text.encode()))
    return 0


def page(command: str) -> str:
    """The page of one command, Markdown."""
    description = importlib.import_module(f"gansynth_isa.cli.{command}").__doc__.strip()
    usage = f"gansynth_isa_{command} [--name=value ...] [--flagfile=FILE]{' FILE...' * (command in TAKES_FILES)}"
    parts = [
        f"# gansynth_isa_{command}",
        description,
        f"```\n{usage}\n```",
        "Flags of other commands are accepted and change nothing, so that one flagfile fits all. `--dataset=mb` and "
        "`--dataset=pucks` bring defaults of their own, those of `flags/mb.flags` and `flags/pucks.flags`. "
        "`scripts/command_pages` makes this page.",
    ]
    values, shown = define_flags(GROUPS), flags_of(command)
    for group in GROUPS:
        items = [item for item in dataclasses.fields(group) if item.name in shown]
        if items:
            parts.append(f"## {group.__doc__.strip().splitlines()[0].rstrip('.')}\n\n{_table(values, items)}")
    return "\n\n".join(parts) + "\n"


def _table(values, items) -> str:
    rows = []
    for item in items:
        flag, default = values[item.name], default_text(item.default)
        rows.append([Markup(f"`{spelling(flag)}`"), Markup(f"`{default}`" if default else ""), Markup(flag.help)])
    return markdown_table(["flag", "default", "meaning"], rows)


if __name__ == "__main__":
    sys.exit(run_command(main))
