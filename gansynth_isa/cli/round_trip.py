"""Measures what is lost when clips of recordings become features and are made audible again.

Usage: scripts/round_trip --flagfile=bulk_material --data_dir=RECORDINGS

Prints the spectral convergence (0: the same magnitudes, 1: as far off as silence) of up to 40 clips, spread evenly over
the recordings, for every data type; those with mel bands also with as many bands as the spectrum has bins.
"""

import sys
from collections.abc import Sequence

import numpy as np

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import resolved_features
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.errors import InputError

MAX_CLIPS = 40


def main(argv: Sequence[str]) -> int:
    """Parses the command line and measures."""
    options = parse_options(argv, __doc__)
    with quiet_session() as session:
        return measure(options, session)


def measure(options: Options, session: Session) -> int:
    """Prints a row for every kind of features."""
    console = session.console
    data, features = resolved_features(options)
    from gansynth_isa.data.clip_sets.clip_reader import ClipReader
    from gansynth_isa.data.recordings.finding import find_recordings
    from gansynth_isa.evaluation.round_trip import TABLE_HEAD, kinds_of_features, round_trip

    heard = [clip for clip in ClipReader(data, find_recordings(data).recordings).waveforms() if clip.any()]
    if not heard:
        raise InputError(f"data_dir: expected clips that are not silent in {data.data_dir}, found none")
    chosen = np.linspace(0, len(heard) - 1, min(MAX_CLIPS, len(heard))).round().astype(int)
    clips = np.stack([heard[index] for index in chosen])
    console.line(f"{len(clips)} of {len(heard)} clips of {data.clip_seconds:g} s\n{TABLE_HEAD}")
    for kind in kinds_of_features(features):
        console.line(round_trip(clips, kind, data.sample_rate).text())
    return 0


def run() -> None:
    """Entry point of scripts/round_trip."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
