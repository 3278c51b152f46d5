"""Compares this project's numbers with tensors of the original GANSynth.

Usage: scripts/check_reference DIR

Runs every network case `*.npz` of the folder (networks, losses, one training step) and prints the worst relative error
of each group; then, where they are there, the errors of two-channel spectra (`spectral_small_with_phase.npz`) and of
every array of an original checkpoint (`original_checkpoint`). Exits 1 when a relative error exceeds 1e-3, one of
spectra 1e-4 (phases 1e-3), or when an array of the checkpoint differs at all.
"""

import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gansynth_isa.cli.runtime import quiet_session, run_command
from gansynth_isa.errors import InputError
from gansynth_isa.tables import text_line

LARGEST_ERROR = 1e-3
LARGEST_PHASE_ERROR, LARGEST_SPECTRAL_ERROR = 1e-3, 1e-4
GROUP_WIDTH, ARRAY_WIDTH, SHAPE_WIDTH, ERROR_WIDTH = -34, -100, -16, 9  # of columns, see `text_line`
SPECTRA, CHECKPOINT = "spectral_small_with_phase.npz", "original_checkpoint"


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
        checks = (check_folder, check_spectral_file, check_checkpoint_folder)
        return max(check(folder, session.console.line) for check in checks)


def check_folder(folder: Path, print_line: Callable[[str], None]) -> int:
    """Checks every case in the folder itself; returns 0, or 1 if an error exceeds LARGEST_ERROR.

    Raises:
      InputError: no case in the folder, or one that cannot be read.
    """
    from gansynth_isa.checks.reference.networks import check_case, load_case

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
    lines = [_print_error(print_line, {group: GROUP_WIDTH}, error, LARGEST_ERROR) for group, error in worst.items()]
    return max(lines)


def check_spectral_file(folder: Path, print_line: Callable[[str], None]) -> int:
    """Checks two-channel spectra, if the folder holds their arrays; returns as `check_folder` does."""
    from gansynth_isa.checks.reference.networks import load_arrays
    from gansynth_isa.checks.reference.spectra import check_spectra

    if not (folder / SPECTRA).is_file():
        return 0
    print_line(f"\n{SPECTRA}, largest absolute error (logarithms, half turns, full scale)")
    return max(
        _print_error(
            print_line,
            {name: GROUP_WIDTH},
            error,
            LARGEST_PHASE_ERROR if name.endswith("phase") else LARGEST_SPECTRAL_ERROR,
        )
        for name, error in check_spectra(load_arrays(folder / SPECTRA)).items()
    )


def check_checkpoint_folder(folder: Path, print_line: Callable[[str], None]) -> int:
    """Checks every array of an original checkpoint, if the folder holds one; returns as `check_folder` does."""
    from gansynth_isa.checks.reference.checkpoint import check_checkpoint

    if not (folder / CHECKPOINT).is_dir():
        return 0
    print_line(f"\n{CHECKPOINT}, relative error of each array (allowed: none)")
    return max(
        _print_error(print_line, {name: ARRAY_WIDTH, str(shape): SHAPE_WIDTH}, error, 0.0)
        for name, (shape, error) in check_checkpoint(folder / CHECKPOINT).items()
    )


def _print_error(print_line: Callable[[str], None], names: dict[str, int], error: float, largest: float) -> int:
    """Prints an error behind what it is of, text -> width of its column; returns 1 if it exceeds what is allowed."""
    line = text_line([*names, f"{error:.2e}"], [*names.values(), ERROR_WIDTH], gap=" ")
    print_line(f"  {line}{'' if error <= largest else '   TOO LARGE'}")
    return int(not error <= largest)


def _describe(errors: dict[str, float]) -> str:
    group = max(errors, key=lambda name: errors[name])
    return f"worst {errors[group] if math.isfinite(errors[group]) else math.inf:.2e} ({group})"


def run() -> None:
    """Entry point of scripts/check_reference."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
