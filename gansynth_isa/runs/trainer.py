"""Advances a training by calls of its graph, each of which is over in about two seconds."""

from typing import Protocol

from gansynth_isa.runs.boundaries import Boundaries
from gansynth_isa.runs.pace import Pace
from gansynth_isa.runs.replicas import Replicas


class Trainable(Protocol):
    """What is trained."""

    def train(self, num_steps: int) -> int:
        """Trains so many steps in one call of the graph and returns the number of images shown until then."""

    def mean_losses(self) -> dict[str, float]:
        """Means of all losses since they were last cleared."""


class Trainer:
    """Trains towards boundaries and keeps the time.

    Args:
      trained: what is trained.
      boundaries: where a call must end.
      replicas: the devices that share the training; all processes make the chief's number of steps.

    Attributes:
      pace: how fast it goes.
    """

    def __init__(self, trained: Trainable, boundaries: Boundaries, replicas: Replicas):
        self.boundaries, self.pace = boundaries, Pace()
        self._trained, self._replicas = trained, replicas

    def advance(self, image: int) -> int:
        """Trains from `image` towards the next boundary and returns the image reached."""
        num_images = self.boundaries.next(image) - image
        num_steps = self._replicas.from_chief(self.pace.num_steps(num_images, self.boundaries.batch_size))
        return self.pace.measure(lambda: self._trained.train(num_steps), image)

    def mean_losses(self) -> dict[str, float]:
        """See `Trainable.mean_losses`."""
        return self._trained.mean_losses()
