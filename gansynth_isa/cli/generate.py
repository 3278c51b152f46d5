"""Writes labelled synthetic clips with a trained generator.

Needs --train_root_dir, a training of this project or of the original GANSynth, and --output_dir; --samples_per_class
and --classes say how many of what, --seed which. --wav makes them audible too. --match_moments corrects mean and
deviation of the clips. --keep keeps those that a judge takes for their class; it reads the recordings that the
generator was trained on (--data_dir; default: where they were). Clips of the same generator and options that
--output_dir holds are replaced; other clips are kept, and the command refused.
"""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_sides
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.config.identity import setting_values
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError, printable
from gansynth_isa.generators.registry import kind_in
from gansynth_isa.validation import Decides

if TYPE_CHECKING:
    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.generators.base import TrainedGenerator


def main(argv: Sequence[str]) -> int:
    """Parses the command line and generates."""
    options = parse_options(argv, __doc__, shown=flags_of("generate"))
    with quiet_session() as session:
        return generate(options, session)


def generate(options: Options, session: Session) -> int:
    """Generates `samples_per_class` clips of every class asked for."""
    train_root_dir = options.train_root_dir()
    output_dir = options.required_dir("output_dir", "the folder to write synthetic clips to")
    kind_in(train_root_dir)  # refuses a folder without a training before TensorFlow is loaded, which takes its time
    from gansynth_isa.generators.generation import load_generator, write_clips
    from gansynth_isa.generators.keeping import make_keeper
    from gansynth_isa.generators.matching import matched

    classes = _classes(options.command.classes, train_root_dir)
    num_clips = options.grid.samples_per_class * len(classes)
    if options.command.dry_run:
        session.console.line(f"would write {num_clips:,} clips of {', '.join(map(printable, classes))} to {output_dir}")
        return 0
    trained = load_generator(train_root_dir, session.console.line)
    clips = _training_clips(options, trained, session.console)
    trained = matched(trained, options.generation.match_moments, clips)
    keeper = make_keeper(options.generation.keep, clips)
    with session.console.progress(num_clips, "generating", in_lines=True) as progress:
        write_clips(
            trained,
            output_dir,
            options.grid.samples_per_class,
            classes,
            options.seeds.seed,
            on_progress=progress.update,
            wav=options.command.wav,
            keeper=keeper,
        )
    session.console.line(f"{output_dir}: {num_clips:,} synthetic clips of {', '.join(map(printable, classes))}")
    return 0


def _classes(asked_for: tuple[str, ...], train_root_dir: Path) -> tuple[str, ...]:
    """The classes to generate: all, where none are asked for.

    Raises:
      InputError: a class that the generator does not know, or one that is named twice.
    """
    from gansynth_isa.generators.base import check_classes
    from gansynth_isa.generators.generation import class_names_in

    known = class_names_in(train_root_dir)
    check_classes(asked_for, known)
    return asked_for or known


def _training_clips(options: Options, trained: "TrainedGenerator", console: Console) -> "ClipSet | None":
    """The clips that the generator was trained on, where they are needed.

    Raises:
      InputError: the generator does not know its recordings, or they are not there, or are others.
    """
    lacks_moments = options.generation.match_moments != "none" and trained.training_moments is None
    if options.generation.keep == "none" and not lacks_moments:
        return None
    from gansynth_isa.generators.provenance import check_training_clips

    if not trained.provenance.recordings["files"]:
        raise InputError("train_root_dir: expected a generator that knows its recordings, but this one does not")
    given = {name: value for name, value in setting_values(options.data, Decides.PLACE).items() if value}
    data = dataclasses.replace(trained.provenance.data, **given)
    if data.data_dir is None:
        raise InputError("data_dir: expected the recordings that the generator was trained on, got nothing")
    clips, _, _ = load_sides(data, trained.provenance.features, console, options.command.feature_cache_dir)
    check_training_clips(trained.provenance, clips)
    return clips


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
