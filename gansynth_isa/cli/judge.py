"""Gathers the experiments of many draws and prints what each method gains over a control, paired by draw.

Usage: scripts/judge runs the experiments; this module reads them:
python -m gansynth_isa.cli.judge --work_dir=WORK --output_dir=DIR [--control=augmented]

The rows of the experiments in WORK/SET/DRAW go to judging.jsonl in DIR, in short, and the table to judging.md. Those of
the experiments in WORK/SET/DRAW/CLASS, in which that class is scarce, go to judging_scarce.jsonl and judging_scarce.md.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.cli.flag_parsing import define_flags, help_text, parse_command_line
from gansynth_isa.cli.runtime import quiet_session, run_command
from gansynth_isa.errors import InputError
from gansynth_isa.files import replace_file
from gansynth_isa.validation import Decides, Validated, setting

ALL_CLASSES, SCARCE_CLASS = "judging", "judging_scarce"  # names of the files, without their ending


@dataclass(frozen=True)
class JudgeConfig(Validated):
    """Which experiments, and against what."""

    work_dir: str | None = setting(None, "folder of the experiments, SET/DRAW and SET/DRAW/CLASS", Decides.PLACE)
    output_dir: str | None = setting(None, "folder for rows and tables", Decides.PLACE)
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
    """Writes rows and tables."""
    from gansynth_isa.checks.judging.rows import collect_rows, collect_scarce_rows
    from gansynth_isa.checks.judging.scarce import scarce_table
    from gansynth_isa.checks.judging.table import judging_table

    if config.work_dir is None or config.output_dir is None:
        raise InputError(f"{'work_dir' if config.work_dir is None else 'output_dir'}: expected a folder, got nothing")
    work_dir, output_dir = Path(config.work_dir), Path(config.output_dir)
    found = [
        (ALL_CLASSES, collect_rows(work_dir), judging_table),
        (SCARCE_CLASS, collect_scarce_rows(work_dir), scarce_table),
    ]
    if not any(rows for _, rows, _ in found):
        raise InputError(f"work_dir: expected experiments in {work_dir}/SET/DRAW or SET/DRAW/CLASS, found none")
    for name, rows, table_of in found:
        if rows:
            _check_control(config.control, rows)
            table = table_of(rows, config.control)
            _write(output_dir, name, rows, table)
            print_line(table)
    return 0


def _check_control(control: str, rows: Sequence[Mapping]) -> None:
    from gansynth_isa.checks.judging.gains import arm_of

    arms = sorted({arm_of(row) for row in rows})
    if control not in arms:
        raise InputError(f"control: expected one of {', '.join(arms)}, got {control!r}")


def _write(folder: Path, name: str, rows: Sequence[Mapping], table: str) -> None:
    from gansynth_isa.experiments.rows.files import write_rows

    write_rows(folder / f"{name}.jsonl", rows)
    replace_file(folder / f"{name}.md", lambda file: file.write(f"{table}\n".encode()))


def run() -> None:
    """Entry point of the module."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
