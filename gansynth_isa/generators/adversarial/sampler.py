"""Trained generators as Keras models: standard normal numbers and a class in, examples out."""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from gansynth_isa.generators.adversarial.networks import ConvolutionalGenerator
from gansynth_isa.tensors import Tensor


@keras.saving.register_keras_serializable("gansynth_isa")
class UniformLatents(keras.layers.Layer):
    """Standard normal numbers to numbers that are uniform from -1 to 1, by the normal distribution's own function."""

    def call(self, latents: Tensor) -> Tensor:
        """(batch, size) to (batch, size)."""
        return ops.erf(latents / math.sqrt(2.0))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """That of the input."""
        return input_shape


@keras.saving.register_keras_serializable("gansynth_isa")
class ChosenByClass(keras.layers.Layer):
    """Of the examples of several generators those of each class's own.

    Call: class indices (batch,) and a list of examples (batch, ...), one entry for each class.
    """

    def call(self, class_index: Tensor, examples: Sequence[Tensor]) -> Tensor:
        """(batch, ...) of the generator `class_index` for each entry."""
        chosen = examples[0]
        for index, made in enumerate(examples[1:], start=1):
            is_own = ops.reshape(ops.equal(class_index, index), (-1, *(1 for _ in made.shape[1:])))
            chosen = ops.where(is_own, made, chosen)
        return chosen

    def compute_output_shape(self, class_index_shape: Any, examples_shape: Any) -> Any:
        """That of the examples."""
        return examples_shape[0]


def sampler_inputs(latent_size: int) -> dict[str, keras.KerasTensor]:
    """The inputs of `TrainedGenerator.keras_model`."""
    return {
        "latents": keras.Input((latent_size,), name="latents", dtype="float32"),
        "class_index": keras.Input((), dtype="int32", name="class_index"),
    }


def sampled_examples(
    generators: Sequence[ConvolutionalGenerator], inputs: dict[str, keras.KerasTensor]
) -> keras.KerasTensor:
    """Examples (batch, *shape, 1) of inputs, by one generator of all classes or by one for each."""
    latents = UniformLatents(name="uniform")(inputs["latents"])
    if len(generators) == 1 and generators[0].num_classes:
        return generators[0](latents, ops.one_hot(inputs["class_index"], generators[0].num_classes))
    return ChosenByClass(name="chosen")(inputs["class_index"], [generator(latents) for generator in generators])
