"""What chance decides: seeds, and how strongly and where an operation acts on each clip."""

from typing import TypeAlias

import tensorflow as tf

from gansynth_isa.errors import InputError

Strength: TypeAlias = float | tf.Tensor | None


def step_seed(seed: int, step: int | tf.Tensor, stream: int = 0) -> tf.Tensor:
    """The seed of one step, int32 (2,); users that must not throw the same dice take different streams."""
    seeds = tf.stack([tf.constant(seed % 2**31, tf.int32), tf.cast(step, tf.int32)])  # what an int32 holds
    return tf.random.fold_in(seeds, stream) if stream else seeds


def split(seed: tf.Tensor, num: int) -> list[tf.Tensor]:
    """`num` seeds that follow from one."""
    return tf.unstack(tf.random.split(seed, num))


def check_probability(probability: float) -> float:
    """Gives it back.

    Raises:
      InputError: it is not from 0 to 1.
    """
    if not 0.0 <= probability <= 1.0:
        raise InputError(f"augmentation_probability: expected 0 to 1, got {probability}")
    return probability


def strengths(clips: tf.Tensor, seed: tf.Tensor, strength: Strength) -> tf.Tensor:
    """Shares of an operation's maximum, float32 (batch,), 0 to 1.

    Args:
      clips: (batch, ...).
      seed: int32 (2,).
      strength: the same for all clips, or (batch,); None: uniform, each clip's own.
    """
    batch = tf.shape(clips)[:1]
    if strength is None:
        return tf.random.stateless_uniform(batch, seed)
    return tf.broadcast_to(tf.cast(strength, tf.float32), batch)


def signed_strengths(clips: tf.Tensor, seed: tf.Tensor, strength: Strength) -> tf.Tensor:
    """As `strengths`, to either side: -1 to 1. A given strength gets a random sign."""
    sides = tf.random.stateless_uniform(tf.shape(clips)[:1], seed, -1.0, 1.0)
    return sides if strength is None else tf.where(sides < 0.0, -1.0, 1.0) * strengths(clips, seed, strength)


def per_clip(values: tf.Tensor) -> tf.Tensor:
    """(batch,) as (batch, 1, 1, 1), to be broadcast over clips."""
    return values[:, tf.newaxis, tf.newaxis, tf.newaxis]


def magnitude(clips: tf.Tensor) -> tf.Tensor:
    """1 for the first channel, the magnitude, 0 for a phase: float32 (channels,)."""
    return tf.one_hot(0, tf.shape(clips)[3], dtype=clips.dtype)


def stretch(clips: tf.Tensor, lengths: tf.Tensor, seed: tf.Tensor, axis: int) -> tf.Tensor:
    """1 inside one stretch of each clip at a random place, 0 outside; ready to be broadcast over the clips.

    Args:
      clips: (batch, frames, mel_bins, channels).
      lengths: float32 (batch,), whole numbers of places, up to the size of the axis.
      seed: decides where each stretch starts.
      axis: 1, time, or 2, frequency.
    """
    size = tf.cast(tf.shape(clips)[axis], tf.float32)
    lengths = lengths[:, tf.newaxis]
    starts = tf.floor(tf.random.stateless_uniform(tf.shape(lengths), seed) * (size - lengths + 1.0))
    places = tf.range(size)[tf.newaxis]
    inside = tf.cast((places >= starts) & (places < starts + lengths), clips.dtype)
    return inside[:, :, tf.newaxis, tf.newaxis] if axis == 1 else inside[:, tf.newaxis, :, tf.newaxis]
