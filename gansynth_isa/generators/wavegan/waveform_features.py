"""The project's own features of waveforms as a Keras layer."""

from typing import Any

import keras

from gansynth_isa import validation
from gansynth_isa.config import FeatureConfig
from gansynth_isa.spectral.transform import make_transform
from gansynth_isa.tensors import Tensor


@keras.saving.register_keras_serializable("gansynth_isa")
class WaveformFeatures(keras.layers.Layer):
    """Waveforms (batch, samples, 1) to clips (batch, frames, mel_bins, channels), as recordings become clips.

    Args:
      features: the settings as `validation.to_dict` gives them, with `frames` known.
      sample_rate: in Hz.
    """

    def __init__(self, features: dict, sample_rate: int, **options: Any):
        super().__init__(**{"name": "features", "trainable": False} | options)
        self.features, self.sample_rate = features, sample_rate
        self._config = validation.from_dict(FeatureConfig, features)
        self._transform = make_transform(self._config, sample_rate)

    def call(self, waveforms: Tensor) -> Tensor:
        """The clips."""
        return self._transform(waveforms[..., 0])

    def compute_output_shape(self, input_shape: Any) -> Any:
        """(batch, frames, mel_bins, channels)."""
        return (input_shape[0], *self._config.shape)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {**super().get_config(), "features": self.features, "sample_rate": self.sample_rate}
