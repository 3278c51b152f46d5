"""Runs a grid of scarcity levels, methods, folds, GANs and trials; the same command again continues.

Needs --data_dir and --output_dir. Writes experiment.json, results.jsonl (one line per trained classifier),
gans.jsonl, gans/ and synthetic/. gansynth_isa_report makes the tables and the figure.
"""

import sys
from collections.abc import Sequence

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_all, resolved_gan
from gansynth_isa.cli.runtime import EXIT_INTERNAL_FAILURE, Session, quiet_session, run_command


def main(argv: Sequence[str]) -> int:
    """Parses the command line and runs the grid."""
    options = parse_options(argv, __doc__)
    with quiet_session() as session:
        return experiment(options, session)


def experiment(options: Options, session: Session) -> int:
    """Prints the plan of a GAN and the grid, then runs what is not finished."""
    from gansynth_isa.training.stages import plan_table, stage_plan

    console, grid = session.console, options.grid
    output_dir = options.required_dir("output_dir", "the folder to write the experiment to")
    gan = resolved_gan(options)
    console.line(plan_table(stage_plan(gan.training, gan.network), gan.network))
    console.line(
        f"levels {', '.join(map(str, grid.levels))}; methods {', '.join(grid.methods)}; folds {grid.folds}; "
        f"subset seeds {', '.join(map(str, grid.subset_seeds))}; {grid.gan_repeats} GANs per subset; "
        f"{grid.trials} trials; {grid.samples_per_class} synthetic clips per class"
    )
    if options.command.dry_run:
        return 0
    from gansynth_isa.experiments.experiment import ExperimentConfig
    from gansynth_isa.experiments.runner import check_experiment, run_experiment
    from gansynth_isa.training.folder_lock import locked

    config = ExperimentConfig(gan=gan, classifier=options.classifier, grid=grid)
    clips = load_all(gan.data, gan.features, console, options.command.feature_cache_dir)
    folds = check_experiment(config, clips, output_dir)
    with locked(output_dir):
        session.open_log(output_dir / "log.txt")
        num_failed = run_experiment(config, folds, output_dir, console)
    return EXIT_INTERNAL_FAILURE if num_failed else 0


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main, continues=True))


if __name__ == "__main__":
    run()
