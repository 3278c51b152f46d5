"""Clips to mean 0 and deviation 1 per mel bin: for classifiers, whose first layer it is, and for distances of clips."""

from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from gansynth_isa.tensors import Shape, Tensor

STD_FLOOR = 0.25  # natural logarithm of power, about 1 dB: a constant bin must not blow up


@keras.saving.register_keras_serializable("gansynth_isa")
class Standardisation(keras.layers.Layer):
    """(clips - mean) / std, (batch, frames, mel_bins, channels) in the units of the features -> the same shape.

    Mean and deviation are part of the layer's configuration, not weights, so that they travel inside a model's file and
    no training changes them.

    Example: `Standardisation.fit(train.spectrograms)(test.spectrograms)`.

    Args:
      mean, std: (mel_bins, channels) each, kept as float32; std above 0.

    Raises:
      ValueError: shapes that differ, or a deviation that is not above 0.
    """

    def __init__(self, mean: ArrayLike, std: ArrayLike, name: str = "standardise", **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.mean, self.std = np.asarray(mean, np.float32), np.asarray(std, np.float32)
        if self.mean.ndim != 2 or self.mean.shape != self.std.shape:
            raise ValueError(
                f"mean, std: expected (mel_bins, channels) twice, got {self.mean.shape} and {self.std.shape}"
            )
        if (self.std <= 0.0).any():
            raise ValueError(f"std: expected deviations above 0, got {self.std.min():g}")
        # Tensors are inputs of a graph. By a constant in the graph TensorFlow would not divide, but multiply by its
        # reciprocal, and so round otherwise than outside of graphs.
        self._mean, self._std = ops.convert_to_tensor(self.mean), ops.convert_to_tensor(self.std)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Standardisation":
        """The layer of `get_config`, as a file holds it; ValueError where a number is none, as damage can leave it."""
        layer = cls(**config)
        if not (np.isfinite(layer.mean).all() and np.isfinite(layer.std).all()):
            raise ValueError("mean, std: expected finite numbers")
        return layer

    @classmethod
    def fit(cls, spectrograms: np.ndarray) -> "Standardisation":
        """The layer for clips like these: their mean and deviation over clips and frames, the latter STD_FLOOR or more.

        Args:
          spectrograms: (clips, frames, mel_bins, channels).
        """
        mean = spectrograms.mean(axis=(0, 1), dtype=np.float64)
        std = spectrograms.std(axis=(0, 1), dtype=np.float64)
        return cls(mean, np.maximum(std, STD_FLOOR))

    def call(self, clips: Tensor) -> Tensor:
        """Standardises a batch."""
        return (clips - self._mean) / self._std

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """That of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """The arguments, ready for JSON."""
        return {**super().get_config(), "mean": self.mean.tolist(), "std": self.std.tolist()}
