"""Gathers the experiments of many draws and prints what each method gains over a control, paired by draw.

Usage: scripts/judge runs the experiments; this module reads them:
python -m gansynth_isa.cli.judge --work_dir=WORK --output_dir=DIR [--control=augmented]

The rows of the experiments in WORK/SET/DRAW go to judging.jsonl in DIR, in short, and the table to judging.md.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.cli.flag_parsing import define_flags, help_text, parse_command_line
from gansynth_isa.cli.runtime import quiet_session, run_command
from gansynth_isa.errors import InputError
from gansynth_isa.files import replace_file, writing
from gansynth_isa.validation import Decides, Validated, setting

ROWS_FILE = "judging.jsonl"
TABLE_FILE = "judging.md"


@dataclass(frozen=True)
class JudgeConfig(Validated):
    """Which experiments, and against what."""

    work_dir: str | None = setting(None, "folder of the experiments, SET/DRAW", Decides.PLACE)
    output_dir: str | None = setting(None, "folder for judging.jsonl and judging.md", Decides.PLACE)
    control: str = setting("augmented", "method that all others are compared with", Decides.OUTPUT)


def main(argv: Sequence[str]) -> int:
    """Gathers and prints."""
    values = define_flags([JudgeConfig])
    given = parse_command_line(values, argv)
    if given.pop("help", False):
        print(help_text(values, [JudgeConfig], "python -m gansynth_isa.cli.judge", __doc__))
        return 0
    given.pop("flagfile", None)
    config = JudgeConfig(**given)
    with quiet_session() as session:
        return judge(config, session.console.line)


def judge(config: JudgeConfig, print_line: Callable[[str], None]) -> int:
    """Writes rows and table."""
    from gansynth_isa.checks.judging.gains import arm_of
    from gansynth_isa.checks.judging.rows import collect_rows
    from gansynth_isa.checks.judging.table import judging_table

    if config.work_dir is None or config.output_dir is None:
        raise InputError(f"{'work_dir' if config.work_dir is None else 'output_dir'}: expected a folder, got nothing")
    rows = collect_rows(Path(config.work_dir))
    arms = sorted({arm_of(row) for row in rows})
    if config.control not in arms:
        raise InputError(f"control: expected one of {', '.join(arms)}, got {config.control!r}")
    table, folder = judging_table(rows, config.control), Path(config.output_dir)
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / ROWS_FILE, lambda file: file.write(text.encode()))
        replace_file(folder / TABLE_FILE, lambda file: file.write(f"{table}\n".encode()))
    print_line(table)
    return 0


def run() -> None:
    """Entry point of the module."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
