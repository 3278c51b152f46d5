"""Writes labelled synthetic clips with a trained generator; needs no recordings.

Needs --train_root_dir, a training of this project or of the original GANSynth, and --output_dir; --samples_per_class
and --classes say how many of what, --seed which. --wav makes them audible too.
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
    from gansynth_isa.generators.generation import class_names_in, load_generator, write_clips

    classes = options.command.classes or class_names_in(train_root_dir)
    num_clips = options.grid.samples_per_class * len(classes)
    if options.command.dry_run:
        session.console.line(f"would write {num_clips:,} clips of {', '.join(map(printable, classes))} to {output_dir}")
        return 0
    trained = load_generator(train_root_dir, session.console.line)
    with session.console.progress(num_clips, "generating") as progress:
        write_clips(
            trained,
            output_dir,
            options.grid.samples_per_class,
            classes,
            options.seeds.seed,
            on_progress=progress.update,
            wav=options.command.wav,
        )
    session.console.line(f"{output_dir}: {num_clips:,} synthetic clips of {', '.join(map(printable, classes))}")
    return 0


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
