"""gansynth_isa_classify --method=auto: what is trained follows from a choice."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gansynth_isa.choosing.candidates import candidates_of, kinds_of
from gansynth_isa.cli.options import Options
from gansynth_isa.cli.resolution import load_sides, require_test_side, resolved_generator
from gansynth_isa.cli.runtime import Session
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.errors import Interrupted
from gansynth_isa.generators.base import TrainingData

if TYPE_CHECKING:
    from pathlib import Path

    from gansynth_isa.choosing.choice import Plan
    from gansynth_isa.choosing.supply import Supply
    from gansynth_isa.data.clip_sets.clip_set import ClipSet


def classify_by_choice(
    options: Options, data: DataConfig, features: FeatureConfig, output_dir: Path, session: Session
) -> dict | None:
    """Chooses, trains and writes a classifier.

    Returns:
      Its result; None where nothing was trained, because it was only planned, or is there already.

    Raises:
      InputError: candidates that do not exist, or recordings or a folder that cannot be used.
    """
    kinds = kinds_of(candidates_of(options.classifier))
    generators = {name: resolved_generator(options, name, data, features) for name in kinds}
    train, _, test = load_sides(data, features, session.console, options.command.feature_cache_dir)
    require_test_side(test, data)
    from gansynth_isa.choosing.choice import plan_choice
    from gansynth_isa.choosing.folder import is_chosen
    from gansynth_isa.choosing.supply import Supply

    training = TrainingData(train, data, features)
    supply = Supply(training, generators, options.grid.samples_per_class, options.seeds.seed)
    plan = plan_choice(options.classifier, supply)
    session.console.line(plan.text())
    if options.command.dry_run:
        return None
    if is_chosen(output_dir, plan, supply, test):
        session.console.line(f"{output_dir}: finished, nothing to do")
        return None
    return _train(plan, supply, test, output_dir, session)


def _train(plan: Plan, supply: Supply, test: ClipSet, output_dir: Path, session: Session) -> dict:
    from gansynth_isa.choosing.folder import train_in_folder
    from gansynth_isa.runs.folder_lock import locked

    with _telling_what_is_kept(), locked(output_dir):
        session.open_log(output_dir / "log.txt")
        with session.console.progress(plan.total_steps, "auto", in_lines=True) as progress:
            trained = train_in_folder(output_dir, plan, supply, test, session.console, lambda *_: progress.update())
    return {**trained.result, "num_test_files": len(set(test.recordings))}


@contextlib.contextmanager
def _telling_what_is_kept() -> Iterator[None]:
    """Says when it is interrupted that the same command again need not begin anew."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise Interrupted(
            getattr(error, "signum", signal.SIGINT),
            f"{str(error) or 'stopped by SIGINT'}; the same command goes on: it keeps the generators that are trained, "
            "and compares anew",
        ) from error
