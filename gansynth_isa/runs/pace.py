"""How fast a training goes, and how many steps a call of its graph may take."""

import contextlib
import math
import time
from collections.abc import Callable, Iterator

MAX_SECONDS_PER_CALL = 2.0  # how long the progress line may stand still, and a signal wait


class Pace:
    """Images per second of the last call, and since the last report.

    Args:
      clock: gives the time in seconds.

    Attributes:
      images_per_s: of the last call; 0 before the first.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._num_calls = 0
        self._mark: tuple[float, int] | None = None  # time and image from which on the rate is measured
        self.images_per_s = 0.0

    @property
    def is_known(self) -> bool:
        """Whether the last call says anything: the first one makes the graph."""
        return self._num_calls > 1

    def num_steps(self, num_images: int, batch_size: int) -> int:
        """Steps of the next call: those for `num_images`, or as many as fit into the time; at least one."""
        affordable = int(self.images_per_s * MAX_SECONDS_PER_CALL / batch_size)
        return max(1, min(math.ceil(num_images / batch_size), affordable))

    def measure(self, call: Callable[[], int], image: int) -> int:
        """Runs a call that trains from `image` on and returns the image reached; returns that."""
        started = self._clock()
        reached = call()
        self.images_per_s = (reached - image) / (self._clock() - started)
        self._num_calls += 1
        self._mark = self._mark or (self._clock(), reached)
        return reached

    def since_report(self, image: int) -> float:
        """Images per second since the last report, or the first call; of the last call where there was no other."""
        if self._mark is None or image <= self._mark[1]:
            return self.images_per_s
        return (image - self._mark[1]) / (self._clock() - self._mark[0])

    def reported(self, image: int) -> None:
        """Measures from now on, for the next report."""
        self._mark = (self._clock(), image)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """What is done meanwhile does not count into the images per second."""
        started = self._clock()
        yield
        if self._mark:
            self._mark = (self._mark[0] + self._clock() - started, self._mark[1])


def clock(seconds: float) -> str:
    """Seconds as m:ss or h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
