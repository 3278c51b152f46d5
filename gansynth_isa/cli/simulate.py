"""Writes simulated recordings of metal balls that roll down a slide, in the layout of --dataset=mb.

Needs --data_dir; --files_per_class sets the training files per class (the test side keeps its size), --seed
which recordings they are. The recordings are simulated, and so is every number that comes from them.
"""

import sys
from collections.abc import Sequence

from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.errors import InputError


def main(argv: Sequence[str]) -> int:
    """Parses the command line and writes the recordings."""
    options = parse_options(argv, __doc__)
    with quiet_session() as session:
        return simulate(options, session)


def simulate(options: Options, session: Session) -> int:
    """Writes the training and test recordings below --data_dir."""
    data_dir = options.required_dir("data_dir", "the folder to write recordings to")
    if options.data.dataset != "mb":
        raise InputError(f"dataset: expected mb, the rolling balls, for a simulation; got {options.data.dataset!r}")
    if options.command.dry_run:
        return 0
    from gansynth_isa.data.simulation.writer import BALL_TRAIN_FILES_PER_CLASS, simulate_balls

    files_per_class = options.command.files_per_class or BALL_TRAIN_FILES_PER_CLASS
    with _FileProgress(session) as progress:
        num_files = simulate_balls(data_dir, files_per_class, seed=options.training.seed, on_progress=progress.show)
    session.console.line(f"{data_dir}: {num_files} simulated recordings")
    return 0


class _FileProgress:
    """A bar that opens when the number of files is known."""

    def __init__(self, session: Session):
        self._session = session
        self._bar = None

    def show(self, num_done: int, num_files: int) -> None:
        """Moves the bar to `num_done`, one file after the other."""
        if self._bar is None:
            self._bar = self._session.console.progress(num_files, "simulating")
        self._bar.update()

    def __enter__(self) -> "_FileProgress":
        return self

    def __exit__(self, *exception) -> None:
        if self._bar is not None:
            self._bar.close()


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
