"""Trains a generator on labelled recordings; the same command again continues where it stopped.

Needs --data_dir; --generator names the kind, by default the progressive GAN. Writes to --train_root_dir:
experiment.json and log.txt; the GAN also stage_*/ with checkpoints, metrics.jsonl, samples/*.png and TensorBoard
events. --dry_run prints the plan and what recordings there are, and stops. Ctrl-C and SIGTERM save first.
--init_from starts a GAN from the weights of another run, of this project or of the original GANSynth.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.flag_parsing import given_directly
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import (
    load_sides,
    resolved_features,
    resolved_generator,
    show_recordings,
    warn_of_letters,
)
from gansynth_isa.cli.runtime import Session, leave, quiet_session, run_command
from gansynth_isa.cli.unlabelled import load_others
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainingData
from gansynth_isa.generators.registry import check_kind_of, kind_named

if TYPE_CHECKING:
    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.runs.replicas import Replicas


# Stands before the paths of recordings of that folder: no folder of a class is called so.
UNLABELLED = "<unlabelled>"


def main(argv: Sequence[str]) -> int:
    """Parses the command line and trains."""
    options = parse_options(argv, __doc__, shown=flags_of("train"))
    if "unlabelled_dir" in given_directly(argv) and options.generation.guessed_clips != "folder":
        raise InputError(
            f"unlabelled_dir: expected --guessed_clips=folder beside it, got {options.generation.guessed_clips!r}, "
            "which reads no folder"
        )
    with quiet_session() as session:
        return train(options, session)


def train(options: Options, session: Session) -> int:
    """Prints the plan, loads the recordings and trains the generator to its end."""
    console, kind = session.console, kind_named(options.command.generator)
    _refuse_what_it_cannot(options, kind)
    surroundings = Surroundings(
        console, open_log=session.open_log, init_from=options.generation.init_from, replicas=_replicas(options, console)
    )
    data, features = resolved_features(options)
    if not options.command.dry_run:
        check_kind_of(options.train_root_dir(), kind.name)
    config = resolved_generator(options, kind.name, data, features)
    kind.check(config, surroundings)
    for line in kind.plan(config, features):
        console.line(line)
    if options.generation.guessed_clips != "none":
        console.line(f"learns from unlabelled clips of guessed classes too: {options.generation.guessed_clips}")
    if options.command.dry_run:
        show_recordings(data, console)
        return 0
    clips, whole, test = load_sides(data, features, console, options.command.feature_cache_dir)
    warn_of_letters(clips.class_names, console)
    clips = _with_guesses(options, data, features, (clips, whole, test), console)
    training = TrainingData(clips, data, features)
    from gansynth_isa.generators.training import fit_generator

    fit_generator(kind, config, training, options.seeds.seed, options.train_root_dir(), surroundings)
    return 0


def _with_guesses(
    options: Options,
    data: DataConfig,
    features: FeatureConfig,
    sides: "tuple[ClipSet, ClipSet, ClipSet]",
    console: Console,
) -> "ClipSet":
    """The labelled clips, and the unlabelled ones that the generator learns from too."""
    clips, whole, test = sides
    if options.generation.guessed_clips == "none":
        return clips
    from gansynth_isa.classifiers.guessing import with_guesses

    folder = options.command.unlabelled_dir if options.generation.guessed_clips == "folder" else None
    cache_dir = options.command.feature_cache_dir
    pool = load_others(folder, data, features, console, (clips, whole, test), cache_dir)
    return with_guesses(clips, pool if folder is None else pool.named_in(UNLABELLED), console.line)


def _replicas(options: Options, console: Console) -> "Replicas | None":
    """The devices; before all else, for workers must know of each other when TensorFlow starts."""
    if options.command.dry_run or options.command.strategy == "none":
        return None
    from gansynth_isa.runs.replicas import make_replicas

    return make_replicas(options.command.strategy, console.line)


def _refuse_what_it_cannot(options: Options, kind: GeneratorKind) -> None:
    command, guessed = options.command, options.generation.guessed_clips
    if guessed == "folder" and command.unlabelled_dir is None:
        raise InputError("unlabelled_dir: expected a folder of recordings for --guessed_clips=folder, got nothing")
    if guessed == "folder" and kind.reads_recordings:
        raise InputError(
            f"guessed_clips: expected none or pool for the kind {kind.name}, which reads the recordings of one folder, "
            "got 'folder'"
        )
    if (weights := options.generation.init_from) is not None and not kind.starts_from_weights:
        raise InputError(f"init_from: expected nothing for the kind {kind.name}, got {weights!r}")
    if command.strategy != "none" and not kind.shares_devices:
        raise InputError(f"strategy: expected 'none' for the kind {kind.name}, got {command.strategy!r}")


def run() -> None:
    """Entry point of the console script."""
    leave(run_command(main, continues=True))


if __name__ == "__main__":
    run()
