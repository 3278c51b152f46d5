"""Writes labelled synthetic log-mel clips with a trained GAN; needs no recordings.

Needs --train_root_dir, a run of this project or of the original GANSynth, and --output_dir; --samples_per_class and
--classes say how many of what, --seed which. --wav makes them audible too.
"""

import sys
from collections.abc import Sequence

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.errors import printable


def main(argv: Sequence[str]) -> int:
    """Parses the command line and generates."""
    options = parse_options(argv, __doc__, shown=flags_of("generate"))
    with quiet_session() as session:
        return generate(options, session)


def generate(options: Options, session: Session) -> int:
    """Generates `samples_per_class` clips of every class asked for."""
    train_root_dir = options.train_root_dir()
    output_dir = options.required_dir("output_dir", "the folder to write synthetic clips to")
    from gansynth_isa.generators.gansynth.generation import generate_to_folder
    from gansynth_isa.generators.gansynth.trained_run import read_experiment

    classes = options.command.classes or read_experiment(train_root_dir).class_names
    num_clips = options.grid.samples_per_class * len(classes)
    if options.command.dry_run:
        session.console.line(f"would write {num_clips:,} clips of {', '.join(map(printable, classes))} to {output_dir}")
        return 0
    with session.console.progress(num_clips, "generating") as progress:
        generate_to_folder(
            train_root_dir,
            output_dir,
            options.grid.samples_per_class,
            classes,
            options.training.seed,
            on_progress=progress.update,
            warn=session.console.line,
            wav=options.command.wav,
        )
    session.console.line(f"{output_dir}: {num_clips:,} synthetic clips of {', '.join(map(printable, classes))}")
    return 0


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
