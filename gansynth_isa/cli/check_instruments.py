"""Checks the instruments of gansynth_isa_evaluate on clips whose faults are known.

Usage: scripts/check_instruments --output_dir=DIR

Simulates rolling balls, 720 training recordings of each class and a test side (--seed says which). Half of the training
recordings stand for what a generator saw. In place of a generator's clips the instruments are given copies of these,
noise, the mean of each class, and the other half. Prints every reading that is bounded, and writes them to
check_instruments.json in DIR; exits 1 when a reading lies outside its bounds. --trials classifiers each.
"""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_all
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.derived import resolve_features
from gansynth_isa.files import write_json

RESULTS_FILE = "check_instruments.json"


def main(argv: Sequence[str]) -> int:
    """Parses the command line and checks."""
    options = parse_options(argv, __doc__)
    with quiet_session() as session:
        return check_instruments(options, session)


def check_instruments(options: Options, session: Session) -> int:
    """Prints and writes all readings; returns 1 if one is wrong."""
    output_dir = options.required_dir("output_dir", f"the folder to write recordings and {RESULTS_FILE} to")
    console = session.console
    seen, others, test = _clips(options, session, output_dir)

    from gansynth_isa.checks.instruments.pretenders import PRETENDERS, REAL, pretended_clips
    from gansynth_isa.checks.instruments.verdicts import verdicts
    from gansynth_isa.evaluation.instruments.measuring import Reference

    reference = Reference(seen, test, options.classifier, options.grid.trials)
    rows, num_wrong = {}, 0
    for name in (*PRETENDERS, REAL):
        instruments = reference.measure(pretended_clips(name, seen, others, options.seeds.seed))
        found = verdicts(name, instruments)
        num_wrong += sum(not verdict.is_right for verdict in found)
        rows[name] = {
            "readings": {verdict.instrument: verdict.reading for verdict in found},
            "instruments": instruments.to_dict(),
        }
        console.line("\n".join(verdict.text() for verdict in found))
        write_json(output_dir / RESULTS_FILE, rows)
    console.line(f"{num_wrong} readings are wrong" if num_wrong else "all readings are right")
    return min(num_wrong, 1)


def _clips(options: Options, session: Session, output_dir: Path) -> tuple:
    """(seen, other, test) clips of simulated balls."""
    from gansynth_isa.checks.instruments.pretenders import halves
    from gansynth_isa.checks.instruments.thresholds import CLIPS_PER_CLASS
    from gansynth_isa.data.clip_sets.loading import resolve_clip_seconds
    from gansynth_isa.data.clip_sets.subset import split_sides
    from gansynth_isa.data.simulation.writer import simulate_balls

    recordings = output_dir / "recordings"
    num_files = simulate_balls(recordings, 2 * CLIPS_PER_CLASS, seed=options.seeds.seed)
    session.console.line(f"{recordings}: {num_files} simulated recordings")
    data = resolve_clip_seconds(dataclasses.replace(options.data, data_dir=str(recordings)))
    features = resolve_features(data, options.features)
    train, test = split_sides(load_all(data, features, session.console, str(output_dir / "features")), ())
    return (*halves(train, CLIPS_PER_CLASS), test)


def run() -> None:
    """Entry point of scripts/check_instruments."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
