"""Between clips and what noise is taken from: standardisation, scaled latents, and noise for what these lack."""

from typing import Any

import keras
import numpy as np
from keras import ops

from gansynth_isa.generators.diffusion.config import AUTOENCODER
from gansynth_isa.generators.diffusion.edm import DATA_DEVIATION
from gansynth_isa.generators.diffusion.layout import Layout
from gansynth_isa.generators.diffusion.networks.autoencoder import Decoder, Encoder
from gansynth_isa.generators.texture import KERNEL_SIZE
from gansynth_isa.tensors import Tensor


class AutoencoderMap(keras.layers.Layer):
    """Standardised clips to latents and back by the autoencoder.

    Args:
      layout: sizes.
      seed: of the initial weights.
    """

    def __init__(self, layout: Layout, seed: int = 0, name: str = "autoencoder", **options: Any):
        super().__init__(name=name, **options)
        self.encoder, self.decoder = Encoder(layout, seed), Decoder(layout, seed)
        self.built = True

    def encode(self, clips: Tensor) -> Tensor:
        """(batch, *latent_shape)."""
        return self.encoder(clips)

    def decode(self, latents: Tensor) -> Tensor:
        """(batch, *clip_shape), standardised."""
        return self.decoder(latents)


class ComponentsMap(keras.layers.Layer):
    """Standardised clips to their scores in principal components and back.

    Args:
      layout: sizes.
      seed: not used; nothing is drawn.
    """

    def __init__(self, layout: Layout, seed: int = 0, name: str = "components", **options: Any):
        super().__init__(name=name, **options)
        self.clip_shape = layout.clip_shape
        shapes = {"centre": (layout.num_values,), "basis": (layout.num_latents, layout.num_values)}
        self.centre, self.basis = (
            self.add_weight(name=name, shape=shape, initializer="zeros", trainable=False)
            for name, shape in shapes.items()
        )
        self.built = True

    def encode(self, clips: Tensor) -> Tensor:
        """(batch, components)."""
        rows = ops.reshape(clips, (-1, self.centre.shape[0]))
        return ops.matmul(rows - self.centre, ops.transpose(self.basis))

    def decode(self, latents: Tensor) -> Tensor:
        """(batch, *clip_shape), standardised."""
        return ops.reshape(ops.matmul(latents, self.basis) + self.centre, (-1, *self.clip_shape))


class Codec(keras.layers.Layer):
    """Clips to latents of mean 0 and deviation 0.5, and back.

    Latents are scaled in each channel, and of an autoencoder in each of its places in frequency.

    Args:
      layout: sizes.
      seed: of the initial weights.
    """

    def __init__(self, layout: Layout, seed: int = 0, name: str = "codec", **options: Any):
        super().__init__(name=name, **options)
        self.layout = layout
        of_clips, of_latents = layout.clip_shape[1:], layout.latent_shape[-2:]
        shapes: dict[str, tuple[int, ...]] = {"clip_mean": of_clips, "clip_deviation": of_clips}
        shapes |= {"latent_mean": of_latents, "latent_deviation": of_latents}
        if layout.has_residual:
            shapes |= {"residual": layout.clip_shape, "kernel": (KERNEL_SIZE, KERNEL_SIZE, layout.clip_shape[2])}
        for name_, shape in shapes.items():
            start = "ones" if name_.endswith("deviation") else "zeros"
            setattr(self, name_, self.add_weight(name=name_, shape=shape, initializer=start, trainable=False))
        self.map = (AutoencoderMap if layout.latents == AUTOENCODER else ComponentsMap)(layout, seed)
        self.built = True

    def standardise(self, clips: Tensor) -> Tensor:
        """Clips (batch, frames, mel_bins, channels) at mean 0 and deviation 1 in each mel bin."""
        return (ops.convert_to_tensor(clips) - self.clip_mean) / self.clip_deviation

    def restore(self, standardised: Tensor) -> Tensor:
        """The inverse of `standardise`."""
        return standardised * self.clip_deviation + self.clip_mean

    def encode(self, standardised: Tensor) -> Tensor:
        """Latents (batch, *latent_shape) of standardised clips, scaled to EDM's data deviation."""
        return (self.map.encode(standardised) - self.latent_mean) / self.latent_deviation * DATA_DEVIATION

    def decode(self, latents: Tensor) -> Tensor:
        """Standardised clips (batch, *clip_shape) of scaled latents, without what these leave out."""
        return self.map.decode(latents / DATA_DEVIATION * self.latent_deviation + self.latent_mean)

    def with_residual(self, standardised: Tensor, noise: Tensor) -> Tensor:
        """Adds what latents leave out, made of (batch, values) standard normal numbers."""
        images = ops.reshape(noise, (-1, *self.layout.clip_shape))
        coloured = ops.depthwise_conv(images, ops.expand_dims(self.kernel, -1), padding="same")
        return standardised + coloured * self.residual


def white_kernel(channels: int) -> np.ndarray:
    """float32 (KERNEL_SIZE, KERNEL_SIZE, channels) that leaves noise as it is."""
    kernel = np.zeros((KERNEL_SIZE, KERNEL_SIZE, channels), np.float32)
    kernel[KERNEL_SIZE // 2, KERNEL_SIZE // 2] = 1.0
    return kernel
