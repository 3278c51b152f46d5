"""Kills a training with SIGKILL at random moments and compares its end, bit for bit, with one never stopped.

Usage: scripts/crash_test [--kills=25] [--seed=0] [--mixed_precision=float32] [--generator=gansynth] [--work_dir=DIR].
Needs no recordings: it simulates some. Prints a line per kill and exits 1 if anything but times and rates differs.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.cli.flag_parsing import define_flags, help_text, parse_command_line
from gansynth_isa.cli.runtime import EXIT_INTERNAL_FAILURE, quiet_session, run_command
from gansynth_isa.errors import InputError
from gansynth_isa.generators.registry import DEFAULT_KIND, kind_named, kinds
from gansynth_isa.validation import Decides, Validated, setting


@dataclass(frozen=True)
class CrashTestConfig(Validated):
    """How often and where."""

    kills: int = setting(25, "number of kills", Decides.OUTPUT, minimum=1)
    seed: int = setting(0, "seed of the moments", Decides.OUTPUT, minimum=0)
    stage_images: int = setting(
        4_000, "images per stage; gansynth has three, diffusion two", Decides.OUTPUT, minimum=160
    )
    mixed_precision: str = setting(
        "float32", "number format of the convolutions", Decides.OUTPUT, choices=("float32", "bfloat16")
    )
    generator: str = setting(DEFAULT_KIND, "kind of generator to train, one that saves checkpoints", Decides.OUTPUT)
    work_dir: str | None = setting(None, "new folder that keeps the runs; default: a temporary one", Decides.PLACE)

    def check(self) -> None:
        kind_named(self.generator)
        saving = [name for name, kind in kinds().items() if kind.saves_checkpoints]
        if self.generator not in saving:
            raise InputError(
                f"generator: expected a kind that saves checkpoints ({', '.join(saving)}), got {self.generator}"
            )
        if self.mixed_precision != "float32" and self.generator != DEFAULT_KIND:
            raise InputError(
                f"mixed_precision: expected float32 for {self.generator}, which has no other, got "
                f"{self.mixed_precision}"
            )


def main(argv: Sequence[str]) -> int:
    """Runs the battery that the command line asks for."""
    values = define_flags([CrashTestConfig])
    given = parse_command_line(values, argv)
    if given.pop("help", False):
        print(help_text(values, [CrashTestConfig], "scripts/crash_test", __doc__))
        return 0
    given.pop("flagfile", None)
    config = CrashTestConfig(**given)
    with quiet_session() as session, tempfile.TemporaryDirectory() as temporary:
        return crash_test(config, Path(config.work_dir or temporary), session.console.line)


def crash_test(config: CrashTestConfig, work_dir: Path, print_line: Callable[[str], None]) -> int:
    """Simulates recordings, runs the battery and prints its outcome."""
    from gansynth_isa.checks.crash_battery import CrashBattery
    from gansynth_isa.checks.tiny_training import tiny_training
    from gansynth_isa.data.simulation.writer import simulate_balls

    if config.work_dir and work_dir.exists() and any(work_dir.iterdir()):
        raise InputError(f"work_dir: expected a new folder, got {work_dir}, which is not empty")
    simulate_balls(work_dir / "recordings", train_files_per_class=5, test_files=6)
    command = tiny_training(work_dir / "recordings", config.stage_images, config.mixed_precision, config.generator)
    battery = CrashBattery(command, work_dir, print_line)
    differences = battery.run(config.kills, config.seed)
    for line in differences:
        print_line(f"DIFFERENT: {line}")
    verdict = "the end DIFFERS from" if differences else "the end equals, bit for bit, that of"
    print_line(f"{battery.num_kills} of {config.kills} kills; {verdict} the run that was never stopped")
    return EXIT_INTERNAL_FAILURE if differences or battery.num_kills < config.kills else 0


if __name__ == "__main__":
    sys.exit(run_command(main))
