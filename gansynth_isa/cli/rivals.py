"""Gathers the experiments of a comparison of generators and learners, measures costs, and writes tables and pictures.

Usage: scripts/rivals runs the experiments; this module reads them:
python -m gansynth_isa.cli.rivals --work_dir=WORK --output_dir=DIR

Rows of the experiments in WORK/rivals/SET/DRAW/FOLDER go to classifiers.jsonl and generators.jsonl in DIR, beside rows
that are there from other machines; the tables go to rivals.md, pictures of clips and sounds to DIR/SET.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.cli.flag_parsing import define_flags, help_text, parse_command_line
from gansynth_isa.cli.runtime import quiet_session, run_command
from gansynth_isa.errors import InputError
from gansynth_isa.files import replace_file, write_json
from gansynth_isa.validation import Decides, Validated, setting

TABLES_FILE = "rivals.md"


@dataclass(frozen=True)
class RivalsConfig(Validated):
    """Which experiments, and where the tables go."""

    work_dir: str | None = setting(None, "folder of the experiments, rivals/SET/DRAW/FOLDER", Decides.PLACE)
    output_dir: str | None = setting(None, "folder for rows, tables, pictures and sounds", Decides.PLACE)
    feature_cache_dir: str | None = setting(None, "folder that keeps computed features", Decides.PLACE)


def main(argv: Sequence[str]) -> int:
    """Measures, gathers and writes."""
    values = define_flags([RivalsConfig])
    given = parse_command_line(values, argv)
    if given.pop("help", False):
        print(help_text(values, [RivalsConfig], "python -m gansynth_isa.cli.rivals", __doc__))
        return 0
    given.pop("flagfile", None)
    config = RivalsConfig(**given)
    with quiet_session() as session:
        return gather(config, session.console.line)


def gather(config: RivalsConfig, print_line: Callable[[str], None]) -> int:
    """Writes rows and tables."""
    from gansynth_isa.checks.rivals.rows import (
        CLASSIFIERS_FILE,
        GENERATORS_FILE,
        classifier_rows,
        generator_rows,
        merged,
    )
    from gansynth_isa.checks.rivals.tables import comparison
    from gansynth_isa.experiments.rows.files import write_rows

    if config.work_dir is None or config.output_dir is None:
        raise InputError(f"{'work_dir' if config.work_dir is None else 'output_dir'}: expected a folder, got nothing")
    work_dir, output_dir = Path(config.work_dir), Path(config.output_dir)
    _measure_costs(work_dir, print_line)
    classifiers = merged(CLASSIFIERS_FILE, output_dir, classifier_rows(work_dir))
    generators = merged(GENERATORS_FILE, output_dir, generator_rows(work_dir))
    if not classifiers:
        raise InputError(f"work_dir: expected experiments in {work_dir}/rivals/SET/DRAW/FOLDER, found none")
    tables = comparison(classifiers, generators)
    write_rows(output_dir / CLASSIFIERS_FILE, classifiers)
    write_rows(output_dir / GENERATORS_FILE, generators)
    _show(work_dir, output_dir, config.feature_cache_dir)
    replace_file(output_dir / TABLES_FILE, lambda file: file.write(f"{tables}\n".encode()))
    print_line(tables)
    return 0


def _measure_costs(work_dir: Path, print_line: Callable[[str], None]) -> None:
    """Of every generator that has none yet; kept in its folder."""
    from gansynth_isa.checks.rivals import cost
    from gansynth_isa.checks.rivals.rows import COST_FILE, generator_dirs

    for generator_dir in generator_dirs(work_dir):
        if not (generator_dir / COST_FILE).exists():
            found = cost.cost_of(generator_dir)
            write_json(generator_dir / COST_FILE, found)
            print_line(f"{generator_dir}: {found}")


def _show(work_dir: Path, output_dir: Path, feature_cache_dir: str | None) -> None:
    """Pictures and sounds of the first draw of each set that has generators here."""
    from gansynth_isa.checks.rivals.rows import FOLDER, generator_dirs
    from gansynth_isa.checks.rivals.showing import show

    by_set: dict[str, dict[str, list[Path]]] = {}
    for path in generator_dirs(work_dir):
        name, draw = path.relative_to(work_dir / FOLDER).parts[:2]
        by_set.setdefault(name, {}).setdefault(draw, []).append(path)
    for name, by_draw in by_set.items():
        show(by_draw[min(by_draw)], output_dir / name, feature_cache_dir)


def run() -> None:
    """Entry point of the module."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
