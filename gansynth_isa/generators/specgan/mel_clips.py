"""Normalised linear spectrograms to clips of mel bins, as a Keras layer, and the way there."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from gansynth_isa.spectral.features import SAFE_LOG_EPSILON
from gansynth_isa.spectral.mel import mel_matrix
from gansynth_isa.spectral.stft import Stft
from gansynth_isa.tensors import Tensor

CLIPPED_AT = 3.0  # deviations that become 1 (section 3.2)
SMALLEST_DEVIATION = 1e-6  # of a bin that is the same in all clips, as in silence
BATCH_SIZE = 64


def log_magnitudes(waveforms: np.ndarray, stft: Stft) -> np.ndarray:
    """float32 (clips, frames, bins): log(magnitude + 1e-6) of waveforms (clips, samples), as the features have it."""
    made = np.empty((len(waveforms), stft.frames, stft.fft_length // 2), np.float32)
    for first in range(0, len(made), BATCH_SIZE):
        spectra = stft(waveforms[first : first + BATCH_SIZE])
        made[first : first + BATCH_SIZE] = tf.math.log(tf.abs(spectra) + SAFE_LOG_EPSILON)
    return made


def normalised(magnitudes: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Log magnitudes (..., bins) per bin to mean 0, clipped at three deviations, which become 1."""
    return np.clip((magnitudes - mean) / (CLIPPED_AT * deviation), -1.0, 1.0)


@keras.saving.register_keras_serializable("gansynth_isa")
class MelClips(keras.layers.Layer):
    """Normalised spectrograms (batch, frames, bins, 1) to clips (batch, frames, mel_bins, 1).

    Log magnitudes are restored, and their power goes through the mel matrix as that of recordings does.

    Args:
      mean, deviation: (bins,) of the training clips' log magnitudes.
      mel_bins: number of mel bands.
      sample_rate: in Hz.
    """

    def __init__(self, mean: ArrayLike, deviation: ArrayLike, mel_bins: int, sample_rate: int, **options: Any):
        super().__init__(**{"name": "mel_clips", "trainable": False} | options)
        self.mean, self.deviation = np.asarray(mean, np.float32), np.asarray(deviation, np.float32)
        self.mel_bins, self.sample_rate = mel_bins, sample_rate
        self._mel_matrix = mel_matrix(sample_rate, len(self.mean), mel_bins).astype(np.float32)

    def call(self, spectrograms: Tensor) -> Tensor:
        """The clips."""
        log_magnitudes = spectrograms[..., 0] * (CLIPPED_AT * self.deviation) + self.mean
        power = ops.matmul(ops.exp(2.0 * log_magnitudes), self._mel_matrix)
        return ops.expand_dims(ops.log(power + SAFE_LOG_EPSILON), -1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """(batch, frames, mel_bins, 1)."""
        return (*input_shape[:2], self.mel_bins, 1)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes, ready for JSON."""
        own = {"mean": self.mean.tolist(), "deviation": self.deviation.tolist()}
        return {**super().get_config(), **own, "mel_bins": self.mel_bins, "sample_rate": self.sample_rate}
