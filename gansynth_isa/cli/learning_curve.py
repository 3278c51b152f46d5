"""Prints how accuracy grows with the number of training clips, for the linear yardstick and the classifier.

Needs --data_dir; --levels and --subset_seeds say which subsets of the training side are drawn. Nothing is written
but, with --output_dir, the table as learning_curve.md.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_sides, require_test_side, resolved_features
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.errors import InputError


def main(argv: Sequence[str]) -> int:
    """Parses the command line and prints the curve."""
    options = parse_options(argv, __doc__)
    with quiet_session() as session:
        return print_curve(options, session)


def print_curve(options: Options, session: Session) -> int:
    """Loads the recordings, trains on every subset and prints the table."""
    console, grid = session.console, options.grid
    data, features = resolved_features(options)
    from gansynth_isa.classifiers.budget import budget_text

    num_subsets = len(grid.levels) * len(grid.subset_seeds)
    console.line(f"{num_subsets} subsets, {budget_text(options.classifier)} of the classifier on each")
    if options.command.dry_run:
        return 0
    _, train, test = load_sides(data, features, console, options.command.feature_cache_dir)
    require_test_side(test, data)
    from gansynth_isa.checks.learning_curve import curve_table, learning_curve

    points = []
    with console.progress(num_subsets, "subsets") as progress:
        sides = (train, test, grid.levels, grid.subset_seeds)
        how = (options.classifier, data.clips_per_file, progress.update, data.class_counts)
        for point in learning_curve(*sides, *how):
            points.append(point)
            console.log(curve_table([point]))
    table = curve_table(points)
    console.line(table)
    if options.command.output_dir:
        _write(Path(options.command.output_dir), table)
    return 0


def _write(output_dir: Path, table: str) -> None:
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
        (output_dir / "learning_curve.md").write_text(table + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output_dir}: cannot write there: {error.strerror or error}") from error


def run() -> None:
    """Entry point of scripts/simulator_yardstick."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
