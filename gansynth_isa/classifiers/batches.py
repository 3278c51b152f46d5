"""Training batches of a classifier: real clips, or a mixture of real and synthetic ones."""

from collections.abc import Iterator

import numpy as np

from gansynth_isa.validation import known

UNION = "union"
MIN_REAL_SHARE = 0.25


class EpochDraws:
    """Endless indices 0 .. size-1: every epoch holds each once, in a new order.

    Args:
      size: number of clips, at least 1.
      rng: decides the orders.
    """

    def __init__(self, size: int, rng: np.random.Generator):
        self._size = size
        self._rng = rng
        self._left = np.zeros(0, np.int64)

    def take(self, count: int) -> np.ndarray:
        """The next `count` indices, int64 (count,)."""
        while len(self._left) < count:
            self._left = np.concatenate([self._left, self._rng.permutation(self._size)])
        taken, self._left = self._left[:count], self._left[count:]
        return taken


class BalancedDraws:
    """Endless indices of clips in which all classes are equally frequent.

    Classes take turns, each once per round in a new order; the clips of a class are shown equally often. A class
    without a clip has no turn.

    Args:
      labels: (clips,) class of each clip, at least one.
      rng: decides the orders.
    """

    def __init__(self, labels: np.ndarray, rng: np.random.Generator):
        self._members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
        self._turns = EpochDraws(len(self._members), rng)
        self._draws = [EpochDraws(len(members), rng) for members in self._members]

    def take(self, count: int) -> np.ndarray:
        """The next `count` indices, int64 (count,)."""
        turns = self._turns.take(count)
        taken = np.zeros(count, np.int64)
        for turn, (members, draws) in enumerate(zip(self._members, self._draws, strict=True)):
            places = np.flatnonzero(turns == turn)
            taken[places] = members[draws.take(len(places))]
        return taken


def real_share(num_real: int, num_synthetic: int, wanted: float | str | None = None) -> float:
    """Share of real clips in a batch.

    Args:
      num_real, num_synthetic: clips; without synthetic ones the share is 1.
      wanted: that share; UNION for as many as there are among both, as in the paper; None for that, but at least
        a quarter: a handful of real clips would vanish among thousands of synthetic ones.
    """
    if num_synthetic == 0:
        return 1.0
    union = num_real / (num_real + num_synthetic)
    if wanted is None:
        return max(MIN_REAL_SHARE, union)
    return union if isinstance(wanted, str) else wanted


class ClassifierBatches:
    """Draws chunks of several batches from arrays in memory, without copying the arrays.

    Args:
      real, real_labels: (clips, frames, mel_bins, channels) and (clips,).
      synthetic, synthetic_labels: the same of synthetic clips, or None.
      batch_size: clips per batch. Where the real share of it is no whole number, batches take turns.
      seed: decides the order.
      wanted_share: of real clips, see `real_share`.
      is_balanced: whether classes, rather than clips, are equally frequent among the real ones.
      synthetic_steps: None, or the number of steps, the first ones, whose batches are synthetic clips alone; those of
        all others are real clips alone then.

    Attributes:
      batch_size: clips per batch.
      num_clips: of both sources.
      real_share: of real clips in a mixed batch.
      batch_bytes: size of the clips of a batch.
    """

    def __init__(
        self,
        real: np.ndarray,
        real_labels: np.ndarray,
        synthetic: np.ndarray | None,
        synthetic_labels: np.ndarray | None,
        batch_size: int,
        seed: int,
        wanted_share: float | str | None = None,
        is_balanced: bool = False,
        synthetic_steps: int | None = None,
    ):
        self._sources = [(real, real_labels)]
        if synthetic is not None:
            self._sources.append((synthetic, known(synthetic_labels)))
        self._draws: list[EpochDraws | BalancedDraws] = [
            EpochDraws(len(labels), np.random.default_rng([seed, number]))
            for number, (_, labels) in enumerate(self._sources)
        ]
        if is_balanced:
            self._draws[0] = BalancedDraws(real_labels, np.random.default_rng([seed, 0]))
        self._synthetic_steps = synthetic_steps
        self.batch_size = batch_size
        self.num_clips = sum(len(labels) for _, labels in self._sources)
        self.real_share = real_share(len(real_labels), self.num_clips - len(real_labels), wanted_share)
        self.batch_bytes = batch_size * int(np.prod(real.shape[1:])) * np.dtype(np.float32).itemsize

    def chunks(
        self, num_steps: int, steps_per_chunk: int, first_step: int = 0
    ) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """Yields (first step, clips (steps, batch, ...), labels (steps, batch)) until `num_steps` are drawn.

        Args:
          num_steps: of the whole training.
          steps_per_chunk: steps that are drawn at once.
          first_step: how many were drawn before.
        """
        for first in range(first_step, num_steps, steps_per_chunk):
            steps = range(first, min(first + steps_per_chunk, num_steps))
            batches = [self._batch(step) for step in steps]
            yield first, np.stack([clips for clips, _ in batches]), np.stack([labels for _, labels in batches])

    def num_real(self, step: int) -> int:
        """Real clips in the batch of a step, counted from 0; they come first in it."""
        if self._synthetic_steps is not None:
            return 0 if step < self._synthetic_steps else self.batch_size
        wanted = self.batch_size * self.real_share
        return int((step + 1) * wanted) - int(step * wanted)

    def _batch(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        num_real = self.num_real(step)
        counts = [num_real, self.batch_size - num_real][: len(self._sources)]
        clips, labels = [], []
        for (source, source_labels), draws, count in zip(self._sources, self._draws, counts, strict=True):
            indices = draws.take(count)
            clips.append(source[indices])
            labels.append(source_labels[indices])
        return np.concatenate(clips), np.concatenate(labels)
