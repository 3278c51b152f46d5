"""Clips made audible: waveforms of their own length, loud enough and not clipped."""

import numpy as np
import scipy.signal

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.griffin_lim import LogMelInversion
from gansynth_isa.spectral.phase import MagnitudeAndPhase

PEAK = 0.9  # of full scale


class SoundMaker:
    """Turns clips back into waveforms: two channels by their phase, log-mel by Griffin and Lim's method.

    Args:
      features: of the clips, with `frames` known.
      sample_rate: in Hz.
      num_samples: length of the clips that the features were made of; the silence in front of them is cut.

    Raises:
      InputError: frames so far apart that samples between them are lost.
    """

    def __init__(self, features: FeatureConfig, sample_rate: int, num_samples: int):
        overlap = features.fft_length - features.hop_length
        if not scipy.signal.check_NOLA("hann", features.fft_length, overlap):
            raise InputError(
                f"hop_length: expected less than fft_length = {features.fft_length} to make sound, "
                f"got {features.hop_length}"
            )
        sizes = (features.fft_length, features.hop_length, features.mel_bins, features.shape[0], sample_rate)
        self._inversion: LogMelInversion | MagnitudeAndPhase
        if features.data_type == "log_mel":
            self._inversion = LogMelInversion(*sizes)
        else:
            self._inversion = MagnitudeAndPhase(features.data_type, *sizes)
        self._num_samples = min(num_samples, self._inversion.num_samples)

    def waveforms(self, clips: np.ndarray) -> np.ndarray:
        """float32 (batch, samples) waveforms of clips (batch, frames, mel_bins, channels) at their own levels."""
        return self._inversion.waveforms(clips)[:, -self._num_samples :]

    def sounds(self, clips: np.ndarray) -> np.ndarray:
        """Waveforms, each scaled to a peak of PEAK; silence stays silent."""
        return loud(self.waveforms(clips))


def loud(waveforms: np.ndarray) -> np.ndarray:
    """Waveforms (batch, samples), each scaled to a peak of PEAK; silence stays silent."""
    peaks = np.abs(waveforms).max(axis=1, keepdims=True)
    return np.where(peaks > 0.0, waveforms / np.maximum(peaks, np.finfo(np.float32).tiny) * PEAK, 0.0)
