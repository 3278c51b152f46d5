"""SpecGAN in its folder, and the clips that it makes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from gansynth_isa.data.clip_sets.waveforms import read_waveforms
from gansynth_isa.generators.adversarial.design import Design, Examples
from gansynth_isa.generators.adversarial.settings import APART
from gansynth_isa.generators.adversarial.trained import TrainedWgan
from gansynth_isa.generators.adversarial.training import train_wgan
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.specgan.geometry import layout_of
from gansynth_isa.generators.specgan.mel_clips import SMALLEST_DEVIATION, MelClips, log_magnitudes, normalised
from gansynth_isa.spectral.stft import Stft
from gansynth_isa.validation import known

MEAN, DEVIATION = "mean", "deviation"  # of the training clips' log magnitudes, per bin


@dataclass(frozen=True)
class SpecganDescription(FittedDescription):
    """What the folder of a SpecGAN is about."""

    kind = "specgan"
    config_class = SpecganConfig
    noun = "a trained SpecGAN"


class SpecganDesign(Design):
    """Linear log-magnitude spectrograms of the project's own transform, normalised per bin.

    Args:
      description: of the training.
    """

    def __init__(self, description: SpecganDescription):
        config, features = description.config, description.features
        self._features, self._sample_rate = features, description.data_config.sample_rate
        self._num_bins = features.fft_length // 2
        self.layout = layout_of(config.specgan_model_size, known(features.frames), self._num_bins)
        self.settings = config.settings()

    def examples(self, training: TrainingData) -> Examples:
        features = self._features
        stft = Stft(features.fft_length, features.hop_length, known(features.frames))
        magnitudes = log_magnitudes(read_waveforms(training.clips, training.data), stft)
        mean = magnitudes.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)
        deviation = magnitudes.std(axis=(0, 1), dtype=np.float64)
        deviation = np.maximum(deviation, SMALLEST_DEVIATION).astype(np.float32)
        values = normalised(magnitudes, mean, deviation)
        return Examples(values[..., np.newaxis], {MEAN: mean, DEVIATION: deviation})

    def constant_shapes(self) -> dict[str, tuple[int, ...]]:
        return dict.fromkeys((MEAN, DEVIATION), (self._num_bins,))

    def layers(self, constants: dict[str, np.ndarray]) -> tuple[keras.layers.Layer, ...]:
        return (MelClips(constants[MEAN], constants[DEVIATION], self._features.mel_bins, self._sample_rate),)


class TrainedSpecgan(TrainedWgan):
    """Clips of a finished training; see `TrainedWgan`."""

    description: SpecganDescription

    def __init__(self, description: SpecganDescription, folder: Path, warn: Callable[[str], None]):
        super().__init__(description, SpecganDesign(description), folder, warn)

    def summary(self) -> str:
        config = self.description.config
        how = "one for each class" if config.specgan_classes == APART else "one for all classes"
        return f"SpecGAN, {how}, of model size {config.specgan_model_size}, after {self.num_images:,} clips"

    def limits(self) -> tuple[str, ...]:
        return ("Values beyond three deviations of a frequency's mean never occur: its training clips were clipped.",)


def fit_specgan(
    config: SpecganConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Trains a SpecGAN in a folder, see `train_wgan`.

    Raises:
      InputError: see `train_wgan`.
    """
    description = SpecganDescription.of(config, seed, training)
    train_wgan(description, SpecganDesign(description), training, folder, surroundings)
