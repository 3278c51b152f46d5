"""Measures synthetic against real clips: class agreement, spread within a class, distance to the nearest real clip.

Needs --data_dir and --synthetic_dir; with --output_dir the numbers are also written to evaluation.json.
"""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_sides, resolved_features
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.errors import InputError, printable
from gansynth_isa.files import write_json


def main(argv: Sequence[str]) -> int:
    """Parses the command line and measures."""
    options = parse_options(argv, __doc__, shown=flags_of("evaluate"))
    with quiet_session() as session:
        return evaluate(options, session)


def evaluate(options: Options, session: Session) -> int:
    """Prints the measures of `evaluation.measures` for one folder of synthetic clips."""
    console = session.console
    synthetic_dir = options.required_dir("synthetic_dir", "the folder of synthetic clips")
    data, features = resolved_features(options)
    from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic

    synthetic = read_synthetic(synthetic_dir)
    if options.command.dry_run:
        console.line(
            f"would measure {len(synthetic):,} synthetic clips of {', '.join(map(printable, synthetic.class_names))}"
        )
        return 0
    subset, train, test = load_sides(data, features, console, options.command.feature_cache_dir)

    from gansynth_isa.classifiers.budget import num_steps
    from gansynth_isa.classifiers.training import train_classifier
    from gansynth_isa.evaluation.measures import measure_clips
    from gansynth_isa.generators.provenance import check_synthetic

    check_synthetic(synthetic, subset, test, data, features)
    judge_config = dataclasses.replace(options.classifier, method=ClassifierConfig.method)
    with console.progress(num_steps(judge_config, len(train)), "classifier on all real clips") as progress:
        judge = train_classifier(judge_config, train, test, None, on_step=lambda *_: progress.update())
    try:
        measures = measure_clips(judge, train, subset, synthetic)
    except ValueError as error:
        raise InputError(f"synthetic_dir: cannot be measured: {error}") from error
    console.line(measures.text())
    if options.command.output_dir:
        write_json(Path(options.command.output_dir) / "evaluation.json", measures.to_dict())
    return 0


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
