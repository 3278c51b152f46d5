"""Measures what is lost when clips of recordings become features and are made audible again, or latents and clips.

Usage: scripts/round_trip --flagfile=bulk_material --data_dir=RECORDINGS [--train_root_dir=GENERATOR]

Prints the spectral convergence (0: the same magnitudes, 1: as far off as silence) of up to 40 clips, spread evenly over
the recordings, for every data type; those with mel bands also with as many bands as the spectrum has bins.

With the folder of a trained generator that draws latents (diffusion) it measures the ceiling of its clips instead: what
a classifier learns of held-out clips that went through the latents and back, over what it learns of the same clips as
they were. --instrument_trials classifiers of each, and --output_dir for the numbers as ceiling.json.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_sides, resolved_features
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.config import FeatureConfig
from gansynth_isa.config.identity import setting_values
from gansynth_isa.errors import InputError
from gansynth_isa.files import write_json
from gansynth_isa.validation import Decides, known

if TYPE_CHECKING:
    import numpy as np

    from gansynth_isa.generators.base import Provenance

MAX_CLIPS = 40


def main(argv: Sequence[str]) -> int:
    """Parses the command line and measures."""
    options = parse_options(argv, __doc__)
    with quiet_session() as session:
        return (measure_generator if options.command.train_root_dir else measure)(options, session)


def measure(options: Options, session: Session) -> int:
    """Prints a row for every kind of features."""
    console = session.console
    data, features = resolved_features(options)
    import numpy as np

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


def measure_generator(options: Options, session: Session) -> int:
    """Prints the ceiling of a generator."""
    console = session.console
    data, features = resolved_features(options)
    from gansynth_isa.evaluation.ceiling import measure_ceiling
    from gansynth_isa.evaluation.held_out import held_out_clips
    from gansynth_isa.evaluation.instruments.measuring import DEFAULT_TRIALS
    from gansynth_isa.generators.generation import load_generator
    from gansynth_isa.generators.provenance import check_unseen

    trained = load_generator(options.train_root_dir(), console.line)
    _check_features(trained.provenance, features)
    held_out = held_out_clips(*load_sides(data, features, console, options.command.feature_cache_dir))
    if trained.returned_clips(held_out.spectrograms[:0]) is None:
        raise InputError(
            f"train_root_dir: the kind {trained.provenance.kind} has no latents that clips could go through"
        )
    check_unseen(trained.provenance.recordings["files"], held_out)
    trials = options.grid.instrument_trials or DEFAULT_TRIALS

    def returned(clips: np.ndarray) -> np.ndarray:
        return known(trained.returned_clips(clips))

    with console.progress(4 * trials, "classifiers of clips that came back and of the same clips") as progress:
        ceiling = measure_ceiling(held_out, returned, options.classifier, trials, progress.update)
    console.line(ceiling.text())
    if options.command.output_dir:
        write_json(Path(options.command.output_dir) / "ceiling.json", ceiling.to_dict())
    return 0


def _check_features(origin: Provenance, features: FeatureConfig) -> None:
    wanted, got = (setting_values(one, Decides.CLIPS) for one in (origin.features, features))
    for name, value in wanted.items():
        if got[name] != value:
            raise InputError(f"{name}: expected {value} as the generator was trained with, got {got[name]}")


def run() -> None:
    """Entry point of scripts/round_trip."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
