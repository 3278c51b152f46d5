"""Waveforms of log-mel spectrograms, which hold no phase and no linear bins: both are guessed."""

import librosa
import numpy as np
import scipy.sparse

from gansynth_isa.spectral.features import SAFE_LOG_EPSILON
from gansynth_isa.spectral.mel import linear_matrix, mel_matrix

NUM_UPDATES = 30
NUM_ITERATIONS = 32
SMALLEST_POWER = 1e-15


class LogMelInversion:
    """Non-negative powers of linear bins by multiplicative updates, then phases by Griffin and Lim's method.

    The updates (Lee and Seung 2001, for the divergence that asks for relative accuracy; known as Richardson and Lucy's
    too) start from the original's way back. Least squares, librosa's `util.nnls`, come out no nearer on real clips, and
    take minutes of processor time where a network's first images are noise. Phases are librosa's `griffinlim`, the fast
    variant of Perraudin et al. (2013). The same spectrogram gives the same waveform every time.

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
        weights = mel_matrix(sample_rate, fft_length // 2, mel_bins)
        self._to_linear = linear_matrix(weights)
        self._to_mel, self._from_mel = scipy.sparse.csr_matrix(weights), scipy.sparse.csr_matrix(weights.T)
        self._sums = weights.sum(axis=1)

    def magnitudes(self, log_mel: np.ndarray) -> np.ndarray:
        """Linear magnitudes whose mel power comes closest to that of spectrograms.

        Args:
          log_mel: (batch, frames, mel_bins), natural logarithm of power.

        Returns:
          float64 (batch, frames, fft_length / 2).
        """
        mel_power = np.maximum(np.exp(np.asarray(log_mel, np.float64)) - SAFE_LOG_EPSILON, 0.0)
        frames = mel_power.reshape(-1, mel_power.shape[2])
        power = np.maximum(frames @ self._to_linear, SMALLEST_POWER)  # an update leaves zeros as they are
        for _ in range(NUM_UPDATES):
            ratio = frames / np.maximum(power @ self._to_mel, SMALLEST_POWER)
            power *= (ratio @ self._from_mel) / np.maximum(self._sums, SMALLEST_POWER)
        return np.sqrt(power).reshape(*mel_power.shape[:2], -1)

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
