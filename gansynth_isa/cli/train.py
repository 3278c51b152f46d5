"""Trains the progressive GAN on labelled recordings; the same command again continues where it stopped.

Needs --data_dir. Writes to --train_root_dir: experiment.json, stage_*/ with checkpoints, metrics.jsonl,
samples/*.png, log.txt and TensorBoard events. --dry_run prints the plan and what recordings there are, and
stops. Ctrl-C and SIGTERM save first. --init_from starts from the weights of another run, of this project or
of the original GANSynth.
"""

from collections.abc import Sequence

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_sides, resolved_gan, show_recordings, warn_of_letters
from gansynth_isa.cli.runtime import Session, leave, quiet_session, run_command


def main(argv: Sequence[str]) -> int:
    """Parses the command line and trains."""
    options = parse_options(argv, __doc__, shown=flags_of("train"))
    with quiet_session() as session:
        return train(options, session)


def train(options: Options, session: Session) -> int:
    """Prints the plan, loads the recordings and trains the GAN to its end."""
    from gansynth_isa.generators.gansynth.stages import stage_plan
    from gansynth_isa.generators.gansynth.training.sharing import check_shares
    from gansynth_isa.runs.replicas import make_replicas

    console = session.console
    # Before all else: workers must know of each other when TensorFlow starts.
    strategy = "none" if options.command.dry_run else options.command.strategy
    replicas = make_replicas(strategy, console.line)
    config = resolved_gan(options)
    stages = stage_plan(config.training, config.network)
    _print_plan(config, stages, console.line)
    if options.command.dry_run:
        show_recordings(config.data, console)
        return 0
    check_shares(stages, config.training.minibatch_groups or replicas.num_replicas, replicas.num_replicas)
    clips, _, _ = load_sides(config.data, config.features, console, options.command.feature_cache_dir)
    warn_of_letters(clips.class_names, console)

    from gansynth_isa.generators.gansynth.training.run import train_gan

    train_gan(
        config,
        clips,
        options.train_root_dir(),
        console,
        open_log=session.open_log,
        init_from=options.command.init_from,
        replicas=replicas,
    )
    return 0


def _print_plan(config, stages, print_line) -> None:
    from gansynth_isa.generators.gansynth.cost import cost_line
    from gansynth_isa.generators.gansynth.stages import plan_table, total_warning

    print_line(plan_table(stages, config.network))
    print_line(cost_line(stages, config.network))
    warning = total_warning(config.training, config.network)
    if warning:
        print_line(warning)


def run() -> None:
    """Entry point of the console script."""
    leave(run_command(main, continues=True))


if __name__ == "__main__":
    run()
