"""Waveform to one-channel log-mel spectrogram, in TensorFlow ops."""

import tensorflow as tf

from gansynth_isa.spectral.mel import mel_matrix
from gansynth_isa.spectral.stft import Stft

SAFE_LOG_EPSILON = 1e-6


class LogMel:
    """Log-mel power of waveforms as GANSynth computes it, without the phase channel.

    The spectra of `stft.Stft`, then log((magnitude + 1e-6)^2 . mel matrix + 1e-6). The mel matrix is made once per
    instance. Instances may be called eagerly, inside a `tf.function` and in an exported model.

    Example: `LogMel(2048, 512, 1024, frames=32, sample_rate=44100)(waveforms)` makes (batch, 32, 1024, 1)
    of (batch, 17640), the paper's Metal Balls.

    Args:
      fft_length: FFT size and window length in samples, a power of two.
      hop_length: samples from one frame to the next.
      mel_bins: number of mel bands, at most `fft_length / 2`.
      frames: number of frames to return.
      sample_rate: of the waveforms, in Hz.
    """

    num_channels = 1

    def __init__(self, fft_length: int, hop_length: int, mel_bins: int, frames: int, sample_rate: int):
        self.mel_bins = mel_bins
        self.frames = frames
        self.sample_rate = sample_rate
        self._stft = Stft(fft_length, hop_length, frames)
        self.num_samples = self._stft.num_samples
        with tf.init_scope():
            weights = mel_matrix(sample_rate, fft_length // 2, mel_bins)
            self._mel_matrix = tf.constant(weights, tf.float32)

    def __call__(self, waveforms: tf.Tensor) -> tf.Tensor:
        """Log-mel spectrograms.

        Args:
          waveforms: float32 (batch, samples), full scale 1. Shorter ones than the frames cover are padded
            with silence in front; of longer ones the end is cut.

        Returns:
          float32 (batch, frames, mel_bins, 1), natural logarithm of power, at least log(1e-6) = -13.8155.
        """
        return tf.expand_dims(log_mel_power(self._stft(waveforms), self._mel_matrix), axis=-1)


def log_mel_power(spectrum: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """Natural logarithm of mel power, float32 (batch, frames, mel_bins).

    The original goes through log(magnitude + 1e-6) on its way to mel power, so the constant comes in twice.

    Args:
      spectrum: complex64 (batch, frames, linear bins).
      weights: float32 (linear bins, mel_bins), see `mel.mel_matrix`.
    """
    magnitude = tf.abs(spectrum) + SAFE_LOG_EPSILON
    return tf.math.log(tf.tensordot(tf.square(magnitude), weights, axes=1) + SAFE_LOG_EPSILON)
