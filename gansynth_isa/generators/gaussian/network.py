"""The fitted Gaussian as a Keras model: standard normal numbers and a class in, a clip out."""

from typing import Any

import keras
import numpy as np
from keras import ops

from gansynth_isa.generators.gaussian.fitting import ARRAYS, Gaussian
from gansynth_isa.tensors import Shape, Tensor


@keras.saving.register_keras_serializable("gansynth_isa")
class GaussianSampler(keras.layers.Layer):
    """Clips of latents: the first `components` numbers become the class's covariance, the others the residual.

    Args:
      num_classes: of the Gaussian.
      components: of its basis.
      shape: (frames, mel_bins, channels) of a clip.
      is_coloured: the residual's noise is a texture, and of twice the frames and mel bins; otherwise it is white.

    Call: latents (batch, components + values of the noise) and class indices (batch,) to (batch, *shape).
    """

    def __init__(
        self, num_classes: int, components: int, shape: tuple[int, int, int], is_coloured: bool = False, **options: Any
    ):
        super().__init__(**{"name": "gaussian_sampler", "dtype": "float32", "trainable": False} | options)
        self.is_coloured = is_coloured
        self.num_classes, self.components, self.shape = num_classes, components, tuple(shape)
        self.num_values = int(np.prod(self.shape))
        frames, mel_bins, channels = self.shape
        self.texture_shape = (channels, 2 * frames, 2 * mel_bins)

    @property
    def latent_size(self) -> int:
        """Numbers that a clip is made of."""
        return self.components + (int(np.prod(self.texture_shape)) if self.is_coloured else self.num_values)

    def build(self, latents_shape: Shape, class_index_shape: Shape) -> None:
        """Makes the arrays, whose values are set from a `Gaussian`."""
        shapes = {
            "means": (self.num_classes, self.num_values),
            "basis": (self.components, self.num_values),
            "factors": (self.num_classes, self.components, self.components),
            "residual": (self.num_values,),
        }
        if self.is_coloured:
            shapes["texture"] = self.texture_shape
        for name, shape in shapes.items():
            setattr(self, name, self.add_weight(name=name, shape=shape, initializer="zeros", trainable=False))

    def call(self, latents: Tensor, class_index: Tensor) -> Tensor:
        """The clips."""
        standard, noise = latents[:, : self.components], latents[:, self.components :]
        scores = ops.matmul(ops.expand_dims(standard, 1), ops.take(self.factors, class_index, axis=0))[:, 0]
        if self.is_coloured:
            noise = self._coloured(noise)
        clips = ops.take(self.means, class_index, axis=0) + ops.matmul(scores, self.basis) + noise * self.residual
        return ops.reshape(clips, (-1, *self.shape))

    def _coloured(self, noise: Tensor) -> Tensor:
        """(batch, values) noise whose values hang together."""
        white = ops.reshape(noise, (-1, *self.texture_shape))
        real, imaginary = ops.fft2((white, ops.zeros_like(white)))
        # What is real returns by the forward transform of the conjugate as by the inverse one, but for the factor.
        waves, _ = ops.fft2((real * self.texture, -imaginary * self.texture))
        frames, mel_bins, _ = self.shape
        images = waves[:, :, :frames, :mel_bins] / (4 * frames * mel_bins)
        return ops.reshape(ops.transpose(images, (0, 2, 3, 1)), (-1, self.num_values))

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        names = ("num_classes", "components", "shape", "is_coloured")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def gaussian_model(gaussian: Gaussian, shape: tuple[int, int, int]) -> keras.Model:
    """The model of a fitted Gaussian, see `TrainedGenerator.keras_model`."""
    sampler = GaussianSampler(len(gaussian.means), len(gaussian.basis), shape, gaussian.texture is not None)
    inputs = {
        "latents": keras.Input((sampler.latent_size,), name="latents", dtype="float32"),
        "class_index": keras.Input((), dtype="int32", name="class_index"),
    }
    model = keras.Model(inputs, sampler(inputs["latents"], inputs["class_index"]), name="gaussian_generator")
    for name in ARRAYS:
        getattr(sampler, name).assign(getattr(gaussian, name))
    if gaussian.texture is not None:
        sampler.texture.assign(gaussian.texture)
    return model
