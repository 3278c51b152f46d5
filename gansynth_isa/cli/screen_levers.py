"""Tries changes of the generator one at a time, on development recordings, and writes a row for each.

Usage: scripts/screen_levers [LEVER ...] --flagfile=demo --data_dir=RECORDINGS --output_dir=DIR [--levels=18]

Every lever of the GAN, or those that are named, is tried with all training clips and with each of --levels clips per
class, for each of --subset_seeds and --gan_repeats. The names levers, cheap, rivals, variants and uses stand for whole
groups: the GAN's, kinds that are fitted in seconds, other kinds that are trained, settings of the former, and uses of
their clips.
Rows go to levers.jsonl in DIR, a table of them to levers.md, the trainings to
DIR/runs; started again, it goes on where it stopped. The test side is that of development recordings: the choice of
levers sees it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_sides, require_test_side, resolved_features, resolved_generator
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.generators.registry import DEFAULT_KIND

if TYPE_CHECKING:
    from gansynth_isa.checks.levers.screening import Place, Screening
    from gansynth_isa.config import DataConfig, FeatureConfig
    from gansynth_isa.console import Console

ROWS_FILE = "levers.jsonl"
TABLE_FILE = "levers.md"


def main(argv: Sequence[str]) -> int:
    """Parses the command line and screens."""
    options = parse_options(argv, __doc__, takes_files=True)
    with quiet_session() as session:
        return screen_levers(options, session)


def screen_levers(options: Options, session: Session) -> int:
    """Writes a row for each lever at each place."""
    console = session.console
    output_dir = options.required_dir("output_dir", "the folder to write levers.jsonl to")
    data, features = resolved_features(options)
    from gansynth_isa.checks.levers.catalogue import levers_named
    from gansynth_isa.checks.levers.screening import KEY, screen
    from gansynth_isa.checks.levers.table import levers_table
    from gansynth_isa.experiments.rows.files import append_row, read_rows

    levers, places = levers_named(options.files), _places(options)
    console.line(f"{len(levers)} levers at {len(places)} places: {', '.join(lever.name for lever in levers)}")
    if options.command.dry_run:
        return 0
    screening = _screening(options, data, features, output_dir / "runs", console)
    output_dir.mkdir(parents=True, exist_ok=True)
    done = {tuple(row[name] for name in KEY) for row in read_rows(output_dir / ROWS_FILE)}
    for row in screen(screening, places, levers, done, console):
        append_row(output_dir / ROWS_FILE, row)
    table = levers_table(read_rows(output_dir / ROWS_FILE))
    console.line(table)
    (output_dir / TABLE_FILE).write_text(f"{table}\n", encoding="utf-8")
    return 0


def _places(options: Options) -> list[Place]:
    """Draws of training clips, the whole training side first, and generators on each."""
    from gansynth_isa.checks.levers.screening import Place

    grid = options.grid
    draws: list[tuple[int | None, int]] = [(None, 0)]
    draws += [(level, seed) for level in grid.levels for seed in grid.subset_seeds]
    return [Place(level, seed, gan) for level, seed in draws for gan in range(grid.gan_repeats)]


def _screening(
    options: Options, data: DataConfig, features: FeatureConfig, work_dir: Path, console: Console
) -> Screening:
    """The recordings, and what all levers have in common."""
    from gansynth_isa.checks.levers.screening import Screening
    from gansynth_isa.generators.base import TrainingData

    subset, train, test = load_sides(data, features, console, options.command.feature_cache_dir)
    require_test_side(test, data)
    return Screening(
        train=train,
        test=test,
        training=TrainingData(subset, data, features),
        gansynth=resolved_generator(options, DEFAULT_KIND, data, features),
        classifier=options.classifier,
        samples_per_class=options.grid.samples_per_class,
        trials=options.grid.trials,
        seeds=options.seeds,
        work_dir=work_dir,
    )


def run() -> None:
    """Entry point of scripts/screen_levers."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
