"""What a kind decides of its training: networks, and how their examples relate to clips."""

import abc
from collections.abc import Sequence
from typing import NamedTuple

import keras
import numpy as np

from gansynth_isa.environment import check_keras
from gansynth_isa.generators.adversarial.layout import Layout
from gansynth_isa.generators.adversarial.networks import ConvolutionalCritic, ConvolutionalGenerator
from gansynth_isa.generators.adversarial.settings import WganSettings
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.tensors import Tensor


class Examples(NamedTuple):
    """What the networks of a kind make, of the training clips.

    Attributes:
      values: float32 (clips, *shape, 1) in [-1, 1].
      constants: {name: array} that say how they were made of clips; checkpoints hold them.
    """

    values: np.ndarray
    constants: dict[str, np.ndarray]


class Design(abc.ABC):
    """The networks of a kind.

    Attributes:
      layout: of its networks.
      settings: of losses, optimizers and length.
      filter_length: see `ConvolutionalGenerator`.
      shuffle_radius: see `ConvolutionalCritic`.
    """

    layout: Layout
    settings: WganSettings
    filter_length: int = 0
    shuffle_radius: int = 0

    @abc.abstractmethod
    def examples(self, training: TrainingData) -> Examples:
        """The training clips as examples.

        Raises:
          InputError: their recordings are not at hand.
          UnfitClips: clips that these networks cannot make.
        """

    @abc.abstractmethod
    def constant_shapes(self) -> dict[str, tuple[int, ...]]:
        """{name: shape} of `Examples.constants`."""

    @abc.abstractmethod
    def layers(self, constants: dict[str, np.ndarray]) -> Sequence[keras.layers.Layer]:
        """Layers, one behind the other, from examples (n, *shape, 1) to clips (n, frames, mel_bins, channels)."""

    def generator(self, num_labels: int, seed: int = 0, name: str = "generator") -> ConvolutionalGenerator:
        """The generator of so many labels, untrained."""
        check_keras()
        layout = self.layout
        shape = (layout.start, layout.strides, layout.filters, layout.kernel, layout.shape, self.settings.latent_size)
        generator = ConvolutionalGenerator(*shape, num_labels, self.filter_length, seed, name=name)
        generator.build()
        return generator

    def critic(self, num_labels: int, seed: int = 0) -> ConvolutionalCritic:
        """The critic of so many labels, untrained."""
        return ConvolutionalCritic(self.layout, num_labels, self.shuffle_radius, seed)


def passed_through(layers: Sequence[keras.layers.Layer], values: Tensor) -> Tensor:
    """What becomes of values that pass through layers, one behind the other."""
    for layer in layers:
        values = layer(values)
    return values
