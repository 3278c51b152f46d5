"""Images that a generator starts from: clips of another generator, as the discriminator would see real ones."""

from typing import Any

import keras
import numpy as np
from keras import ops

from gansynth_isa.generators.gansynth.networks.growth import downscale
from gansynth_isa.spectral.normalizers import Normalizer
from gansynth_isa.tensors import Shape, Tensor


@keras.saving.register_keras_serializable("gansynth_isa")
class BaseImages(keras.layers.Layer):
    """Draws of a fitted generator, normalised and at the resolution of each block.

    Its weights are not trained: the network that stands on it learns what the fitted generator misses.

    Args:
      model: inputs a dictionary of `latents` and `class_index`, output clips (batch, frames, mel_bins, channels) in the
        units of the features; see `TrainedGenerator.keras_model`.
      scale, offset: of the normaliser, nested lists that broadcast over (mel_bins, channels).

    Call: latents (batch, latent_size) and one-hot labels (batch, classes) to images of the clips' shape.
    """

    def __init__(self, model: keras.Model, scale: list, offset: list, **options: Any):
        super().__init__(**{"name": "base_images", "dtype": "float32", "trainable": False} | options)
        self.model, self.scale, self.offset = model, scale, offset
        self.latent_size = int(model.input["latents"].shape[-1])
        self.built = True

    def call(self, latents: Tensor, labels: Tensor) -> Tensor:
        """The images; values beyond what the normaliser clips in real images are clipped here too."""
        class_index = ops.cast(ops.argmax(labels, axis=-1), "int32")
        clips = self.model({"latents": latents, "class_index": class_index})
        images = clips * np.asarray(self.scale, np.float32) + np.asarray(self.offset, np.float32)
        return ops.clip(images, -1.0, 1.0)

    def compute_output_shape(self, latents_shape: Shape, labels_shape: Shape) -> Shape:
        return (latents_shape[0], *self.model.output_shape[1:])

    def get_config(self) -> dict[str, Any]:
        own = {
            "model": keras.saving.serialize_keras_object(self.model),
            "scale": self.scale,
            "offset": self.offset,
        }
        return {**super().get_config(), **own}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "BaseImages":
        """The layer that gave `config`."""
        return cls(**config | {"model": keras.saving.deserialize_keras_object(config["model"])})


def base_images(model: keras.Model | None, normalizer: Normalizer) -> BaseImages | None:
    """The layer of a fitted generator's model, under the normaliser of the real clips; None where there is no model."""
    return BaseImages(model, normalizer.scale.tolist(), normalizer.offset.tolist()) if model else None


@keras.saving.register_keras_serializable("gansynth_isa")
class LearntGain(keras.layers.Layer):
    """Multiplies by one number that is learnt and starts at 0, so that what it multiplies is absent at first."""

    def build(self, input_shape: Shape) -> None:
        """Makes the number."""
        self.gain = self.add_weight(name="gain", shape=(), initializer="zeros")

    def call(self, inputs: Tensor) -> Tensor:
        """The product, of the same shape."""
        return inputs * self.gain


def pyramid(images: Tensor, scale: tuple[int, int], num_blocks: int, start_frames: int) -> dict[int, Tensor]:
    """Block, from `num_blocks` to 1 -> images at its resolution.

    Args:
      images: (batch, frames, mel_bins, channels) at the final resolution.
      scale: growth of (frames, mel_bins) from block to block.
      num_blocks: blocks there are.
      start_frames: frames of block 1.
    """
    frames = start_frames * scale[0] ** (num_blocks - 1)
    while images.shape[1] > frames:
        images = downscale(images, scale)
    found = {num_blocks: images}
    for block in range(num_blocks - 1, 0, -1):
        found[block] = downscale(found[block + 1], scale)
    return found
