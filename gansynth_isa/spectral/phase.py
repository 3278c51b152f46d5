"""Waveform to magnitude and phase, the two-channel representations of the original, and back, in TensorFlow ops."""

import math

import numpy as np
import tensorflow as tf

from gansynth_isa.spectral.features import SAFE_LOG_EPSILON, log_mel_power
from gansynth_isa.spectral.mel import linear_matrix, mel_matrix
from gansynth_isa.spectral.stft import Stft


class MagnitudeAndPhase:
    """Two-channel spectrograms of waveforms, as the original's data types of these names.

    * 'mel': log-mel power, and instantaneous frequency on the mel axis;
    * 'linear': log magnitude, and instantaneous frequency;
    * 'phase': log magnitude, and phase.

    Phases and instantaneous frequencies are in half turns: phase / pi. Instantaneous frequency is the step of the
    phase from the frame before, the short way round, in [-1, 1]; in the first frame it is the phase itself. On the
    mel axis it is the sum that the mel matrix makes of the linear bins' steps, again the short way round, and in the
    first frame the sum of their phases, which may leave [-1, 1]. (The original sums phases and takes their steps,
    which is the same but for rounding.)

    Args:
      data_type: 'mel', 'linear' or 'phase'.
      fft_length: FFT size and window length in samples, a power of two.
      hop_length: samples from one frame to the next.
      bins: mel bands, at most `fft_length / 2`; exactly that many without a mel axis.
      frames: number of frames.
      sample_rate: of the waveforms, in Hz.
    """

    num_channels = 2

    def __init__(self, data_type: str, fft_length: int, hop_length: int, bins: int, frames: int, sample_rate: int):
        self.data_type = data_type
        self.bins = bins
        self._stft = Stft(fft_length, hop_length, frames)
        self.num_samples = self._stft.num_samples
        with tf.init_scope():
            weights = mel_matrix(sample_rate, fft_length // 2, bins)
            self._mel_matrix = tf.constant(weights, tf.float32)
            self._linear_matrix = tf.constant(linear_matrix(weights), tf.float32)

    def __call__(self, waveforms: tf.Tensor) -> tf.Tensor:
        """Spectrograms.

        Args:
          waveforms: float32 (batch, samples), full scale 1; padded and cut as in `stft.Stft`.

        Returns:
          float32 (batch, frames, bins, 2).
        """
        spectrum = self._stft(waveforms)
        phase = tf.math.angle(spectrum)
        if self.data_type == "mel":
            steps = tf.tensordot(phase_steps(phase), self._mel_matrix, axes=1)
            channels = log_mel_power(spectrum, self._mel_matrix), _wrapped_behind_first(steps)
        else:
            log_magnitude = tf.math.log(tf.abs(spectrum) + SAFE_LOG_EPSILON)
            channels = log_magnitude, phase_steps(phase) if self.data_type == "linear" else phase
        return tf.stack([channels[0], channels[1] / math.pi], axis=-1)

    def spectra(self, spectrograms: tf.Tensor) -> tf.Tensor:
        """Spectra that spectrograms stand for.

        From the mel axis the original's way back is taken: the transposed mel matrix, scaled.

        Args:
          spectrograms: float32 (batch, frames, bins, 2).

        Returns:
          complex64 (batch, frames, fft_length / 2).
        """
        spectrograms = tf.convert_to_tensor(spectrograms, tf.float32)
        log_magnitude, phase = spectrograms[..., 0], spectrograms[..., 1] * math.pi
        if self.data_type == "mel":
            power = tf.tensordot(tf.exp(log_magnitude), self._linear_matrix, axes=1)
            log_magnitude = 0.5 * tf.math.log(power + SAFE_LOG_EPSILON)
            phase = tf.tensordot(tf.cumsum(phase, axis=1), self._linear_matrix, axes=1)
        elif self.data_type == "linear":
            phase = tf.cumsum(phase, axis=1)
        return tf.cast(tf.exp(log_magnitude), tf.complex64) * tf.exp(tf.complex(tf.zeros_like(phase), phase))

    def waveforms(self, spectrograms: tf.Tensor) -> np.ndarray:
        """float32 (batch, num_samples) waveforms of spectrograms (batch, frames, bins, 2)."""
        return self._stft.inverse(self.spectra(spectrograms)).numpy()


def phase_steps(phase: tf.Tensor) -> tf.Tensor:
    """Steps of the phase from frame to frame, in [-pi, pi]; in the first frame the phase itself.

    Args:
      phase: radians, (batch, frames, bins).
    """
    return _wrapped_behind_first(tf.concat([phase[:, :1], phase[:, 1:] - phase[:, :-1]], axis=1))


def _wrapped_behind_first(steps: tf.Tensor) -> tf.Tensor:
    """Angles to the nearest whole turn, but for those of the first frame; half a turn keeps its sign."""
    later = steps[:, 1:]
    wrapped = tf.math.floormod(later + math.pi, 2.0 * math.pi) - math.pi
    wrapped = tf.where((wrapped == -math.pi) & (later > 0.0), math.pi, wrapped)
    return tf.concat([steps[:, :1], wrapped], axis=1)
