"""The images at which a training reports and saves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Boundaries:
    """Multiples of two intervals, counted from the first image, and the end.

    Images come in batches: a boundary is passed by the batch that reaches it, at an image that may lie behind it.
    """

    first_image: int
    end_image: int
    batch_size: int
    report_every: int
    save_every: int

    def next(self, image: int) -> int:
        """The first boundary behind `image`, which lies before the end."""
        return min(self._multiple(image, self.report_every), self._multiple(image, self.save_every), self.end_image)

    def has_ended(self, image: int) -> bool:
        """Whether the training is over at `image`."""
        return image >= self.end_image

    def report_is_due(self, before: int, image: int) -> bool:
        """Whether something is to be reported at `image`, which was reached from `before`."""
        return self.has_ended(image) or self._multiple(before, self.report_every) <= image

    def save_is_due(self, before: int, image: int) -> bool:
        """Whether a checkpoint is to be written at `image`, which was reached from `before`."""
        return self.has_ended(image) or self._multiple(before, self.save_every) <= image

    def is_regular(self, image: int) -> bool:
        """Whether a checkpoint is due at `image` in every run, whatever the clock and signals do."""
        return self.save_is_due(max(self.first_image, image - self.batch_size), image)

    def _multiple(self, image: int, interval: int) -> int:
        """The first multiple of `interval` behind `image`."""
        return self.first_image + ((image - self.first_image) // interval + 1) * interval
