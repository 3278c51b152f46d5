"""The generators of a finished training, which make clips."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.generators.adversarial.description import CONSTANT, constants_in, finished_arrays, restore_generator
from gansynth_isa.generators.adversarial.design import Design, passed_through
from gansynth_isa.generators.adversarial.networks import ConvolutionalGenerator
from gansynth_isa.generators.adversarial.sampler import sampled_examples, sampler_inputs
from gansynth_isa.generators.adversarial.settings import stages_of
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.generators.latents import LatentGenerator
from gansynth_isa.runs.checkpoints import arrays_sha256


class TrainedWgan(LatentGenerator):
    """Clips of a finished training.

    With one GAN per class all of them compute every block of clips, of which each class takes its own.

    Args:
      description: of the training.
      design: of its kind.
      folder: of the training.
      warn: gets a line for everything that is passed over.

    Attributes:
      description: as given.
      num_images: examples that the critics were shown in all.
      inputs: of `keras_model`.
      examples: what the generators make of them.
      layers: from these to clips.

    Raises:
      InputError: the training is not finished, or its arrays are damaged.
    """

    def __init__(self, description: FittedDescription, design: Design, folder: Path, warn: Callable[[str], None]):
        stages = stages_of(design.settings, len(description.class_names))
        arrays = finished_arrays(folder, stages, warn)
        constants = constants_in(folder, arrays[-1], design.constant_shapes())
        num_labels = design.settings.num_labels(len(description.class_names))
        generators = [
            _restored(design.generator(num_labels, name=f"generator_{index}"), each)
            for index, each in enumerate(arrays)
        ]
        self.description, self.num_images = description, stages[-1].end_image
        self.latent_size = design.settings.latent_size
        self.provenance = description.provenance(_digest(generators, constants), {})
        self.inputs, self.layers = sampler_inputs(self.latent_size), design.layers(constants)
        self.examples = sampled_examples(generators, self.inputs)
        name = f"{description.kind}_generator"
        self._model = keras.Model(self.inputs, passed_through(self.layers, self.examples), name=name)
        self._call = tf.function(self._model, reduce_retracing=True)

    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        return self._call({"latents": latents, "class_index": tf.constant(labels, tf.int32)}).numpy()

    def keras_model(self) -> keras.Model:
        return self._model


def _restored(generator: ConvolutionalGenerator, arrays: dict[str, np.ndarray]) -> ConvolutionalGenerator:
    restore_generator(generator, arrays)
    return generator


def _digest(generators: list[ConvolutionalGenerator], constants: dict[str, np.ndarray]) -> str:
    """What tells these generators from any others."""
    weights = {
        f"{index}/{name}": variable.numpy()
        for index, generator in enumerate(generators)
        for name, variable in generator.named_weights().items()
    }
    return arrays_sha256(weights | {f"{CONSTANT}/{name}": array for name, array in constants.items()})
