"""Writes simulated recordings in the layout of the data sets of the paper.

--dataset=mb: metal balls that roll down a slide. --dataset=pucks: plastic pucks that drop onto a track, before
the background of a production line. Needs --data_dir; --files_per_class sets the training files per class (the
test side keeps its size), --seed which recordings they are. The recordings are simulated, and so is every
number that comes from them.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.console import Progress
from gansynth_isa.errors import InputError

if TYPE_CHECKING:
    from gansynth_isa.data.simulation.sets import SimulatedSet


def main(argv: Sequence[str]) -> int:
    """Parses the command line and writes the recordings."""
    options = parse_options(argv, __doc__, shown=flags_of("simulate"))
    with quiet_session() as session:
        return simulate(options, session)


def simulate(options: Options, session: Session) -> int:
    """Writes the training and test recordings below --data_dir."""
    data_dir = options.required_dir("data_dir", "the folder to write recordings to")
    from gansynth_isa.data.simulation.sets import SIMULATED_SETS
    from gansynth_isa.data.simulation.writer import simulate as write_recordings

    dataset = options.data.dataset
    if dataset not in SIMULATED_SETS:
        raise InputError(f"dataset: expected mb, rolling balls, or pucks, dropping pucks; got {dataset!r}")
    files_per_class = options.command.files_per_class or SIMULATED_SETS[dataset].train_files_per_class
    session.console.line(_plan(SIMULATED_SETS[dataset], files_per_class))
    if options.command.dry_run:
        return 0
    with _FileProgress(session) as progress:
        num_files = write_recordings(
            dataset, data_dir, files_per_class, seed=options.seeds.seed, on_progress=progress.show
        )
    session.console.line(f"{data_dir}: {num_files} simulated recordings")
    return 0


def _plan(simulated: "SimulatedSet", files_per_class: int) -> str:
    """What will be written, in a line."""
    num_files = files_per_class * len(simulated.class_names) + simulated.test_files
    return (
        f"{files_per_class} training files of each class ({', '.join(simulated.class_names)}) and "
        f"{simulated.test_files} test files of {simulated.duration_s:g} s: "
        f"{num_files * simulated.duration_s / 60:.1f} minutes of simulated sound"
    )


class _FileProgress:
    """A bar that opens when the number of files is known."""

    def __init__(self, session: Session):
        self._session = session
        self._bar: Progress | None = None

    def show(self, num_done: int, num_files: int) -> None:
        """Moves the bar to `num_done`, one file after the other."""
        if self._bar is None:
            self._bar = self._session.console.progress(num_files, "simulating")
        self._bar.update()

    def __enter__(self) -> "_FileProgress":
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
