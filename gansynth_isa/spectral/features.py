"""Waveform to one-channel log-mel spectrogram, in TensorFlow ops."""

import tensorflow as tf

from gansynth_isa.spectral.mel import mel_matrix

SAFE_LOG_EPSILON = 1e-6


class LogMel:
    """Log-mel power of waveforms as GANSynth computes it, without the phase channel.

    Periodic Hann window as long as the FFT, DC bin dropped, then
    log((magnitude + 1e-6)^2 . mel matrix + 1e-6). All padding is silence in front, so that the last frame
    ends with the last sample. The mel matrix is made once per instance. Instances may be called eagerly,
    inside a `tf.function` and in an exported model.

    Example: `LogMel(2048, 512, 1024, frames=32, sample_rate=44100)(waveforms)` makes (batch, 32, 1024, 1)
    of (batch, 17640), the paper's Metal Balls.

    Args:
      fft_length: FFT size and window length in samples, a power of two.
      hop_length: samples from one frame to the next.
      mel_bins: number of mel bands, at most `fft_length / 2`.
      frames: number of frames to return.
      sample_rate: of the waveforms, in Hz.
    """

    def __init__(self, fft_length: int, hop_length: int, mel_bins: int, frames: int, sample_rate: int):
        self.fft_length = fft_length
        self.hop_length = hop_length
        self.mel_bins = mel_bins
        self.frames = frames
        self.sample_rate = sample_rate
        self.num_samples = (frames - 1) * hop_length + fft_length
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
        spectrum = tf.signal.stft(
            self._fit_length(tf.convert_to_tensor(waveforms, tf.float32)),
            frame_length=self.fft_length,
            frame_step=self.hop_length,
            fft_length=self.fft_length,
            window_fn=tf.signal.hann_window,
        )
        # The original goes through log(magnitude + 1e-6) on its way to mel power, so the constant comes in twice.
        magnitude = tf.abs(spectrum[:, :, 1:]) + SAFE_LOG_EPSILON
        mel_power = tf.tensordot(tf.square(magnitude), self._mel_matrix, axes=1)
        log_mel = tf.math.log(mel_power + SAFE_LOG_EPSILON)
        return tf.expand_dims(tf.ensure_shape(log_mel, (None, self.frames, self.mel_bins)), axis=-1)

    def _fit_length(self, waveforms: tf.Tensor) -> tf.Tensor:
        """Waveforms of exactly `num_samples` samples: silence in front, or the end cut."""
        waveforms = waveforms[:, : self.num_samples]
        length = waveforms.shape[1]
        if length is None:
            length = tf.shape(waveforms)[1]
        padded = tf.pad(waveforms, [[0, 0], [self.num_samples - length, 0]])
        return tf.ensure_shape(padded, (None, self.num_samples))
