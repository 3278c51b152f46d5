"""Draws every operation of all augmentation policies at low, middle and high strength.

Usage: scripts/augmentation_sheet --flagfile=building_impacts --data_dir=RECORDINGS --picture=FILE

On one clip of the recordings, standardised as for a classifier of all of them; --seed chooses it, and the clip of
another class that mixup mixes it with.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_all, resolved_features
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.errors import InputError


def main(argv: Sequence[str]) -> int:
    """Parses the command line and draws."""
    options = parse_options(argv, __doc__)
    with quiet_session() as session:
        return draw(options, session)


def draw(options: Options, session: Session) -> int:
    """Writes the picture and says which clips are in it."""
    path = options.required_dir("picture", "a PNG file to write")
    data, features = resolved_features(options)
    clips = load_all(data, features, session.console, options.command.feature_cache_dir)
    from gansynth_isa.classifiers.augmentation.contact_sheet import write_contact_sheet
    from gansynth_isa.spectral.standardisation import Standardisation

    clip, partner = _chosen(clips.labels, options.seeds.seed)
    standardise = Standardisation.fit(clips.spectrograms)
    shown, mixed_in = standardise(clips.spectrograms[[clip, partner]]).numpy()
    write_contact_sheet(shown, mixed_in, options.seeds.seed, Path(path))
    session.console.line(f"{path}: {clips.recordings[clip]}, mixed with {clips.recordings[partner]}")
    return 0


def _chosen(labels: np.ndarray, seed: int) -> tuple[int, int]:
    """Indices of a random clip and of one of another class."""
    rng = np.random.default_rng(seed)
    clip = int(rng.integers(len(labels)))
    others = np.flatnonzero(labels != labels[clip])
    if not len(others):
        raise InputError("data_dir: expected recordings of two classes, got one")
    return clip, int(rng.choice(others))


def run() -> None:
    """Entry point of scripts/augmentation_sheet."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
