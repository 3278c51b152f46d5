"""Random changes of images before the discriminator sees them, of real and fake ones alike.

With few clips the discriminator learns them by heart; changed, they are many. Fakes are changed in the same way, and
gradients flow through the changes, so that the generator still makes unchanged images (Zhao et al. 2020; Karras et al.
2020).
"""

import itertools
import math

import numpy as np
import tensorflow as tf

# Sizes of the changes: of level and filter in units of normalised images, which lie between -1 and 1; of padded shifts
# and masks as a share of the frames or mel bins.
LARGEST_LEVEL = 0.1
LARGEST_FILTER = 0.1
NUM_HARMONICS = 3
LARGEST_PADDED_SHIFT = 1 / 8
LARGEST_MASK = 1 / 8

# Name of a change -> uniform numbers that it takes: whether it happens, and its values.
NUMBERS = {"shift": 2, "level": 2, "filter": 1 + NUM_HARMONICS, "time_mask": 3, "mel_mask": 3}
NUM_DRAWS = sum(NUMBERS.values())


class ImageAugmentation:
    """Time shift, level, smooth filter over frequency, and masks over time and frequency.

    Each happens to an image with the same probability, on its own. Shifts and masks take all channels, level and
    filter the first alone, which holds magnitudes.

    Args:
      probability: of each change, 0 to 1.
      shift: 'wrapped', by any time, what leaves at one end comes in at the other; or 'padded', by a little, silence
        comes in.
      floor: value of silence in normalised images.
    """

    def __init__(self, probability: float, shift: str, floor: float):
        self.probability, self.shift, self.floor = probability, shift, floor

    def __call__(self, images: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
        """The images, changed.

        Args:
          images: (batch, frames, mel_bins, channels).
          draws: (batch, NUM_DRAWS), uniform in [0, 1).
        """
        ends = list(itertools.accumulate(NUMBERS.values()))
        of = {name: draws[:, end - size : end] for (name, size), end in zip(NUMBERS.items(), ends, strict=True)}
        images = self._shifted(images, of["shift"])
        gains = self._level(of["level"]) + self._filter(of["filter"], images.shape[2])
        first_channel = tf.one_hot(0, images.shape[3])
        images += gains[:, tf.newaxis, :, tf.newaxis] * first_channel
        is_masked = self._masked(of["time_mask"], images.shape[1])[:, :, tf.newaxis, tf.newaxis]
        is_masked |= self._masked(of["mel_mask"], images.shape[2])[:, tf.newaxis, :, tf.newaxis]
        return tf.where(is_masked, self.floor * first_channel, images)

    def _happens(self, draws: tf.Tensor) -> tf.Tensor:
        return draws[:, :1] < self.probability

    def _shifted(self, images: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
        num_frames = images.shape[1]
        if self.shift == "wrapped":
            distance = tf.floor(draws[:, 1:] * num_frames)
        else:
            distance = tf.round((2.0 * draws[:, 1:] - 1.0) * num_frames * LARGEST_PADDED_SHIFT)
        distance = tf.cast(tf.where(self._happens(draws), distance, 0.0), tf.int32)
        source = tf.range(num_frames)[tf.newaxis] - distance
        shifted = tf.gather(images, source % num_frames, axis=1, batch_dims=1)
        if self.shift == "wrapped":
            return shifted
        is_inside = ((source >= 0) & (source < num_frames))[:, :, tf.newaxis, tf.newaxis]
        return tf.where(is_inside, shifted, self.floor * tf.one_hot(0, images.shape[3]))

    def _level(self, draws: tf.Tensor) -> tf.Tensor:
        """(batch, 1) to add."""
        return tf.where(self._happens(draws), LARGEST_LEVEL * (2.0 * draws[:, 1:] - 1.0), 0.0)

    def _filter(self, draws: tf.Tensor, mel_bins: int) -> tf.Tensor:
        """(batch, mel_bins) to add: a few half waves over the mel bins, the shorter the smaller."""
        orders = np.arange(1, NUM_HARMONICS + 1)
        places = (np.arange(mel_bins) + 0.5) / mel_bins
        waves = LARGEST_FILTER / orders[:, np.newaxis] * np.cos(math.pi * np.outer(orders, places))
        gains = tf.matmul(2.0 * draws[:, 1:] - 1.0, tf.constant(waves, tf.float32))
        return tf.where(self._happens(draws), gains, 0.0)

    def _masked(self, draws: tf.Tensor, size: int) -> tf.Tensor:
        """(batch, size), whether a place along an axis is masked."""
        width = LARGEST_MASK * draws[:, 1:2]
        start = draws[:, 2:3] * (1.0 - width)
        places = tf.constant((np.arange(size) + 0.5) / size, tf.float32)[tf.newaxis]
        return self._happens(draws) & (places >= start) & (places < start + width)
