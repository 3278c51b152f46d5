"""Measures how fast training, generation and features are on this machine, against the machine's own ceiling.

The ceiling is a lone 3x3 convolution, 256 to 256 channels, batch 8 at (8, 256), forward; it is read again
before and after every timed stretch. Useful GFLOP/s are counted from the layer shapes. Writes nothing but
--json=FILE.
"""

import dataclasses
import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gansynth_isa.cli.flag_parsing import define_flags, help_text, parse_command_line
from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.runtime import quiet_session, run_command
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.files import write_json
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.resolution import resolve
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.wavegan.config import ENVGAN, WaveganConfig
from gansynth_isa.validation import Decides, Validated, known, setting

if TYPE_CHECKING:
    from gansynth_isa.checks.benchmark.rows import Row

Result = TypeVar("Result")
WGANS: dict[str, WaveganConfig | SpecganConfig] = {
    "train_wavegan": WaveganConfig(),
    "train_envgan": WaveganConfig(wavegan_architecture=ENVGAN),
    "train_specgan": SpecganConfig(),
}
ENVGAN_CLIP_S = 4.4  # pucks have clips of 5 s, more than it makes at their rate
NAMES = ("train_metal_balls", "train_two_cores", "train_diffusion", *WGANS, "generate", "features")
CASE_MODULES = ("training_case", "diffusion_case", "generation_case", "features_case", "wgan_case")
PRECISIONS = ("float32", "bfloat16")
QUICK_BLOCKS = (1,)
STAGES = ("autoencoder", "denoising")  # of latent diffusion


@dataclass(frozen=True)
class BenchmarkConfig(Validated):
    """What to measure and where to write it."""

    json: str | None = setting(None, "file for the rows as a JSON list", Decides.PLACE)
    quick: bool = setting(False, "fewer and shorter cases: under a minute on two idle cores", Decides.OUTPUT)
    names: tuple[str, ...] = setting(NAMES, "which rows to measure", Decides.OUTPUT)
    blocks: tuple[int, ...] = setting((), "numbers of blocks to train with; default: all", Decides.OUTPUT)

    def check(self) -> None:
        for name in self.names:
            if name not in NAMES:
                raise InputError(f"names: expected some of {', '.join(NAMES)}, got {name!r}")


def main(argv: Sequence[str]) -> int:
    """Parses the command line and measures."""
    values = define_flags((BenchmarkConfig,))
    given = parse_command_line(values, argv)
    if given.pop("help", False):
        sys.stdout.write(help_text(values, (BenchmarkConfig,), "scripts/benchmark", __doc__))
        return 0
    config = BenchmarkConfig(**given)
    if config.json and not Path(config.json).resolve().parent.is_dir():
        raise InputError(f"json: expected a file in a folder that exists, got {config.json}")
    with quiet_session() as session:
        rows = []
        for row in _print_rows(config, session.console.line):
            rows.append(row.to_dict())
            if config.json:  # after every row: the full table takes most of an hour
                write_json(Path(config.json), rows)
    return 0


def _print_rows(config: BenchmarkConfig, print_line: Callable[[str], None]) -> Iterator["Row"]:
    from gansynth_isa.checks.benchmark.ceiling import read_ceilings
    from gansynth_isa.checks.benchmark.rows import table_head, table_line

    num_readings = 1 if config.quick else 5
    for precision, gflops in _in_fresh_process(read_ceilings, PRECISIONS, num_readings).items():
        print_line(f"ceiling {precision}: {gflops:.0f} GFLOP/s")
    print_line(table_head())
    for function, *arguments in _cases(config):
        row = _in_fresh_process(function, *arguments)
        print_line(table_line(row))
        yield row


def _in_fresh_process(function: Callable[..., Result], *arguments: Any) -> Result:
    """Calls a function in a process of its own: the allocator keeps memory, and would pass it on to the next case."""
    context = multiprocessing.get_context("forkserver")  # the server imports TensorFlow once
    context.set_forkserver_preload([f"gansynth_isa.checks.benchmark.{module}" for module in CASE_MODULES])
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as process:
        return process.submit(function, *arguments).result()


def _cases(config: BenchmarkConfig) -> Iterator[tuple]:
    """(function, arguments) of every row asked for."""
    from gansynth_isa.checks.benchmark.diffusion_case import diffusion_row
    from gansynth_isa.checks.benchmark.features_case import features_row
    from gansynth_isa.checks.benchmark.generation_case import generation_row
    from gansynth_isa.checks.benchmark.measuring import Effort
    from gansynth_isa.checks.benchmark.training_case import training_row
    from gansynth_isa.checks.benchmark.wgan_case import wgan_row

    effort = Effort(repeats=1, seconds=0.5) if config.quick else Effort(repeats=3, seconds=3.0)
    metal_balls, two_cores = published("mb"), published("mb_two_cores")
    if "features" in config.names:
        yield features_row, "features", metal_balls, effort
    for name, gan in (("train_two_cores", two_cores), ("train_metal_balls", metal_balls)):
        for case in training_cases(gan, config) if name in config.names else ():
            yield training_row, name, gan, *case, effort
    for stage in STAGES if "train_diffusion" in config.names else ():
        features = FeatureConfig(frames=64, mel_bins=128)
        settings = resolved_kind("diffusion", features)
        yield diffusion_row, f"train_{stage}", settings, features, stage, effort
    for name in WGANS:
        if name in config.names:
            yield wgan_row, name, WGANS[name], *clips_of(name), effort
    for precision in PRECISIONS if "generate" in config.names else ():
        yield generation_row, "generate", two_cores if config.quick else metal_balls, precision, effort


def clips_of(name: str) -> tuple[DataConfig, FeatureConfig]:
    """The clips that the row of a critic and a generator is measured on, with nothing left open."""
    if name != "train_envgan":
        gan = published("mb_two_cores")
        return gan.data, gan.features
    gan = published("pucks_two_cores")
    return dataclasses.replace(gan.data, clip_seconds=ENVGAN_CLIP_S), gan.features


def resolved_kind(name: str, features: FeatureConfig) -> Any:
    """The default settings of a kind of generator for such clips."""
    kind = kind_named(name)
    return kind.resolve(kind.config_class(), features)


def training_cases(gan: GanConfig, config: BenchmarkConfig) -> list[tuple[int, bool, str]]:
    """(blocks, growing, precision) of the training rows of one network."""
    most = known(gan.network.num_resolutions)
    blocks = [block for block in range(1, most + 1) if not config.blocks or block in config.blocks]
    if config.quick:
        blocks = [block for block in blocks if block in QUICK_BLOCKS]
    return [
        (block, growing, precision)
        for block in blocks
        for precision in PRECISIONS
        for growing in ((False, True) if block > 1 and not config.quick else (False,))
    ]


def published(name: str) -> GanConfig:
    """The resolved configuration of a published flagfile."""
    options = parse_options(["benchmark", f"--flagfile={name}"], "")
    gan = options.generators["gansynth"]
    return resolve(GanConfig(data=options.data, features=options.features, network=gan.network, training=gan.training))


def run() -> None:
    """Entry point of scripts/benchmark."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
