"""Waveforms of log-mel spectrograms, which hold no phase and no linear bins: both are guessed."""

import librosa
import numpy as np

from gansynth_isa.spectral.features import SAFE_LOG_EPSILON
from gansynth_isa.spectral.mel import mel_matrix

NUM_ITERATIONS = 32


class LogMelInversion:
    """Non-negative least squares from mel bands to linear bins, then phases by Griffin and Lim's method.

    Both are librosa's: `util.nnls` with GANSynth's mel matrix, and the fast variant `griffinlim` (Perraudin et al.
    2013). The same spectrogram gives the same waveform every time.

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
        """Linear magnitudes (frames, fft_length / 2) whose mel power comes closest to one spectrogram.

        Args:
          log_mel: (frames, mel_bins), natural logarithm of power.
        """
        mel_power = np.maximum(np.exp(np.asarray(log_mel, np.float64)) - SAFE_LOG_EPSILON, 0.0)
        return np.sqrt(librosa.util.nnls(self._mel_matrix.T, mel_power.T)).T

    def waveforms(self, spectrograms: np.ndarray) -> np.ndarray:
        """float32 (batch, num_samples) waveforms of spectrograms (batch, frames, mel_bins, 1)."""
        return np.stack([self._waveform(self.magnitudes(each[..., 0])) for each in spectrograms]).astype(np.float32)

    def _waveform(self, magnitudes: np.ndarray) -> np.ndarray:
        """One waveform; the first and the last frame are repeated outwards, so that every sample has all its frames."""
        num_more = -(-self._fft_length // 2 // self._hop_length)
        padded = np.pad(magnitudes, ((num_more, num_more), (1, 0)))
        padded[:num_more], padded[-num_more:] = padded[num_more], padded[-num_more - 1]
        waveform = librosa.griffinlim(
            padded.T, n_iter=NUM_ITERATIONS, hop_length=self._hop_length, n_fft=self._fft_length, random_state=0
        )
        first = num_more * self._hop_length - self._fft_length // 2
        return waveform[first : first + self.num_samples]
