"""Which unlabelled clips a step sees."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from gansynth_isa.classifiers.batches import EpochDraws
from gansynth_isa.classifiers.classifier import PREDICTION_BATCH, Classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips

DRAW_STREAM = 2  # those of the real and the synthetic clips are 0 and 1
NO_LABEL = -1


@dataclass(frozen=True)
class UnlabelledDraws:
    """Unlabelled clips as a training draws them: every clip once, in a new order each time.

    Attributes:
      spectrograms: (clips, frames, mel_bins, channels); may lie on disk.
      labels: int32 (clips,), guessed before, or NO_LABEL.
      size: clips per step.
      draws: their order.
    """

    spectrograms: np.ndarray
    labels: np.ndarray
    size: int
    draws: EpochDraws

    @classmethod
    def of(cls, unlabelled: UnlabelledClips, config: ClassifierConfig, batch_size: int) -> "UnlabelledDraws":
        """As many clips per step as `unlabelled_ratio` says, one at least; no clip has a label yet."""
        rng = np.random.default_rng([config.trial_seed, DRAW_STREAM])
        labels = np.full(len(unlabelled), NO_LABEL, np.int32)
        size = max(1, round(config.unlabelled_ratio * batch_size))
        return cls(unlabelled.spectrograms, labels, size, EpochDraws(len(unlabelled), rng))

    def take(self, num_steps: int) -> tuple[np.ndarray, np.ndarray]:
        """The next clips (steps, size, frames, mel_bins, channels) and labels (steps, size)."""
        indices = self.draws.take(num_steps * self.size).reshape(num_steps, self.size)
        return self.spectrograms[indices], self.labels[indices]


def labelled_by(classifier: Classifier, draws: UnlabelledDraws, threshold: float) -> UnlabelledDraws:
    """The clips, each with its likeliest class where that is at least as probable as `threshold`."""
    parts = range(0, len(draws.labels), PREDICTION_BATCH)
    guesses = np.concatenate(
        [classifier.probabilities(draws.spectrograms[first : first + PREDICTION_BATCH]) for first in parts]
    )
    is_sure = guesses.max(axis=1) >= threshold
    labels = np.where(is_sure, guesses.argmax(axis=1), NO_LABEL).astype(np.int32)
    return dataclasses.replace(draws, labels=labels)
