"""WaveGAN in its folder, and the clips and waveforms that it makes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa import validation
from gansynth_isa.data.clip_sets.waveforms import read_waveforms
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import UnfitClips
from gansynth_isa.generators.adversarial.design import Design, Examples
from gansynth_isa.generators.adversarial.settings import APART
from gansynth_isa.generators.adversarial.trained import TrainedWgan
from gansynth_isa.generators.adversarial.training import train_wgan
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.generators.latents import drawn_latents, in_blocks
from gansynth_isa.generators.wavegan.config import WAVEGAN, WaveganConfig
from gansynth_isa.generators.wavegan.geometry import layout_of
from gansynth_isa.generators.wavegan.waveform_features import WaveformFeatures
from gansynth_isa.validation import known

PEAK = "peak"  # largest magnitude of the training clips, which becomes 1


@dataclass(frozen=True)
class WaveganDescription(FittedDescription):
    """What the folder of a WaveGAN is about."""

    kind = "wavegan"
    config_class = WaveganConfig
    noun = "a trained WaveGAN"


class WaveganDesign(Design):
    """Waveforms, scaled together so that the loudest training clip reaches 1, with their levels as they are.

    Args:
      description: of the training.
    """

    def __init__(self, description: WaveganDescription):
        config, data = description.config, description.data_config
        self.layout = layout_of(config, known(config.wavegan_num_samples), clip_samples(data))
        self.settings = config.settings()
        self.filter_length, self.shuffle_radius = config.wavegan_filter_length, config.wavegan_phase_shuffle
        self._features, self._sample_rate = validation.to_dict(description.features), data.sample_rate

    def examples(self, training: TrainingData) -> Examples:
        waveforms = read_waveforms(training.clips, training.data)
        peak = np.abs(waveforms).max()
        if peak == 0.0:
            raise UnfitClips("data_dir: expected recordings with sound for wavegan, got silence alone")
        waveforms /= peak
        return Examples(waveforms[..., np.newaxis], {PEAK: np.array(peak, np.float32)})

    def constant_shapes(self) -> dict[str, tuple[int, ...]]:
        return {PEAK: ()}

    def layers(self, constants: dict[str, np.ndarray]) -> tuple[keras.layers.Layer, ...]:
        level = keras.layers.Rescaling(float(constants[PEAK]), name="level")
        return level, WaveformFeatures(self._features, self._sample_rate)


class TrainedWavegan(TrainedWgan):
    """Clips and waveforms of a finished training; see `TrainedWgan`."""

    description: WaveganDescription

    def __init__(self, description: WaveganDescription, folder: Path, warn: Callable[[str], None]):
        super().__init__(description, WaveganDesign(description), folder, warn)
        sounds = keras.Model(self.inputs, self.layers[0](self.examples), name="wavegan_waveforms")
        self._sounds = tf.function(sounds, reduce_retracing=True)

    def waveforms(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        def make(start: int, block_labels: np.ndarray) -> np.ndarray:
            latents = drawn_latents(seed, start, self.latent_size)
            return self._sounds({"latents": latents, "class_index": tf.constant(block_labels)}).numpy()[..., 0]

        nothing = np.empty((0, clip_samples(self.provenance.data)), np.float32)
        return np.concatenate([nothing, *in_blocks(make, labels, first)])

    def summary(self) -> str:
        config = self.description.config
        how = "one for each class" if config.wavegan_classes == APART else "one for all classes"
        name = "WaveGAN" if config.wavegan_architecture == WAVEGAN else "EnvGAN"
        return f"{name}, {how}, of model size {config.wavegan_model_size}, after {self.num_images:,} clips"

    def limits(self) -> tuple[str, ...]:
        return ("Waveforms of such a GAN may hold tones at the rates of its strides, which no recording has.",)


def fit_wavegan(
    config: WaveganConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Trains a WaveGAN in a folder, see `train_wgan`.

    Raises:
      InputError: see `train_wgan`.
    """
    description = WaveganDescription.of(config, seed, training)
    train_wgan(description, WaveganDesign(description), training, folder, surroundings)


def load_wavegan(folder: Path, warn: Callable[[str], None]) -> TrainedWavegan:
    """The WaveGAN that was trained in a folder.

    Raises:
      InputError: it was not trained to its end, or its arrays are damaged.
    """
    return TrainedWavegan(WaveganDescription.in_folder(folder), folder, warn)
