"""What clips that a generator makes can be worth at most: real clips that went through its latents and back.

A generator that draws latents, as diffusion does, cannot make better clips than its decoder makes of the latents of
real ones. So real clips that it did not see go through them and train a classifier, beside the same clips as they were.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.instruments.usefulness import (
    Usefulness,
    compare_usefulness,
    steps_of,
    train_trials,
)


@dataclass(frozen=True)
class Ceiling:
    """Usefulness of clips that came back, of two halves of the held-out clips in turn.

    Attributes:
      halves: in each, classifiers of one half, as it came back and as it was, tested on the other as it was.
      clips: in each half.
    """

    halves: tuple[Usefulness, Usefulness]
    clips: tuple[int, int]

    @property
    def value(self) -> float:
        """Accuracy after clips that came back over that after the same as they were; 1: nothing of worth is lost."""
        return self._mean("synthetic") / max(self._mean("real"), 1e-12)

    def _mean(self, of: str) -> float:
        return float(np.mean([getattr(half, of) for half in self.halves]))

    def to_dict(self) -> dict:
        """All numbers, ready for JSON."""
        halves = [{"clips": number, **half.to_dict()} for number, half in zip(self.clips, self.halves, strict=True)]
        return {"ceiling": self.value, "halves": halves}

    def text(self) -> str:
        """One line to print."""
        trials = f"{sum(len(half.real) for half in self.halves)} trials of {self.halves[0].steps:,} steps"
        return (
            f"ceiling (1: nothing of worth is lost): {self.value:.2f}; accuracy on real clips "
            f"{self._mean('synthetic'):.3f} after held-out clips that came back, {self._mean('real'):.3f} after the "
            f"same as they were, {trials}, {self.clips[0]} and {self.clips[1]} clips"
        )


def measure_ceiling(
    held_out: ClipSet,
    returned: Callable[[np.ndarray], np.ndarray],
    classifier: ClassifierConfig,
    trials: int,
    on_trained: Callable[[], None] | None = None,
) -> Ceiling:
    """Measures a generator's ceiling.

    Args:
      held_out: real clips that it did not see.
      returned: of clips (n, frames, mel_bins, channels), what comes back.
      classifier: of the comparison; its method does not count.
      trials: classifiers of each, from 1 on.
      on_trained: called after each classifier.

    Raises:
      InputError: a class with fewer than two recordings.
    """
    first, second = halves_of(held_out)
    found = []
    for own, other in ((first, second), (second, first)):
        back = dataclasses.replace(own, spectrograms=returned(own.spectrograms))
        steps = steps_of(classifier, own, back)
        of_back = train_trials(classifier, back, other, steps, trials, on_trained)
        of_own = train_trials(classifier, own, other, steps, trials, on_trained)
        found.append(compare_usefulness(of_back, of_own, back))
    return Ceiling((found[0], found[1]), (len(first), len(second)))


def halves_of(clips: ClipSet) -> tuple[ClipSet, ClipSet]:
    """Two halves with no recording in common: those of each class are dealt out in turn, in the order of their names.

    Raises:
      InputError: a class with fewer than two recordings.
    """
    recordings, is_second = np.array(clips.recordings, object), np.zeros(len(clips), bool)
    for label, name in enumerate(clips.class_names):
        own = clips.labels == label
        known = sorted(set(recordings[own]))
        if len(known) < 2:
            raise InputError(
                f"data_dir: expected two held-out recordings of each class for the ceiling, got {len(known)} of {name}"
            )
        is_second |= own & np.isin(recordings, known[1::2])
    return clips.select(np.flatnonzero(~is_second)), clips.select(np.flatnonzero(is_second))
