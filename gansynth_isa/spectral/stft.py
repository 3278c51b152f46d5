"""Waveforms to the short-time spectra that all features are made of, in TensorFlow ops."""

import tensorflow as tf


class Stft:
    """Short-time Fourier transform without its DC bin, as GANSynth frames it.

    Periodic Hann window as long as the FFT. All padding is silence in front, so that the last frame ends with
    the last sample. Instances may be called eagerly, inside a `tf.function` and in an exported model.

    Args:
      fft_length: FFT size and window length in samples, a power of two.
      hop_length: samples from one frame to the next.
      frames: number of frames to return.
    """

    def __init__(self, fft_length: int, hop_length: int, frames: int):
        self.fft_length = fft_length
        self.hop_length = hop_length
        self.frames = frames
        self.num_samples = (frames - 1) * hop_length + fft_length

    def __call__(self, waveforms: tf.Tensor) -> tf.Tensor:
        """Spectra.

        Args:
          waveforms: float32 (batch, samples), full scale 1. Shorter ones than the frames cover are padded
            with silence in front; of longer ones the end is cut.

        Returns:
          complex64 (batch, frames, fft_length / 2): the lowest bin is one bin's width above 0 Hz, the highest
          at half the sample rate.
        """
        spectrum = tf.signal.stft(
            self._fit_length(tf.convert_to_tensor(waveforms, tf.float32)),
            frame_length=self.fft_length,
            frame_step=self.hop_length,
            fft_length=self.fft_length,
            window_fn=tf.signal.hann_window,
        )
        return tf.ensure_shape(spectrum[:, :, 1:], (None, self.frames, self.fft_length // 2))

    def _fit_length(self, waveforms: tf.Tensor) -> tf.Tensor:
        """Waveforms of exactly `num_samples` samples: silence in front, or the end cut."""
        waveforms = waveforms[:, : self.num_samples]
        length = waveforms.shape[1]
        if length is None:
            length = tf.shape(waveforms)[1]
        padded = tf.pad(waveforms, [[0, 0], [self.num_samples - length, 0]])
        return tf.ensure_shape(padded, (None, self.num_samples))

    def inverse(self, spectra: tf.Tensor) -> tf.Tensor:
        """Waveforms of spectra, by overlapped windows; the DC bin is taken to be 0.

        As in the original the window of the inverse is that of the middle, where all frames overlap: the first and
        the last `fft_length - hop_length` samples fade in and out.

        Args:
          spectra: complex64 (batch, frames, fft_length / 2).

        Returns:
          float32 (batch, num_samples).
        """
        return tf.signal.inverse_stft(
            tf.pad(spectra, [[0, 0], [0, 0], [1, 0]]),
            frame_length=self.fft_length,
            frame_step=self.hop_length,
            fft_length=self.fft_length,
            window_fn=tf.signal.inverse_stft_window_fn(self.hop_length, tf.signal.hann_window),
        )
