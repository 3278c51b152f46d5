"""A small convolutional autoencoder of standardised clips."""

from typing import Any

import keras

from gansynth_isa.generators.diffusion.layout import Layout
from gansynth_isa.generators.diffusion.networks.layers import (
    Block,
    convolution,
    normalised,
    seeds,
    upward_convolution,
)
from gansynth_isa.tensors import Tensor

ENCODER, DECODER = 2, 3  # of the seeds


class Encoder(keras.layers.Layer):
    """Clips (batch, frames, mel_bins, channels), standardised, to latents (batch, *latent_shape).

    Strided convolutions halve the clips, each followed by a block of two.

    Args:
      layout: sizes.
      seed: of the initial weights.
    """

    def __init__(self, layout: Layout, seed: int = 0, name: str = "encoder", **options: Any):
        super().__init__(name=name, **options)
        layer_seeds = seeds(seed, ENCODER)
        shape: tuple[int | None, ...] = (None, *layout.clip_shape)
        self.layers_in_order: list[keras.Layer] = []
        for level, filters in enumerate(layout.encoder_filters):
            size, strides = (4, 2) if layout.halves else (3, 1)
            down = convolution(filters, size, f"down_{level}", next(layer_seeds), strides=strides)
            down.build(shape)
            shape = tuple(down.compute_output_shape(shape))
            block = Block(filters, f"encode_{level}", layer_seeds)
            block.build(shape)
            self.layers_in_order += [down, block]
        self.exit = convolution(layout.latent_shape[2], 1, "encode_exit", next(layer_seeds))
        self.exit.build(shape)
        self.built = True

    def call(self, clips: Tensor) -> Tensor:
        """The latents, in the scale that training gave them."""
        values = clips
        for layer in self.layers_in_order:
            values = layer(values)
        return self.exit(normalised(values))


class Decoder(keras.layers.Layer):
    """Latents (batch, *latent_shape) to standardised clips (batch, frames, mel_bins, channels).

    Args:
      layout: sizes.
      seed: of the initial weights.
    """

    def __init__(self, layout: Layout, seed: int = 0, name: str = "decoder", **options: Any):
        super().__init__(name=name, **options)
        layer_seeds = seeds(seed, DECODER)
        channels = layout.clip_shape[2]
        shape: tuple[int | None, ...] = (None, *layout.latent_shape)
        reversed_filters = layout.encoder_filters[::-1]
        layers: list[keras.Layer] = [convolution(reversed_filters[0], 3, "decode_entry", next(layer_seeds))]
        for level, filters in enumerate(reversed_filters):
            layers.append(Block(filters, f"decode_{level}", layer_seeds))
            following = reversed_filters[level + 1] if level + 1 < len(reversed_filters) else channels
            if layout.halves:
                layers.append(upward_convolution(following, f"up_{level}", next(layer_seeds)))
            else:
                layers.append(convolution(following, 3, f"up_{level}", next(layer_seeds)))
        for layer in layers:
            layer.build(shape)
            shape = tuple(layer.compute_output_shape(shape)) if not isinstance(layer, Block) else shape
        self.layers_in_order = layers
        self.built = True

    def call(self, latents: Tensor) -> Tensor:
        """The standardised clips."""
        values = latents
        for layer in self.layers_in_order:
            values = layer(values)
        return values
