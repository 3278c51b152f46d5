"""Shapes of a pair of convolutional networks, and what they cost; needs no TensorFlow.

The generator lays the output of a dense layer out over a few positions and enlarges it by transposed convolutions. The
critic is its mirror image: the same strides and filters from the last to the first, then a dense layer.
"""

import math
from dataclasses import dataclass

from gansynth_isa.generators.cost import cost_text

# Of one training step per example, in forward passes. The critic's update takes 1 pass of the generator, 6 of the
# critic on fakes and reals, and 6 for the penalty, whose gradient is differentiated once more; the generator's takes 3
# of the generator (forward, two backward) and 2 of the critic.
CRITIC_UPDATE = (1, 12)
GENERATOR_UPDATE = (3, 2)

# What two cores sustain at the default sizes, whose convolutions are strided and of few channels: less than other
# networks. Measured were 50 to 64 per core, see docs/speed.md.
STRIDED_GFLOPS = 100
MEBIBYTE = 2**20


@dataclass(frozen=True)
class LayerSize:
    """One layer: at each of `positions` places `taps * inputs` numbers become `outputs`, and each output has a bias."""

    positions: int
    taps: int
    inputs: int
    outputs: int

    @property
    def flops(self) -> int:
        """Multiplications and additions of one example."""
        return 2 * self.positions * self.taps * self.inputs * self.outputs

    @property
    def num_parameters(self) -> int:
        """Weights and biases."""
        return self.taps * self.inputs * self.outputs + self.outputs


@dataclass(frozen=True)
class Layout:
    """Shapes of a generator and of its critic.

    Attributes:
      start: positions over which the dense layer's output is laid out, one axis or two.
      strides: of each transposed convolution, first to last, per axis.
      filters: channels that each of them gets, first to last; the last one makes one channel.
      kernel: size of the kernels, per axis.
      shape: positions of what is made: the first ones of those that the last convolution reaches.
    """

    start: tuple[int, ...]
    strides: tuple[tuple[int, ...], ...]
    filters: tuple[int, ...]
    kernel: tuple[int, ...]
    shape: tuple[int, ...]

    @property
    def full_shape(self) -> tuple[int, ...]:
        """Positions that the last convolution reaches."""
        return self.positions(len(self.strides))

    @property
    def taps(self) -> int:
        """Weights of a kernel per pair of channels."""
        return math.prod(self.kernel)

    def positions(self, num_layers: int) -> tuple[int, ...]:
        """Positions behind the first `num_layers` transposed convolutions."""
        sizes = self.start
        for strides in self.strides[:num_layers]:
            sizes = tuple(size * stride for size, stride in zip(sizes, strides, strict=True))
        return sizes

    def generator_layers(self, latent_size: int, num_classes: int) -> tuple[LayerSize, ...]:
        """Layers of the generator, of whose inputs the one-hot label is a part; `num_classes` 0: there is none."""
        dense = LayerSize(1, 1, latent_size + num_classes, math.prod(self.start) * self.filters[0])
        pairs = zip(self.filters, (*self.filters[1:], 1), strict=True)
        return dense, *(
            LayerSize(math.prod(self.positions(index)), self.taps, inputs, outputs)
            for index, (inputs, outputs) in enumerate(pairs)
        )

    def critic_layers(self, num_classes: int) -> tuple[LayerSize, ...]:
        """Layers of the critic, which gives a score and, for each class, what is added to it."""
        dense = LayerSize(1, 1, math.prod(self.start) * self.filters[0], 1 + num_classes)
        mirrored = [
            LayerSize(layer.positions, layer.taps, layer.outputs, layer.inputs)
            for layer in self.generator_layers(1, 0)[:0:-1]
        ]
        return *mirrored, dense

    def num_activations(self) -> int:
        """Values behind the layers of one of the two networks, for one example."""
        sizes = [math.prod(self.positions(index)) * filters for index, filters in enumerate(self.filters)]
        return sum(sizes) + math.prod(self.full_shape)


@dataclass(frozen=True)
class Cost:
    """What training a pair of networks costs.

    Attributes:
      generator_parameters, critic_parameters: numbers of weights.
      flops_per_image: operations of the training per example that is shown to the critic.
      memory_bytes: estimate of the arrays that a step holds.
    """

    generator_parameters: int
    critic_parameters: int
    flops_per_image: int
    memory_bytes: int

    @classmethod
    def of(cls, layout: Layout, latent_size: int, num_classes: int, batch_size: int, critic_steps: int) -> "Cost":
        """The cost of networks of a layout, trained with so many updates of the critic for each of the generator."""
        layers = layout.generator_layers(latent_size, num_classes), layout.critic_layers(num_classes)
        generator_flops, critic_flops = (sum(layer.flops for layer in each) for each in layers)
        generator_weights, critic_weights = (sum(layer.num_parameters for layer in each) for each in layers)
        critic_update, generator_update = (
            generator * generator_flops + critic * critic_flops
            for generator, critic in (CRITIC_UPDATE, GENERATOR_UPDATE)
        )
        # Weights, gradients and both moments of Adam; values before and behind activations of the critic's three
        # passes, forward and backward.
        values = 4 * (generator_weights + critic_weights) + batch_size * layout.num_activations() * 3 * 2 * 2
        per_image = round(critic_update + generator_update / critic_steps)
        return cls(generator_weights, critic_weights, per_image, 4 * values)

    def line(self, num_images: int) -> str:
        """One line of a plan."""
        total = num_images * self.flops_per_image
        return (
            f"generator {self.generator_parameters:,} parameters, critic {self.critic_parameters:,}; "
            f"{cost_text(total, STRIDED_GFLOPS)}; "
            f"about {self.memory_bytes / MEBIBYTE:,.0f} MiB beside TensorFlow and the clips"
        )
