"""Measures synthetic against real clips of any kind of generator: how useful they are, and what they lack.

Needs --data_dir and --synthetic_dir; with --output_dir the numbers are also written to evaluation.json, and pictures of
synthetic beside real clips to neighbours.png, mean_spectra.png and distributions.png. docs/evaluation.md says what
each number means.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import (
    check_synthetic_dir,
    load_sides,
    resolved_features,
    tell_source,
    warn_of_letters,
)
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError, printable
from gansynth_isa.files import write_json

if TYPE_CHECKING:
    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips

    Sides = tuple[ClipSet, ClipSet, ClipSet]  # the clips that the generator saw, the whole training side, the test side


def main(argv: Sequence[str]) -> int:
    """Parses the command line and measures."""
    options = parse_options(argv, __doc__, shown=flags_of("evaluate"))
    with quiet_session() as session:
        return evaluate(options, session)


def evaluate(options: Options, session: Session) -> int:
    """Prints the measures of `evaluation.measures` for one folder of synthetic clips."""
    console = session.console
    synthetic_dir = check_synthetic_dir(options.required_dir("synthetic_dir", "the folder of synthetic clips"))
    data, features = resolved_features(options)
    synthetic = _read(synthetic_dir)
    if options.command.dry_run:
        console.line(
            f"would measure {len(synthetic):,} synthetic clips of {', '.join(map(printable, synthetic.class_names))}"
        )
        return 0
    sides = load_sides(data, features, console, options.command.feature_cache_dir)
    from gansynth_isa.generators.provenance import check_synthetic

    synthetic = check_synthetic(synthetic, sides[0], sides[2], data, features)
    tell_source(synthetic, console)
    from gansynth_isa.evaluation.held_out import seen_clips

    sides = (seen_clips(sides[0], sides[1], synthetic), *sides[1:])
    values = {
        **synthetic.import_note(),
        **_measures(options, console, sides, synthetic),
        **_instruments(options, console, sides, synthetic),
    }
    if options.command.output_dir:
        folder = Path(options.command.output_dir)
        write_json(folder / "evaluation.json", values)
        _draw(folder, sides, synthetic, data, features)
        warn_of_letters(sides[0].class_names, console)
    return 0


def _read(synthetic_dir: Path) -> SyntheticClips:
    """The synthetic clips; those without a spread are refused before recordings are read."""
    from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic

    synthetic = read_synthetic(synthetic_dir)
    if max(Counter(synthetic.labels.tolist()).values(), default=0) < 2:
        raise InputError(
            "synthetic_dir: expected two clips of a class at least, whose spread can be measured, got "
            f"{len(synthetic)} of {len(synthetic.class_names)} classes"
        )
    return synthetic


def _draw(folder: Path, sides: Sides, synthetic: SyntheticClips, data: DataConfig, features: FeatureConfig) -> None:
    from gansynth_isa.evaluation.held_out import held_out_clips
    from gansynth_isa.evaluation.pictures.files import write_pictures

    write_pictures(folder, sides[0], held_out_clips(*sides), sides[1], synthetic, data, features)


def _measures(options: Options, console: Console, sides: Sides, synthetic: SyntheticClips) -> dict:
    """The measures of `evaluation.measures`, printed; they need a classifier of all real training clips."""
    from gansynth_isa.classifiers.budget import num_steps
    from gansynth_isa.classifiers.training import train_classifier
    from gansynth_isa.evaluation.measures import measure_clips

    subset, train, test = sides
    judge_config = options.classifier.judging()
    with console.progress(num_steps(judge_config, len(train)), "classifier on all real clips") as progress:
        judge = train_classifier(judge_config, train, test, None, on_step=lambda *_: progress.update())
    try:
        measures = measure_clips(judge, train, subset, synthetic)
    except ValueError as error:
        raise InputError(f"synthetic_dir: cannot be measured: {error}") from error
    console.line(measures.text())
    return measures.to_dict()


def _instruments(options: Options, console: Console, sides: Sides, synthetic: SyntheticClips) -> dict:
    """The instruments of `evaluation.instruments`, printed."""
    from gansynth_isa.evaluation.held_out import held_out_clips
    from gansynth_isa.evaluation.instruments.measuring import DEFAULT_TRIALS, measure_instruments

    trials = options.grid.instrument_trials
    trials = DEFAULT_TRIALS if trials is None else trials
    with console.progress(2 * trials, "classifiers of synthetic and of real clips") as progress:
        instruments = measure_instruments(
            sides[0], held_out_clips(*sides), synthetic, options.classifier, trials, progress.update, real=sides[1]
        )
    console.line(instruments.text())
    return {"instruments": instruments.to_dict()}


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
