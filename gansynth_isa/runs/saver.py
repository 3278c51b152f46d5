"""Checkpoints of a training that runs: when they are written, and what is said about them."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from gansynth_isa.errors import TrainingDiverged
from gansynth_isa.runs.checkpoints import checkpoint_path, list_checkpoints, save_checkpoint
from gansynth_isa.runs.finite import array_not_finite

MAX_SECONDS_UNSAVED = 600.0  # what a kill may cost, where checkpoints by the number of images lie further apart


class Saver(Protocol):
    """Keeps the state of a training."""

    def save(self, image: int) -> None:
        """Keeps the state as it is, at `image`."""

    def is_overdue(self) -> bool:
        """Whether the last time was so long ago that it must not wait for the next boundary."""

    def saved(self, image: int) -> str:
        """Sees to it that the state at `image` is kept, and says where."""

    def diverged(self, what: str) -> TrainingDiverged:
        """The exception to raise; `what` is not finite."""


class CheckpointSaver:
    """Writes the checkpoints of a stage.

    Args:
      place: what is trained, for messages: 'stage 3'.
      stage_dirs: folders of this stage and those before it, this one last.
      arrays: gives the state.
      is_regular: whether a checkpoint at an image is one that every run has, see `save_checkpoint`.

    Attributes:
      arrays: what was saved last, or None.
    """

    def __init__(
        self,
        place: str,
        stage_dirs: Sequence[Path],
        arrays: Callable[[], dict[str, np.ndarray]],
        is_regular: Callable[[int], bool],
    ):
        self._place, self._stage_dirs, self._state, self._is_regular = place, stage_dirs, arrays, is_regular
        self._saved_at = time.monotonic()
        self.arrays: dict[str, np.ndarray] | None = None

    def save(self, image: int) -> None:
        """Writes a checkpoint.

        Raises:
          TrainingDiverged: an array is not finite; nothing is written.
          InputError: the folder cannot be written, or the disk is full.
        """
        arrays = self._state()
        bad = array_not_finite(arrays)
        if bad:
            raise self.diverged(f"{bad} is not finite at image {image:,}")
        save_checkpoint(self._stage_dirs[-1], image, arrays, self._is_regular)
        self._saved_at, self.arrays = time.monotonic(), arrays

    def is_overdue(self) -> bool:
        return time.monotonic() - self._saved_at > MAX_SECONDS_UNSAVED

    def saved(self, image: int) -> str:
        path = checkpoint_path(self._stage_dirs[-1], image)
        if not path.exists():
            self.save(image)
        return f"{self._place}, image {image:,}, saved in {path}"

    def diverged(self, what: str) -> TrainingDiverged:
        for stage_dir in reversed(self._stage_dirs):
            present = list_checkpoints(stage_dir)
            if present:
                return TrainingDiverged(f"{self._place}: {what}; the last good checkpoint is {present[-1]}")
        return TrainingDiverged(f"{self._place}: {what}; there is no checkpoint yet")


class SavedByChief:
    """Keeps nothing: another process of the training does.

    Args:
      place: what is trained, for messages.
    """

    def __init__(self, place: str):
        self._place = place

    def save(self, image: int) -> None:
        pass

    def is_overdue(self) -> bool:
        return False

    def saved(self, image: int) -> str:
        return f"{self._place}, image {image:,}, saved by the chief"

    def diverged(self, what: str) -> TrainingDiverged:
        return TrainingDiverged(f"{self._place}: {what}")
