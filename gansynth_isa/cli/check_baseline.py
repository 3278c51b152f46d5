"""Chooses the baseline classifier without its test recordings, and compares it with a linear model.

Usage: scripts/check_baseline --flagfile=bulk_material --data_dir=RECORDINGS --levels=4,9 --output_dir=DIR

Nested leave-one-group-out: for each group the settings are chosen on the other groups alone. Prints a row per
group and level, and writes the rows to baseline.jsonl in DIR. --trials random subsets per level.
"""

import sys
from collections.abc import Sequence

import numpy as np

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import resolved_features
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.errors import InputError
from gansynth_isa.files import writing

ROWS_FILE = "baseline.jsonl"


def main(argv: Sequence[str]) -> int:
    """Parses the command line and runs the check."""
    options = parse_options(argv, __doc__)
    with quiet_session() as session:
        return check_baseline(options, session)


def check_baseline(options: Options, session: Session) -> int:
    """Prints and writes the rows, then the means per level."""
    console, grid = session.console, options.grid
    output_dir = options.required_dir("output_dir", "the folder to write baseline.jsonl to")
    if (output_dir / ROWS_FILE).exists():
        raise InputError(f"{output_dir}: holds the {ROWS_FILE} of an earlier check; choose another --output_dir")
    data, features = resolved_features(options)
    choice_level = min(grid.levels)
    console.line(f"settings are chosen at {choice_level} clips per class, one draw for each pair of groups")
    from gansynth_isa.checks.baseline import nested_rows
    from gansynth_isa.data.clip_sets.loading import load_clips
    from gansynth_isa.experiments.rows.files import append_row

    clips = load_clips(data, features, report=console.line)
    with writing(output_dir):
        output_dir.mkdir(parents=True, exist_ok=True)
    rows = []
    for row in nested_rows(clips, grid.levels, choice_level, grid.trials, options.classifier):
        rows.append(row)
        append_row(output_dir / ROWS_FILE, row)
        console.line(
            f"group {row['group']}, {row['level']} clips per class: classifier {np.mean(row['classifier']):.3f}, "
            f"linear {np.mean(row['yardstick']):.3f} (chosen: {row['chosen']})"
        )
    for level in grid.levels:
        means = [np.mean([row[name] for row in rows if row["level"] == level]) for name in ("classifier", "yardstick")]
        console.line(f"{level} clips per class, all groups: classifier {means[0]:.3f}, linear {means[1]:.3f}")
    return 0


def run() -> None:
    """Entry point of scripts/check_baseline."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
