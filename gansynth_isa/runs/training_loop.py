"""The loop of a training, with what happens between the calls of its graph: reports, pictures, checkpoints, stops.

What is reported up to an image is on the disk before the checkpoint of that image is. A run that is killed goes
on at its last checkpoint, and all that lies behind it is reported again.
"""

from collections.abc import Sequence

from gansynth_isa.errors import Interrupted
from gansynth_isa.runs.finite import not_finite
from gansynth_isa.runs.saver import Saver
from gansynth_isa.runs.shared_stop import SharedStop
from gansynth_isa.runs.trainer import Trainer


class Listener:
    """Hears from a training loop; a method that is not overridden does nothing."""

    def resumed(self, image: int) -> None:
        """Training goes on at a checkpoint; a signal may have come before all was done that belongs to it."""

    def advanced(self, before: int, image: int, losses: dict[str, float]) -> None:
        """A call of the graph has trained from `before` to `image`; `losses` are the means, all finite."""

    def at_report(self, image: int, ended: bool) -> None:
        """A report is due; `ended` where the training is over."""

    def at_checkpoint(self, image: int, ended: bool) -> None:
        """The checkpoint of this image is about to be written; it may take its time here."""


class TrainingLoop:
    """Trains to the end.

    Args:
      trainer: advances the training.
      saver: keeps its state.
      stop: says whether to stop.
      listeners: are told in this order.
    """

    def __init__(self, trainer: Trainer, saver: Saver, stop: SharedStop, listeners: Sequence[Listener] = ()):
        self._trainer, self._saver, self._stop, self._listeners = trainer, saver, stop, listeners

    def run(self, image: int) -> None:
        """Trains from `image` to the end, at which the state is saved.

        Raises:
          TrainingDiverged: a loss or a weight is not finite.
          Interrupted: a signal asked to stop; the state is saved.
          InputError: the folder cannot be written, or the disk is full.
        """
        boundaries = self._trainer.boundaries
        if boundaries.has_ended(image):  # nothing to train: what was taken over is the result
            self._saver.save(image)
        elif boundaries.is_regular(image):
            for listener in self._listeners:
                listener.resumed(image)
        while not boundaries.has_ended(image):
            before, image = image, self._advance(image)
            ended = boundaries.has_ended(image)
            if boundaries.report_is_due(before, image):
                for listener in self._listeners:
                    listener.at_report(image, ended)
            is_asked = self._stop.is_asked()
            if is_asked and not ended:  # before anything that takes its time
                raise self._interruption(image)
            self._keep(before, image, ended)
            if is_asked:
                raise self._interruption(image)

    def _advance(self, image: int) -> int:
        reached = self._trainer.advance(image)
        losses = self._trainer.mean_losses()
        bad = not_finite(losses, image, reached)
        if bad:
            raise self._saver.diverged(bad)
        for listener in self._listeners:
            listener.advanced(image, reached, losses)
        return reached

    def _keep(self, before: int, image: int, ended: bool) -> None:
        """Saves where a boundary or the clock says so."""
        with self._trainer.pace.paused():
            if self._trainer.boundaries.save_is_due(before, image):
                for listener in self._listeners:
                    listener.at_checkpoint(image, ended)
                self._saver.save(image)
            elif self._saver.is_overdue():
                self._saver.save(image)

    def _interruption(self, image: int) -> Interrupted:
        saved = self._saver.saved(image)
        self._stop.wait_for_all()
        return self._stop.interruption(saved)
