"""tf.data pipelines: clips to features, and features to the GAN's endless batches."""

from collections.abc import Callable, Iterator

import numpy as np
import tensorflow as tf

from gansynth_isa.errors import InputError

_SHUFFLE_SALT = 0x6A4E  # sets the order of batches apart from other uses of the same seed


def feature_batches(
    waveforms: Callable[[], Iterator[np.ndarray]], num_samples: int, log_mel: Callable, batch_size: int
) -> Iterator[np.ndarray]:
    """Features of a stream of clips; reading and transforming overlap, a few batches are in memory.

    Args:
      waveforms: called once, gives float32 (num_samples,) arrays.
      num_samples: length of every clip.
      log_mel: (batch, num_samples) -> (batch, frames, mel_bins, 1), in TensorFlow ops.
      batch_size: clips per batch; the last batch may be smaller.

    Returns:
      float32 (batch, frames, mel_bins, 1) arrays in the order of the clips.

    Raises:
      InputError: the one that `waveforms` raised.
    """
    refusals = []

    def read():
        try:
            yield from waveforms()
        except InputError as error:  # tf.data would hand on its text only, wrapped in a traceback
            refusals.append(error)
            raise

    batches = (
        tf.data.Dataset.from_generator(read, output_signature=tf.TensorSpec((num_samples,), tf.float32))
        .batch(batch_size)
        .map(log_mel)
        .prefetch(1)
    )
    try:
        for batch in batches:
            yield batch.numpy()
    except tf.errors.OpError:
        if refusals:
            raise refusals[0] from None
        raise


def gan_batches(
    images: np.ndarray, one_hot: np.ndarray, batch_size: int, seed: int, first_image: int = 0
) -> tf.data.Dataset:
    """Endless, shuffled batches that can be started anywhere.

    Image k of the stream is a pure function of (seed, k): each epoch goes once through all images in an
    order of its own. A stream started at `first_image` goes on exactly as one that ran up to there, whatever
    the batch sizes were.

    Args:
      images: float32 (clips, height, width, channels), normalised.
      one_hot: float32 (clips, classes).
      batch_size: images per batch.
      seed: of the order, at least 0.
      first_image: number of images that were shown before.

    Returns:
      Data set of (batch_size, height, width, channels) and (batch_size, classes).

    Raises:
      ValueError: no images, or another number of labels.
    """
    num_images = len(images)
    if num_images == 0 or len(one_hot) != num_images:
        raise ValueError(f"images, one_hot: expected as many of each, more than 0, got {num_images} and {len(one_hot)}")
    images, one_hot = tf.constant(images), tf.constant(one_hot)
    seed_words = [seed & 0x7FFFFFFF, (seed >> 31) ^ _SHUFFLE_SALT]

    def gather(positions):
        indices = _shuffled(positions, num_images, seed_words)
        return tf.gather(images, indices), tf.gather(one_hot, indices)

    positions = tf.data.Dataset.range(first_image, np.iinfo(np.int64).max)
    return positions.batch(batch_size, drop_remainder=True).map(gather).prefetch(2)


def _shuffled(positions: tf.Tensor, num_images: int, seed_words: list[int]) -> tf.Tensor:
    """Index of the image at each position (int64) of the endless stream."""
    if num_images == 1:
        return tf.zeros_like(positions)
    epochs, places = positions // num_images, positions % num_images
    fixed = tf.broadcast_to(tf.constant(seed_words, tf.int64), (tf.size(positions), 2))
    seeds = tf.concat([fixed, tf.expand_dims(epochs, -1)], axis=-1)
    return tf.random_index_shuffle(places, seeds, max_index=tf.constant(num_images - 1, tf.int64))
