"""Runs a grid of scarcity levels, methods, folds, generators and trials; the same command again continues.

Needs --data_dir and --output_dir. Writes grid.json, results.jsonl (one line per trained classifier),
gans.jsonl, gans/ and synthetic/. gansynth_isa_report makes the tables and the figure.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gansynth_isa.choosing.candidates import candidates_of, kinds_of
from gansynth_isa.classifiers.embedding.settings import with_model
from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.flag_parsing import given_directly
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import (
    check_learner,
    embedding,
    load_all,
    refuse_unused,
    resolved_features,
    resolved_generator,
    show_recordings,
    warn_of_letters,
)
from gansynth_isa.cli.runtime import EXIT_INTERNAL_FAILURE, Session, leave, quiet_session, run_command
from gansynth_isa.config import DataConfig, FeatureConfig, GridConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.generators.registry import DEFAULT_KIND, kind_named

FEWEST_CLIPS = 2  # of a class, so that there is a spread

if TYPE_CHECKING:
    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.experiments.config import ExperimentConfig
    from gansynth_isa.experiments.experiment import OpenExperiment
    from gansynth_isa.experiments.folds import Fold
    from gansynth_isa.experiments.runner import Workers
    from gansynth_isa.generators.base import Provenance


def main(argv: Sequence[str]) -> int:
    """Parses the command line and runs the grid."""
    options = parse_options(argv, __doc__, shown=flags_of("experiment"))
    refuse_unused(options.classifier, options.grid.methods, given_directly(argv))
    _refuse_unused_generation(options, given_directly(argv))
    check_learner(options, options.grid.methods, given_directly(argv))
    with quiet_session() as session:
        return experiment(options, session)


def experiment(options: Options, session: Session) -> int:
    """Prints the plans of the generators and the grid, then runs what is not finished."""
    from gansynth_isa.experiments.config import ExperimentConfig
    from gansynth_isa.experiments.experiment import check_experiment_folder

    console, grid = session.console, options.grid
    _refuse_ignored(options)
    _check_number(grid)
    output_dir = options.required_dir("output_dir", "the folder to write the experiment to")
    check_experiment_folder(output_dir)
    data, features = resolved_features(options)
    classifier = with_model(options.classifier)
    generators = _generators(options, data, features, console)
    for name in _used_kinds(options):
        console.line(f"each {kind_named(name).title}:")
        for line in kind_named(name).plan(generators[name], features):
            console.line(line)
    console.line(_grid_text(options))
    console.line(_size_text(grid))
    if options.command.dry_run:
        show_recordings(data, console)
        return 0
    from gansynth_isa.classifiers.starting import with_starting_weights
    from gansynth_isa.experiments.initial_weights import initial_origin, with_initial_weights

    classifier, origin = with_starting_weights(classifier), initial_origin(options.generation, console.line)
    generation = with_initial_weights(options.generation, origin)
    config = ExperimentConfig(data, features, generators, classifier, grid, options.seeds, generation)
    return _run(config, origin, options, output_dir, session)


def _grid_text(options: Options) -> str:
    from gansynth_isa.classifiers.budget import budget_text
    from gansynth_isa.classifiers.uses import learner_text, use_text

    grid = options.grid
    use = use_text(options.classifier) if grid.needs_generators else ""
    return (
        f"levels {', '.join(map(str, grid.levels))}; methods {', '.join(grid.methods)}; "
        f"generators {', '.join(grid.generators) if grid.needs_generators else 'none'}; folds {grid.folds}; "
        f"subset seeds {', '.join(map(str, grid.subset_seeds))}; "
        f"{_counted(grid.gan_repeats, 'generator')} of a kind per subset; {_counted(grid.trials, 'trial')}; "
        f"{grid.samples_per_class} synthetic clips per class, {options.generation.text()}; "
        f"classifier {options.classifier.classifier}, {budget_text(options.classifier)}; "
        f"augmentation {options.classifier.augmentation}{f'; {use}' if use else ''}{_scarcity(options)}"
        f"{learner_text(options.classifier)}"
    )


def _size_text(grid: GridConfig) -> str:
    """How much is trained, known before the recordings are read, which tell how many folds there are."""
    from gansynth_isa.experiments.trials import ONLY_FOLD, all_trials

    trials = all_trials(grid, (ONLY_FOLD,))
    keys = {trial.generator_key for trial in trials} - {None}
    where = " per fold" if grid.folds == "group" else ""
    own = ", beside those that auto tries" if grid.chooses else ""
    return f"{_counted(len(trials), 'classifier')} and {_counted(len(keys), 'generator')}{where}{own}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _scarcity(options: Options) -> str:
    """What is said of classes of different size, where there are some."""
    counts = options.data.class_counts
    clips = f"; of {', '.join(f'{name} {count}' for name, count in counts.items())} clips" if counts else ""
    return clips + ("; batches balanced by class" if options.classifier.class_balance == "balanced" else "")


def _used_kinds(options: Options) -> tuple[str, ...]:
    """The kinds of generators that some method uses, or may take."""
    candidates = candidates_of(options.classifier) if options.grid.chooses else ()
    in_grid = options.grid.generators if options.grid.needs_generators else ()
    return tuple(dict.fromkeys((*in_grid, *kinds_of(candidates))))


def _generators(options: Options, data: DataConfig, features: FeatureConfig, console: Console) -> dict[str, Any]:
    """Kind -> its settings, of the kinds in the grid and of those that a choice may take.

    Where no method uses their clips a kind may not fit the clips; one that does may be used later in the same folder.
    """
    found, used = {}, _used_kinds(options)
    for name in dict.fromkeys((*options.grid.generators, *used)):
        try:
            found[name] = resolved_generator(options, name, data, features)
        except InputError as error:
            if name in used:
                raise
            console.line(f"{name} is left out, which no method uses: {error}")
    return found


def _run(
    config: ExperimentConfig, origin: Provenance | None, options: Options, output_dir: Path, session: Session
) -> int:
    """Loads the clips, prints the counts of every fold, and trains."""
    from gansynth_isa.data.clip_sets.subset import side_table
    from gansynth_isa.experiments.folds import make_folds
    from gansynth_isa.experiments.initial_weights import check_initial_weights
    from gansynth_isa.experiments.pools import check_sources
    from gansynth_isa.experiments.runner import check_experiment, run_experiment
    from gansynth_isa.runs.folder_lock import locked

    console = session.console
    cache_dir = options.command.feature_cache_dir
    clips = load_all(config.data, config.features, console, cache_dir)
    if embed := embedding(config.classifier, config.data, console, cache_dir):
        clips = embed(clips)
    warn_of_letters(clips.class_names, console)
    planned = make_folds(clips, config.data, config.grid)  # a grid that does not fit leaves no folder behind
    check_initial_weights(config, origin, planned, console)
    for line in check_sources(config, planned):
        console.line(line)
    with locked(output_dir):
        opened, folds = check_experiment(config, clips, output_dir)
        session.open_log(output_dir / "log.txt")
        for fold in folds.values():
            console.line(f"fold {fold.name}\n{side_table(fold.train, fold.test)}")
        num_failed = run_experiment(opened, folds, _workers(options, opened, folds, clips, console), console)
    return EXIT_INTERNAL_FAILURE if num_failed else 0


def _workers(
    options: Options, opened: OpenExperiment, folds: dict[str, Fold], clips: ClipSet, console: Console
) -> Workers:
    """Who does the work, as --jobs and --ray_address say."""
    command = options.command
    if command.ray_address is not None:
        from gansynth_isa.experiments.workers.ray_workers import RayWorkers

        return RayWorkers(opened, clips, console, command.ray_address, command.task_cpus, command.task_gpus)
    if command.jobs > 1:
        from gansynth_isa.experiments.workers.local_workers import LocalWorkers

        return LocalWorkers(opened, clips, console, command.jobs)
    from gansynth_isa.experiments.workers.worker import Worker

    return Worker(opened, folds, console)


def _check_number(grid: GridConfig) -> None:
    """Refuses synthetic clips without a spread, which every generator's clips are measured for."""
    if grid.needs_generators and grid.samples_per_class < FEWEST_CLIPS:
        raise InputError(
            f"samples_per_class: expected at least {FEWEST_CLIPS} for an experiment, which measures the spread of "
            f"synthetic clips, got {grid.samples_per_class}"
        )


def _refuse_ignored(options: Options) -> None:
    """Refuses settings of a single training that the grid would silently pass over."""
    if options.classifier.classifier == EMBEDDING and options.grid.methods != ("baseline",):
        raise InputError(
            "methods: expected baseline alone for --classifier=embedding, which learns from waveforms of recordings, "
            f"got {', '.join(options.grid.methods)}"
        )
    if options.data.clips_per_class is not None:
        raise InputError(f"clips_per_class: expected --levels for an experiment, got {options.data.clips_per_class}")
    if options.data.test_groups and options.grid.folds == "group":
        raise InputError(
            "test_groups: expected none with --folds=group, which leaves out every group in turn, "
            f"got {', '.join(options.data.test_groups)}"
        )
    if options.command.unlabelled_dir is not None:
        raise InputError(
            f"unlabelled_dir: expected --unlabelled=pool for an experiment, got {options.command.unlabelled_dir!r}"
        )
    if options.command.generator != DEFAULT_KIND:
        raise InputError(f"generator: expected --generators for an experiment, got {options.command.generator!r}")
    if options.command.wav:
        raise InputError("wav: expected nothing for an experiment; gansynth_isa_generate makes clips audible")
    if options.command.jobs > 1 and options.command.ray_address is not None:
        raise InputError(f"jobs: expected nothing beside --ray_address, got {options.command.jobs}")
    if options.command.strategy != "none":  # the generators of an experiment train on one device
        raise InputError(f"strategy: expected 'none' for an experiment, got {options.command.strategy!r}")


def _refuse_unused_generation(options: Options, given: Collection[str]) -> None:
    """Refuses what is asked of generators where no method uses their clips; a choice trains generators of its own.

    Unlabelled clips of a folder, too: those of an experiment are what its folds and subsets leave.
    """
    if options.generation.guessed_clips == "folder":
        raise InputError("guessed_clips: expected pool or none for an experiment, got 'folder'")
    if options.grid.needs_generators:
        return
    for item in dataclasses.fields(options.generation):
        if item.name in given and getattr(options.generation, item.name) != item.default:
            raise InputError(
                f"{item.name}: expected a method with clips of --generators, got {', '.join(options.grid.methods)}"
            )


def run() -> None:
    """Entry point of the console script."""
    leave(run_command(main, continues=True))


if __name__ == "__main__":
    run()
