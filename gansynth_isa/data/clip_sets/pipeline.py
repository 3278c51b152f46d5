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


class ReadByBatch:
    """Images as they are, in memory or on disk, of which no copy is held: a graph holds two gibibytes at most.

    Args:
      values: (clips, height, width, channels).
    """

    def __init__(self, values: np.ndarray):
        self._values, self.shape = values, values.shape

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        return np.asarray(self._values[indices], np.float32)


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
    images: np.ndarray | Images,
    one_hot: np.ndarray,
    batch_size: int,
    seed: int,
    first_image: int = 0,
    is_balanced: bool = False,
) -> tf.data.Dataset:
    """Endless, shuffled batches that can be started anywhere.

    Image k of the stream is a pure function of (seed, k): each epoch goes once through all images in an
    order of its own, or, balanced, shows every class as often as the largest has images. A stream started at
    `first_image` goes on exactly as one that ran up to there, whatever the batch sizes were.

    Args:
      images: float32 (clips, height, width, channels), normalised: an array, which is then held in memory, or `Images`,
        which are asked for every batch.
      one_hot: float32 (clips, classes).
      batch_size: images per batch.
      seed: of the order, at least 0.
      first_image: number of images that were shown before.
      is_balanced: whether classes, rather than images, are equally often shown.

    Returns:
      Data set of (batch_size, height, width, channels) and (batch_size, classes).

    Raises:
      ValueError: no images, or another number of labels.
    """
    num_images = len(images)
    if num_images == 0 or len(one_hot) != num_images:
        raise ValueError(f"images, one_hot: expected as many of each, more than 0, got {num_images} and {len(one_hot)}")
    places = _Places(one_hot, is_balanced)
    look_up, one_hot = _look_up(images, batch_size), tf.constant(one_hot)
    epochs = tf.data.Dataset.range(first_image // places.per_epoch, np.iinfo(np.int64).max)
    order = epochs.flat_map(lambda epoch: _epoch_order(epoch, places, seed)).skip(first_image % places.per_epoch)

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


class _Places:
    """Which images an epoch shows.

    Args:
      one_hot: (images, classes).
      is_balanced: each class as often as the largest; its images take turns, also from one epoch to the next.

    Attributes:
      per_epoch: how many places an epoch has.
    """

    def __init__(self, one_hot: np.ndarray, is_balanced: bool):
        labels = np.argmax(one_hot, axis=1) if is_balanced else np.zeros(len(one_hot), np.int64)
        members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
        self._largest = max(map(len, members))
        self._counts = tf.constant([[len(each)] for each in members], tf.int64)
        self._members = tf.constant(np.stack([np.resize(each, self._largest) for each in members]))
        self.per_epoch = len(members) * self._largest

    def images(self, epoch: tf.Tensor) -> tf.Tensor:
        """(per_epoch,) indices of the images at the places of an epoch."""
        turns = (epoch * self._largest + tf.range(self._largest, dtype=tf.int64)) % self._counts
        return tf.reshape(tf.gather(self._members, turns, batch_dims=1), [-1])


def _epoch_order(epoch: tf.Tensor, places: _Places, seed: int) -> tf.data.Dataset:
    """Indices of the images of this epoch in its order.

    Sorted random numbers, not `tf.random_index_shuffle`: for few images that uses the lowest eight bits of
    its seeds alone, so that distant epochs and seeds would share their order.
    """
    epoch_seed = tf.random.experimental.stateless_fold_in(tf.constant([seed, _SHUFFLE_SALT], tf.int64), epoch)
    numbers = tf.random.stateless_uniform((places.per_epoch,), epoch_seed, minval=None, maxval=None, dtype=tf.int64)
    return tf.data.Dataset.from_tensor_slices(tf.gather(places.images(epoch), tf.argsort(numbers, stable=True)))
