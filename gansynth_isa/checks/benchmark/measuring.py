"""Timing on a machine that does other things as well: every stretch between two readings of the ceiling."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from gansynth_isa.checks.benchmark.ceiling import Ceiling


@dataclass(frozen=True)
class Effort:
    """How long a case is measured.

    Attributes:
      repeats: stretches, of which the one with the median share of the ceiling counts.
      seconds: length of a stretch to aim at, in s; a single step may take longer.
      enough_seconds: no further stretch once so much was timed, in s.
    """

    repeats: int
    seconds: float
    enough_seconds: float = 30.0


@dataclass(frozen=True)
class Measured:
    """The stretch that counts.

    Attributes:
      images_per_s: images per second.
      ceiling_gflops: the ceiling in GFLOP/s around it.
      peak_rss_mib: peak resident memory of this process so far, in MiB.
      rss_growth_mib: by how much that rose while the stretches were timed, in MiB.
    """

    images_per_s: float
    ceiling_gflops: float
    peak_rss_mib: float
    rss_growth_mib: float


def measure(run: Callable[[int], int], ceiling: Ceiling, effort: Effort) -> Measured:
    """Times `run(num_steps)`, which returns the number of images it dealt with.

    The first call of one step, in which graphs are made, is not counted, but its memory is.

    Args:
      run: does so many steps.
      ceiling: what is read before and after every stretch.
      effort: how long to measure.
    """
    run(1)
    before, num_steps = ceiling.read(), 1
    first_peak_mib = peak_rss_mib()
    stretches: list[tuple[float, float]] = []
    timed_s = 0.0
    while len(stretches) < effort.repeats and timed_s < effort.enough_seconds:
        started = time.perf_counter()
        num_images = run(num_steps)
        elapsed = time.perf_counter() - started
        after = ceiling.read()
        if elapsed >= effort.seconds / 2:
            stretches.append((num_images / elapsed, (before + after) / 2))
            timed_s += elapsed
        else:  # too short to count
            num_steps = max(num_steps + 1, round(num_steps * effort.seconds / elapsed))
        before = after
    stretches.sort(key=lambda stretch: stretch[0] / stretch[1])
    rate, around = stretches[len(stretches) // 2]
    peak_mib = peak_rss_mib()
    return Measured(rate, around, peak_mib, peak_mib - first_peak_mib)


def peak_rss_mib() -> float:
    """Largest resident set of this process so far, in MiB (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
