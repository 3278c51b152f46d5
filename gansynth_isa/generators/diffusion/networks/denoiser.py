"""The denoising network within EDM's factors: noisy latents, noise level, class and changes in, latents out."""

from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

from gansynth_isa.generators.diffusion.edm import factors
from gansynth_isa.generators.diffusion.layout import DENSE_WIDTH, NUM_BLOCKS, NUM_DENSE_BLOCKS, Layout
from gansynth_isa.generators.diffusion.networks.layers import (
    NOISE_FREQUENCIES,
    Block,
    convolution,
    dense,
    noise_embedding,
    seeds,
)
from gansynth_isa.tensors import Tensor

NETWORK = 1  # of the seeds


class Denoiser(keras.layers.Layer):
    """D(x; sigma) of EDM, with a class and with what was changed in a clip as conditions.

    Of latents with places in time and frequency the network is a small U-Net: blocks at their resolution, at half of it
    and at theirs again. It adds a learnt number to each channel of each place, for a spectrum has no translation. Of
    principal components it is a few dense blocks.

    Args:
      layout: sizes.
      num_changes: numbers that tell of the changes of a clip.
      seed: of the initial weights.

    Call: noisy latents (batch, *latent_shape), noise levels (batch,), labels (batch, classes), one-hot or zeros where
    the class is not told, and changes (batch, num_changes), zeros where there are none; to (batch, *latent_shape).
    """

    def __init__(self, layout: Layout, num_changes: int, seed: int = 0, name: str = "denoiser", **options: Any):
        super().__init__(name=name, **options)
        self.layout = layout
        layer_seeds = seeds(seed, NETWORK)
        self.is_spatial = len(layout.latent_shape) > 1
        self.width = layout.filters * (1 if self.is_spatial else DENSE_WIDTH)
        self.num_conditions = 4 * layout.filters if self.is_spatial else self.width
        self._make_conditions(num_changes, layer_seeds)
        self._make_body(layer_seeds)
        self.built = True

    def _make_conditions(self, num_changes: int, layer_seeds: Iterator[int]) -> None:
        sizes = {"noise": 2 * len(NOISE_FREQUENCIES), "label": self.layout.num_classes, "changes": num_changes}
        self.embeddings = {}
        for name, size in sizes.items():
            layer = dense(self.num_conditions, f"embed_{name}", next(layer_seeds), use_bias=name == "noise")
            layer.build((None, size))
            self.embeddings[name] = layer
        self.mixing = dense(self.num_conditions, "embed_all", next(layer_seeds))
        self.mixing.build((None, self.num_conditions))

    def _make_body(self, layer_seeds: Iterator[int]) -> None:
        shape, width = self.layout.latent_shape, self.width
        if not self.is_spatial:
            self.entry = dense(width, "entry", next(layer_seeds))
            self.entry.build((None, *shape))
            self.blocks = self._blocks("middle", NUM_DENSE_BLOCKS, (None, width), width, layer_seeds)
            self.exit = dense(shape[0], "exit", next(layer_seeds), is_zero=True)
            self.exit.build((None, width))
            return
        whole = (None, *shape[:2], width)
        self.entry = convolution(width, 3, "entry", next(layer_seeds))
        self.entry.build((None, *shape))
        self.places = self.add_weight(name="places", shape=(*shape[:2], width), initializer="zeros")
        self.blocks = self._blocks("before", NUM_BLOCKS, whole, width, layer_seeds)
        joined = width
        if self.layout.has_lower_level:
            half = (None, shape[0] // 2, shape[1] // 2, 2 * width)
            self.down = convolution(2 * width, 4, "down", next(layer_seeds), strides=2)
            self.down.build(whole)
            self.lower = self._blocks("lower", NUM_BLOCKS, half, 2 * width, layer_seeds)
            self.up = keras.layers.UpSampling2D(2, name="up")
            self.narrow = convolution(width, 1, "narrow", next(layer_seeds))
            self.narrow.build(half)
            joined = 2 * width
        self.after = self._blocks("after", NUM_BLOCKS, (*whole[:-1], joined), width, layer_seeds)
        self.exit = convolution(shape[2], 3, "exit", next(layer_seeds), is_zero=True)
        self.exit.build(whole)

    def _blocks(
        self, name: str, number: int, shape: tuple[int | None, ...], filters: int, layer_seeds: Iterator[int]
    ) -> list[Block]:
        """Blocks that follow each other, built for inputs of this shape."""
        made = []
        for index in range(number):
            block = Block(filters, f"{name}_{index}", layer_seeds, self.is_spatial, self.num_conditions)
            block.build(shape if index == 0 else (*shape[:-1], filters))
            made.append(block)
        return made

    def call(self, noisy: Tensor, sigma: Tensor, labels: Tensor, changes: Tensor) -> Tensor:
        """The latents that are expected below the noise."""
        made_of = factors(sigma)
        skip, out, in_ = (self._per_clip(part) for part in (made_of.skip, made_of.out, made_of.in_))
        return skip * noisy + out * self.network(in_ * noisy, made_of.noise, labels, changes)

    def _per_clip(self, numbers: Tensor) -> Tensor:
        """(batch,) numbers that multiply the latents of each clip."""
        return ops.reshape(numbers, (-1, *(1 for _ in self.layout.latent_shape)))

    def network(self, values: Tensor, noise: Tensor, labels: Tensor, changes: Tensor) -> Tensor:
        """F of EDM, with the noise as the network is told it."""
        told = {"noise": noise_embedding(noise), "label": labels, "changes": changes}
        summed = sum(layer(told[name]) for name, layer in self.embeddings.items())
        conditions = ops.silu(self.mixing(ops.silu(summed)))
        values = self.entry(values)
        if not self.is_spatial:
            return self.exit(_through(self.blocks, values, conditions))
        values = _through(self.blocks, values + self.places, conditions)
        if self.layout.has_lower_level:
            lower = _through(self.lower, self.down(values), conditions)
            values = ops.concatenate([values, self.up(self.narrow(lower))], axis=-1)
        return self.exit(_through(self.after, values, conditions))


def _through(blocks: list[Block], values: Tensor, conditions: Tensor) -> Tensor:
    for block in blocks:
        values = block(values, conditions)
    return values
