"""Waveforms of log-mel spectrograms, which hold no phase and no linear bins: both are guessed."""

import librosa
import numpy as np

from gansynth_isa.spectral.features import SAFE_LOG_EPSILON
from gansynth_isa.spectral.mel import mel_matrix

NUM_ITERATIONS = 32


class LogMelInversion:
    """Non-negative least squares from mel bands to linear bins, then phases by Griffin and Lim's method.

    Both are librosa's: `util.nnls` with GANSynth's mel matrix, and `griffinlim`, the fast variant of Perraudin et al.
    (2013). The same spectrogram gives the same waveform every time.

    Args:
      fft_length: FFT size and window length in samples.
      hop_length: samples from one frame to the next.
      mel_bins: number of mel bands.
      frames: number of frames.
      sample_rate: of the waveforms, in Hz.
    """

    def __init__(self, fft_length: int, hop_length: int, mel_bins: int, frames: int, sample_rate: int):
        self._fft_length = fft_length
        self._hop_length = hop_length
        self.num_samples = (frames - 1) * hop_length + fft_length
        self._mel_matrix = mel_matrix(sample_rate, fft_length // 2, mel_bins)

    def magnitudes(self, log_mel: np.ndarray) -> np.ndarray:
        """Linear magnitudes whose mel power comes closest to that of spectrograms.

        Args:
          log_mel: (batch, frames, mel_bins), natural logarithm of power.

        Returns:
          float64 (batch, frames, fft_length / 2).
        """
        mel_power = np.maximum(np.exp(np.asarray(log_mel, np.float64)) - SAFE_LOG_EPSILON, 0.0)
        # All frames at once: what takes longest is done once per call.
        power = librosa.util.nnls(self._mel_matrix.T, mel_power.reshape(-1, mel_power.shape[2]).T)
        return np.sqrt(power.T).reshape(*mel_power.shape[:2], -1)

    def waveforms(self, spectrograms: np.ndarray) -> np.ndarray:
        """float32 (batch, num_samples) waveforms of spectrograms (batch, frames, mel_bins, 1)."""
        magnitudes = self.magnitudes(spectrograms[..., 0])
        return np.stack([self._waveform(each) for each in magnitudes]).astype(np.float32)

    def _waveform(self, magnitudes: np.ndarray) -> np.ndarray:
        """The waveform of magnitudes (frames, fft_length / 2).

        The first and the last frame are repeated outwards, so that at the ends, too, each sample has all its frames.
        """
        num_more = -(-self._fft_length // 2 // self._hop_length)
        padded = np.pad(np.pad(magnitudes, ((num_more, num_more), (0, 0)), mode="edge"), ((0, 0), (1, 0)))
        waveform = librosa.griffinlim(
            padded.T, n_iter=NUM_ITERATIONS, hop_length=self._hop_length, n_fft=self._fft_length, random_state=0
        )
        first = num_more * self._hop_length - self._fft_length // 2
        return waveform[first : first + self.num_samples]
