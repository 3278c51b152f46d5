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
from gansynth_isa.generators.adversarial.description import constants_in, finished_arrays, restore_generator
from gansynth_isa.generators.adversarial.sampler import sampled_examples, sampler_inputs
from gansynth_isa.generators.adversarial.settings import APART, stages_of
from gansynth_isa.generators.adversarial.training import Design, Examples, train_wgan
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.generators.latents import LatentGenerator, drawn_latents, in_blocks
from gansynth_isa.generators.wavegan.config import WaveganConfig
from gansynth_isa.generators.wavegan.geometry import layout_of
from gansynth_isa.generators.wavegan.waveform_features import WaveformFeatures
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.spectral.transform import make_transform
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
        config, data, features = description.config, description.data_config, description.features
        self.layout = layout_of(config, known(config.wavegan_num_samples), clip_samples(data))
        self.settings = config.settings()
        self.filter_length, self.shuffle_radius = config.wavegan_filter_length, config.wavegan_phase_shuffle
        self._transform = make_transform(features, data.sample_rate)

    def examples(self, training: TrainingData) -> Examples:
        waveforms = read_waveforms(training.clips, training.data)
        peak = np.abs(waveforms).max()
        if peak == 0.0:
            raise UnfitClips("data_dir: expected recordings with sound for wavegan, got silence alone")
        waveforms /= peak
        return Examples(waveforms[..., np.newaxis], {PEAK: np.array(peak, np.float32)})

    def clips(self, examples: np.ndarray, constants: dict[str, np.ndarray]) -> np.ndarray:
        return self._transform(examples[..., 0] * constants[PEAK]).numpy()


class TrainedWavegan(LatentGenerator):
    """Clips and waveforms of a finished training.

    Args:
      description: of the training.
      arrays: at the end of each stage.
      folder: of the training, for messages.
    """

    def __init__(self, description: WaveganDescription, arrays: list[dict[str, np.ndarray]], folder: Path):
        design, classes = WaveganDesign(description), len(description.class_names)
        self.latent_size, num_labels = design.settings.latent_size, design.settings.num_labels(classes)
        peak = float(constants_in(folder, arrays[-1], {PEAK: ()})[PEAK])
        generators = []
        for index, each in enumerate(arrays):
            generators.append(design.generator(num_labels, name="generator"))
            restore_generator(generators[-1], each)
        weights = {
            f"{index}/{variable.path}": variable.numpy()
            for index, generator in enumerate(generators)
            for variable in generator.trainable_variables
        }
        self.provenance = description.provenance(arrays_sha256(weights | {PEAK: np.array(peak)}), {})
        inputs = sampler_inputs(self.latent_size)
        waveforms = keras.layers.Rescaling(peak, name="level")(sampled_examples(generators, inputs))
        features = WaveformFeatures(validation.to_dict(description.features), description.data_config.sample_rate)
        self._sounds = keras.Model(inputs, waveforms, name="wavegan_waveforms")
        self._model = keras.Model(inputs, features(waveforms), name="wavegan_generator")
        self._call, self._call_sounds = (tf.function(each, reduce_retracing=True) for each in (self._model, self._sounds))
        self._description, self._images = description, int(arrays[-1]["image"])

    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        return self._call({"latents": latents, "class_index": tf.constant(labels, tf.int32)}).numpy()

    def waveforms(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        def make(start: int, block_labels: np.ndarray) -> np.ndarray:
            latents = drawn_latents(seed, start, self.latent_size)
            return self._call_sounds({"latents": latents, "class_index": tf.constant(block_labels)}).numpy()[..., 0]

        nothing = np.empty((0, clip_samples(self.provenance.data)), np.float32)
        return np.concatenate([nothing, *in_blocks(make, labels, first)])

    def summary(self) -> str:
        config = self._description.config
        how = "one for each class" if config.wavegan_classes == APART else "one for all classes"
        name = "WaveGAN" if config.wavegan_architecture == "wavegan" else "EnvGAN"
        return f"{name}, {how}, of model size {config.wavegan_model_size}, whose critic saw {self._images:,} clips"

    def limits(self) -> tuple[str, ...]:
        return ("Waveforms of a GAN often have tones at the rates of its strides that no recording has.",)

    def keras_model(self) -> keras.Model:
        return self._model


def fit_wavegan(
    config: WaveganConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Trains a WaveGAN in a folder, see `train_wgan`.

    Raises:
      InputError: see `train_wgan`.
    """
    description = WaveganDescription.of(config, seed, training)
    train_wgan(description, WaveganDesign(description), training, folder, surroundings)


def read_description(folder: Path) -> WaveganDescription:
    """What the WaveGAN in a folder is about.

    Raises:
      InputError: there is none, or it is damaged.
    """
    return RunFolder(folder).read_description(WaveganDescription)


def load_wavegan(folder: Path, warn: Callable[[str], None]) -> TrainedWavegan:
    """The WaveGAN that was trained in a folder.

    Raises:
      InputError: it was not trained to its end, or its arrays are damaged.
    """
    description = read_description(folder)
    stages = stages_of(description.config.settings(), len(description.class_names))
    return TrainedWavegan(description, finished_arrays(folder, stages, warn), folder)
