"""Timing on a machine that does other things as well: every stretch between two readings of the ceiling."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from gansynth_isa.benchmark.ceiling import Ceiling


@dataclass(frozen=True)
class Effort:
    """How long a case is measured.

    Attributes:
      repeats: stretches, of which the one with the median share of the ceiling counts.
      seconds: least length of a stretch, in s.
    """

    repeats: int
    seconds: float


@dataclass(frozen=True)
class Measured:
    """The stretch that counts.

    Attributes:
      images_per_s: images per second.
      ceiling_gflops: the ceiling in GFLOP/s around it.
      peak_rss_mib: peak resident memory of this process so far, in MiB.
    """

    images_per_s: float
    ceiling_gflops: float
    peak_rss_mib: float


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
    stretches = []
    while len(stretches) < effort.repeats:
        started = time.perf_counter()
        num_images = run(num_steps)
        elapsed = time.perf_counter() - started
        after = ceiling.read()
        if elapsed >= effort.seconds / 2:
            stretches.append((num_images / elapsed, (before + after) / 2))
        else:  # too short to count
            num_steps = max(num_steps + 1, round(num_steps * effort.seconds / elapsed))
        before = after
    stretches.sort(key=lambda stretch: stretch[0] / stretch[1])
    rate, around = stretches[len(stretches) // 2]
    return Measured(rate, around, peak_rss_mib())


def peak_rss_mib() -> float:
    """Largest resident set of this process so far, in MiB (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
