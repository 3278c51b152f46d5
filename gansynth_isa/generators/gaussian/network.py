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
      kernel_size: of the kernel that the residual's noise passes; 0: none.

    Call: latents (batch, components + values of a clip) and class indices (batch,) to (batch, *shape).
    """

    def __init__(
        self, num_classes: int, components: int, shape: tuple[int, int, int], kernel_size: int = 0, **options: Any
    ):
        super().__init__(**{"name": "gaussian_sampler", "dtype": "float32", "trainable": False} | options)
        self.kernel_size = kernel_size
        self.num_classes, self.components, self.shape = num_classes, components, tuple(shape)
        self.num_values = int(np.prod(self.shape))

    def build(self, latents_shape: Shape, class_index_shape: Shape) -> None:
        """Makes the arrays, whose values are set from a `Gaussian`."""
        shapes = {
            "means": (self.num_classes, self.num_values),
            "basis": (self.components, self.num_values),
            "factors": (self.num_classes, self.components, self.components),
            "residual": (self.num_values,),
        }
        if self.kernel_size:
            shapes["kernel"] = (self.kernel_size, self.kernel_size, self.shape[-1])
        for name, shape in shapes.items():
            setattr(self, name, self.add_weight(name=name, shape=shape, initializer="zeros", trainable=False))

    def call(self, latents: Tensor, class_index: Tensor) -> Tensor:
        """The clips."""
        standard, noise = latents[:, : self.components], latents[:, self.components :]
        scores = ops.matmul(ops.expand_dims(standard, 1), ops.take(self.factors, class_index, axis=0))[:, 0]
        if self.kernel_size:
            noise = self._coloured(noise)
        clips = ops.take(self.means, class_index, axis=0) + ops.matmul(scores, self.basis) + noise * self.residual
        return ops.reshape(clips, (-1, *self.shape))

    def _coloured(self, noise: Tensor) -> Tensor:
        """(batch, values) noise whose neighbours hang together."""
        kernel = ops.expand_dims(self.kernel, -1)
        images = ops.reshape(noise, (-1, *self.shape))
        return ops.reshape(ops.depthwise_conv(images, kernel, padding="same"), (-1, self.num_values))

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        names = ("num_classes", "components", "shape", "kernel_size")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def gaussian_model(gaussian: Gaussian, shape: tuple[int, int, int]) -> keras.Model:
    """The model of a fitted Gaussian, see `TrainedGenerator.keras_model`."""
    num_classes, (components, num_values) = len(gaussian.means), gaussian.basis.shape
    inputs = {
        "latents": keras.Input((components + num_values,), name="latents", dtype="float32"),
        "class_index": keras.Input((), dtype="int32", name="class_index"),
    }
    kernel_size = 0 if gaussian.kernel is None else len(gaussian.kernel)
    sampler = GaussianSampler(num_classes, components, shape, kernel_size)
    model = keras.Model(inputs, sampler(inputs["latents"], inputs["class_index"]), name="gaussian_generator")
    for name in ARRAYS:
        getattr(sampler, name).assign(getattr(gaussian, name))
    if kernel_size:
        sampler.kernel.assign(gaussian.kernel)
    return model
