"""Generator and critic of a layout, in one dimension or two: the networks of WaveGAN and of SpecGAN.

Donahue, McAuley and Puckette, Adversarial Audio Synthesis (2019), appendix D. Weights are Glorot uniform and biases
zero, as in the authors' program.
"""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from gansynth_isa.generators.adversarial.layout import Layout
from gansynth_isa.generators.adversarial.strided import StridedConvolution, TransposedConvolution
from gansynth_isa.tensors import Tensor

LEAK = 0.2  # slope of the critic's activations below 0


def phase_shuffled(activations: Tensor, shift: Tensor, radius: int) -> Tensor:
    """Activations shifted in time, the gap filled by reflection at the edge (section 3.3).

    Args:
      activations: (batch, positions, channels), with more positions than `radius`.
      shift: integer scalar from -radius to radius; above 0 it is to the right.
      radius: largest shift.
    """
    _, length, channels = activations.shape
    padded = ops.pad(activations, ((0, 0), (radius, radius), (0, 0)), mode="reflect")
    shifted = ops.slice(padded, (0, radius - shift, 0), (ops.shape(activations)[0], length, channels))
    return ops.reshape(shifted, (-1, length, channels))


def _glorot(seed: int, role: int, count: int) -> list[keras.initializers.Initializer]:
    """Initializers of the layers of one network, each with a seed of its own."""
    seeds = np.random.SeedSequence((seed, role)).generate_state(count)
    return [keras.initializers.GlorotUniform(seed=int(each)) for each in seeds]


def _convolution(
    layout: Layout, filters: int, strides: tuple[int, ...], initializer: keras.initializers.Initializer, name: str
) -> keras.layers.Layer:
    """A convolution of the critic."""
    if len(strides) == 1:
        return StridedConvolution(filters, layout.kernel[0], strides[0], initializer, name)
    return keras.layers.Conv2D(filters, layout.kernel, strides, "same", kernel_initializer=initializer, name=name)


def _transposed(
    layout: Layout, filters: int, strides: tuple[int, ...], initializer: keras.initializers.Initializer, name: str
) -> keras.layers.Layer:
    """A transposed convolution of the generator."""
    if len(strides) == 1:
        return TransposedConvolution(filters, layout.kernel[0], strides[0], initializer, name)
    return keras.layers.Conv2DTranspose(
        filters, layout.kernel, strides, "same", kernel_initializer=initializer, name=name
    )


@keras.saving.register_keras_serializable("gansynth_isa")
class ConvolutionalGenerator(keras.layers.Layer):
    """Latents and labels to examples in [-1, 1], but for what a filter behind them adds.

    Args:
      start, strides, filters, kernel, shape: see `Layout`.
      latent_size: numbers of a latent vector.
      num_classes: of the one-hot label that is joined to it; 0: there is no label.
      filter_length: of the filter that is learnt behind the last activation (section 3.4), which removes what the
        strides leave; 0: none. In one dimension only.
      seed: of the weights.

    Call: latents (batch, latent_size) and labels (batch, num_classes) to (batch, *shape, 1).
    """

    def __init__(
        self,
        start: tuple[int, ...],
        strides: tuple[tuple[int, ...], ...],
        filters: tuple[int, ...],
        kernel: tuple[int, ...],
        shape: tuple[int, ...],
        latent_size: int,
        num_classes: int = 0,
        filter_length: int = 0,
        seed: int = 0,
        **options: Any,
    ):
        super().__init__(**{"name": "generator"} | options)
        self.layout = Layout(
            tuple(start), tuple(tuple(each) for each in strides), tuple(filters), tuple(kernel), tuple(shape)
        )
        self.latent_size, self.num_classes, self.seed = latent_size, num_classes, seed
        self.filter_length = filter_length
        layout, initial = self.layout, _glorot(seed, 0, len(strides) + 2)
        self.dense = keras.layers.Dense(
            math.prod(layout.start) * layout.filters[0], name="dense", kernel_initializer=initial[0]
        )
        self.convolutions = [
            _transposed(layout, outputs, each, initial[1 + index], f"transposed_{index}")
            for index, (outputs, each) in enumerate(zip((*layout.filters[1:], 1), layout.strides, strict=True))
        ]
        self.filter = (
            keras.layers.Conv1D(
                1, filter_length, padding="same", use_bias=False, name="filter", kernel_initializer=initial[-1]
            )
            if filter_length
            else None
        )

    def build(self, latents_shape: Any = None, labels_shape: Any = None) -> None:
        """Makes the weights."""
        layout = self.layout
        self.dense.build((None, self.latent_size + self.num_classes))
        for index, convolution in enumerate(self.convolutions):
            convolution.build((None, *layout.positions(index), layout.filters[index]))
        if self.filter is not None:
            self.filter.build((None, *layout.full_shape, 1))
        self.built = True

    def call(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """The examples."""
        layout = self.layout
        inputs = ops.concatenate([latents, labels], axis=-1) if self.num_classes else latents
        values = ops.reshape(self.dense(inputs), (-1, *layout.start, layout.filters[0]))
        for convolution in self.convolutions:
            values = convolution(ops.relu(values))
        values = ops.tanh(values)
        if self.filter is not None:
            values = self.filter(values)
        return values[(slice(None), *(slice(size) for size in layout.shape))]

    def named_weights(self) -> dict[str, keras.Variable]:
        """The weights by names that do not depend on the layer's own, such as 'dense/kernel'."""
        return {variable.path.split("/", 1)[1]: variable for variable in self.trainable_variables}

    def compute_output_shape(self, latents_shape: Any, labels_shape: Any = None) -> tuple:
        """(batch, *shape, 1)."""
        return (latents_shape[0], *self.layout.shape, 1)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        layout = {name: getattr(self.layout, name) for name in ("start", "strides", "filters", "kernel", "shape")}
        own = {name: getattr(self, name) for name in ("latent_size", "num_classes", "filter_length", "seed")}
        return {**super().get_config(), **layout, **own}


class ConvolutionalCritic(keras.layers.Layer):
    """Examples to scores; larger ones are for what looks real.

    A label adds the inner product of the features with a vector of its class (the projection of Miyato and Koyama,
    2018): the dense layer has one output for all classes and one for each.

    Args:
      layout: of the generator, whose mirror image this is; examples are filled up with zeros at the end.
      num_classes: of the one-hot labels; 0: there are none.
      shuffle_radius: largest shift of the phase shuffle, which follows every convolution but the last; 0: none. In one
        dimension only.
      seed: of the weights.

    Attributes:
      num_shuffles: shifts that a call needs.

    Call: examples (batch, *shape, 1), labels (batch, num_classes) and shifts, integers (num_shuffles,), to (batch, 1).
    """

    def __init__(self, layout: Layout, num_classes: int = 0, shuffle_radius: int = 0, seed: int = 0):
        super().__init__(name="critic")
        self.layout, self.num_classes, self.shuffle_radius = layout, num_classes, shuffle_radius
        self.num_shuffles = len(layout.strides) - 1 if shuffle_radius else 0
        initial = _glorot(seed, 1, len(layout.strides) + 1)
        mirrored = zip(layout.filters[::-1], layout.strides[::-1], strict=True)
        self.convolutions = [
            _convolution(layout, filters, strides, initial[index], f"convolution_{index}")
            for index, (filters, strides) in enumerate(mirrored)
        ]
        self.dense = keras.layers.Dense(1 + num_classes, name="dense", kernel_initializer=initial[-1])
        self._make_weights()

    def _make_weights(self) -> None:
        layout, last = self.layout, len(self.convolutions)
        for index, convolution in enumerate(self.convolutions):
            inputs = layout.filters[last - index] if index else 1
            convolution.build((None, *layout.positions(last - index), inputs))
        self.dense.build((None, math.prod(layout.start) * layout.filters[0]))
        self.built = True

    def call(self, examples: Tensor, labels: Tensor | None = None, shifts: Tensor | None = None) -> Tensor:
        """The scores."""
        missing = [(0, full - size) for full, size in zip(self.layout.full_shape, self.layout.shape, strict=True)]
        values = ops.pad(examples, ((0, 0), *missing, (0, 0)))
        for index, convolution in enumerate(self.convolutions):
            values = ops.leaky_relu(convolution(values), LEAK)
            if shifts is not None and index < self.num_shuffles:
                values = phase_shuffled(values, shifts[index], self.shuffle_radius)
        features = ops.reshape(values, (-1, math.prod(self.layout.start) * self.layout.filters[0]))
        scores = self.dense(features)
        if not self.num_classes:
            return scores
        return scores[:, :1] + ops.sum(scores[:, 1:] * labels, axis=-1, keepdims=True)
