"""What a trained generator costs where it is used: time, memory and bytes."""

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from gansynth_isa.checks.benchmark.measuring import peak_rss_mib
from gansynth_isa.errors import InputError
from gansynth_isa.export.exporting import export_generator
from gansynth_isa.generators.generation import load_generator, write_clips

FEW_CLIPS, MANY_CLIPS = 64, 640


def cost_of(generator_dir: Path) -> dict:
    """Measured in a process of its own, whose memory nothing else has grown.

    Args:
      generator_dir: folder of a finished training.

    Returns:
      `clips_per_s`, generated and written; `generating_growth_mib`, by how much ten times as many clips raised the
      largest resident memory, in MiB; `export_mib`, size of the SavedModel, None for a kind without.
    """
    context = get_context("spawn")  # a fork would inherit TensorFlow's locks without its threads
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as process:
        try:
            return process.submit(measured_here, generator_dir).result()
        except BrokenProcessPool:
            raise InputError(
                f"{generator_dir}: its cost cannot be measured: the process that tried was killed"
            ) from None


def measured_here(generator_dir: Path) -> dict:
    """As `cost_of`, in this process."""
    trained = load_generator(generator_dir, warn=_ignore)
    num_classes = len(trained.class_names)
    with tempfile.TemporaryDirectory() as scratch:

        def seconds_for(num_clips: int) -> tuple[int, float]:
            each = -(-num_clips // num_classes)
            started = time.perf_counter()
            write_clips(trained, Path(scratch) / "clips", each)
            return each * num_classes, time.perf_counter() - started

        seconds_for(FEW_CLIPS)
        before = peak_rss_mib()
        num_clips, elapsed = seconds_for(MANY_CLIPS)
        growth = peak_rss_mib() - before
    return {
        "clips_per_s": round(num_clips / elapsed, 2),
        "generating_growth_mib": round(growth, 1),
        "export_mib": _export_mib(generator_dir),
    }


def _export_mib(generator_dir: Path) -> float | None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        try:
            export_generator(load_generator(generator_dir, warn=_ignore, for_export=True), "saved_model", folder)
        except InputError:
            return None
        return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20, 2)


def _ignore(line: str) -> None:
    """What loading passes over was said when the experiment loaded it."""
