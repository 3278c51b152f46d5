"""Compares this project's networks, losses and training step with tensors of the original GANSynth.

Usage: scripts/check_reference DIR

Runs every network case `*.npz` of the folder, prints the worst relative error of each group, and exits 1
when one exceeds 1e-3.
"""

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from gansynth_isa.cli.runtime import quiet_session, run_command
from gansynth_isa.errors import InputError

LARGEST_ERROR = 1e-3


def main(argv: Sequence[str]) -> int:
    """Checks the folder that the command line names; returns 1 if an error exceeds LARGEST_ERROR."""
    if "--help" in argv or "-h" in argv:
        print(__doc__)
        return 0
    if len(argv) != 2:
        raise InputError("usage: scripts/check_reference DIR, the folder that holds the reference cases (*.npz)")
    folder = Path(argv[1])
    if not folder.is_dir():
        raise InputError(f"{folder}: expected a folder with reference cases (*.npz)")
    with quiet_session() as session:
        return check_folder(folder, session.console.line)


def check_folder(folder: Path, print_line) -> int:
    """Checks every case in the folder itself; returns 0, or 1 if an error exceeds LARGEST_ERROR.

    Raises:
      InputError: no case in the folder, or one that cannot be read.
    """
    from gansynth_isa.training.reference_check import check_case, load_case

    worst: dict[str, float] = {}
    num_cases = 0
    for path in sorted(folder.glob("*.npz")):
        case = load_case(path)
        if case is None:
            continue
        num_cases += 1
        errors = check_case(*case, name=str(path))
        print_line(f"{path.name}: {_describe(errors)}")
        for group, error in errors.items():
            worst[group] = max(worst.get(group, 0.0), error)
    if not num_cases:
        raise InputError(f"{folder}: expected network cases (*.npz with 'meta' and 'init/...'), found none")
    print_line(f"\nworst relative error over {num_cases} cases (largest allowed: {LARGEST_ERROR:g})")
    for group, error in worst.items():
        print_line(f"  {group:<34} {error:9.2e}{'' if error <= LARGEST_ERROR else '   TOO LARGE'}")
    return 0 if max(worst.values()) <= LARGEST_ERROR else 1


def _describe(errors: dict[str, float]) -> str:
    group = max(errors, key=errors.get)
    return f"worst {errors[group] if math.isfinite(errors[group]) else math.inf:.2e} ({group})"


def run() -> None:
    """Entry point of scripts/check_reference."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
