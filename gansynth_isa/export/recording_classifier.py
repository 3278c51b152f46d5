"""A classifier, trained or exported, together with the way from a recording to its clips."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig


@dataclass(frozen=True)
class RecordingClassifier:
    """A `Classifier` that knows how its clips are made of recordings.

    Attributes:
      class_names: in the order of the probabilities.
      data: how recordings are cut.
      features: how their clips become spectrograms.
      probabilities: float32 (clips, frames, mel_bins, channels), in the units of the features -> (clips, classes).
      result: scores on the test side and how they came about; empty where they are not known, as for exported models.
      transform: waveforms (clips, samples) -> what `probabilities` takes instead, for a classifier of embeddings; None
        for all others.
    """

    class_names: tuple[str, ...]
    data: DataConfig
    features: FeatureConfig
    probabilities: Callable[[np.ndarray], np.ndarray]
    result: dict = field(default_factory=dict, repr=False)
    transform: Callable[[np.ndarray], np.ndarray] | None = None
