"""tf.data pipelines: clips to features, and features to the GAN's endless batches."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import numpy as np
import tensorflow as tf

_SHUFFLE_SALT = 0x6A4E  # sets the order of batches apart from other uses of the same seed


class Images(Protocol):
    """Images that are read when they are asked for."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(clips, height, width, channels)."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        """float32 images (n, height, width, channels) at `indices` (n,)."""


def feature_batches(waveforms: Iterable[np.ndarray], transform: Callable, batch_size: int) -> Iterator[np.ndarray]:
    """Features of a stream of clips; one batch is in memory at a time.

    Args:
      waveforms: float32 (num_samples,) arrays.
      transform: (batch, num_samples) -> (batch, frames, mel_bins, channels), in TensorFlow ops or NumPy.
      batch_size: clips per batch; the last batch may be smaller.

    Returns:
      float32 (batch, frames, mel_bins, channels) arrays in the order of the clips.
    """
    waveforms = iter(waveforms)
    while batch := list(itertools.islice(waveforms, batch_size)):
        yield np.asarray(transform(np.stack(batch)))


def gan_batches(
    images: np.ndarray | Images, one_hot: np.ndarray, batch_size: int, seed: int, first_image: int = 0
) -> tf.data.Dataset:
    """Endless, shuffled batches that can be started anywhere.

    Image k of the stream is a pure function of (seed, k): each epoch goes once through all images in an
    order of its own. A stream started at `first_image` goes on exactly as one that ran up to there, whatever
    the batch sizes were.

    Args:
      images: float32 (clips, height, width, channels), normalised: an array, which is then held in memory, or `Images`,
        which are asked for every batch.
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
    look_up, one_hot = _look_up(images, batch_size), tf.constant(one_hot)
    epochs = tf.data.Dataset.range(first_image // num_images, np.iinfo(np.int64).max)
    order = epochs.flat_map(lambda epoch: _epoch_order(epoch, num_images, seed)).skip(first_image % num_images)

    def gather(indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return look_up(indices), tf.gather(one_hot, indices)

    return order.batch(batch_size, drop_remainder=True).map(gather).prefetch(2)


def _look_up(images: np.ndarray | Images, batch_size: int) -> Callable[[tf.Tensor], tf.Tensor]:
    """A function of indices (batch_size,) that gives the images there."""
    if isinstance(images, np.ndarray):
        held = tf.constant(images)
        return lambda indices: tf.gather(held, indices)

    def read(indices: tf.Tensor) -> tf.Tensor:
        batch = tf.numpy_function(images.__getitem__, [indices], tf.float32)
        return tf.ensure_shape(batch, (batch_size, *images.shape[1:]))

    return read


def _epoch_order(epoch: tf.Tensor, num_images: int, seed: int) -> tf.data.Dataset:
    """Indices of all images in the order of this epoch.

    Sorted random numbers, not `tf.random_index_shuffle`: for few images that uses the lowest eight bits of
    its seeds alone, so that distant epochs and seeds would share their order.
    """
    epoch_seed = tf.random.experimental.stateless_fold_in(tf.constant([seed, _SHUFFLE_SALT], tf.int64), epoch)
    numbers = tf.random.stateless_uniform((num_images,), epoch_seed, minval=None, maxval=None, dtype=tf.int64)
    return tf.data.Dataset.from_tensor_slices(tf.argsort(numbers, stable=True))
