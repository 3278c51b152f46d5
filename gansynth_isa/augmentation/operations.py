"""Augmentations of standardised log-mel clips, each with its own random values per clip.

All take and give float32 (batch, frames, mel_bins, channels), values with mean 0 and deviation 1, and a seed:
an int32 tensor (2,), from which everything random follows (stateless), inside `tf.function` and out. Of two
channels the first is a magnitude and the second a phase: changes of level concern the first alone.
"""

import math

import tensorflow as tf

from gansynth_isa.errors import InputError

FILTER_WAVES = 4


def time_mask(clips, seed, max_share: float = 0.25):
    """Sets one stretch of frames to the mean, 0 (SpecAugment, Park et al. 2019).

    Args:
      max_share: longest stretch as a share of the frames, 0 to 1; the length is uniform below it.
    """
    _check_share("max_share", max_share)
    return clips * (1.0 - _stretch(clips, seed, max_share, axis=1))


def frequency_mask(clips, seed, max_share: float = 0.2):
    """Sets one band of mel bins to the mean, 0 (SpecAugment, Park et al. 2019).

    Args:
      max_share: widest band as a share of the bins, 0 to 1; the width is uniform below it.
    """
    _check_share("max_share", max_share)
    return clips * (1.0 - _stretch(clips, seed, max_share, axis=2))


def time_shift(clips, seed, max_share: float = 0.5):
    """Moves each clip in time; what leaves at one end comes in at the other.

    Args:
      max_share: largest shift to either side as a share of the frames, 0 to 1.
    """
    _check_share("max_share", max_share)
    batch, frames = tf.shape(clips)[0], tf.shape(clips)[1]
    shares = tf.random.stateless_uniform([batch, 1], seed, -max_share, max_share)
    shifts = tf.cast(tf.round(shares * tf.cast(frames, tf.float32)), tf.int32)
    sources = (tf.range(frames)[tf.newaxis] - shifts) % frames
    return tf.gather(clips, sources, axis=1, batch_dims=1)


def gain(clips, seed, max_change: float = 0.5):
    """Makes each clip louder or softer as a whole: a constant in the logarithm.

    Args:
      max_change: largest change to either side, in standard deviations.
    """
    changes = tf.random.stateless_uniform([tf.shape(clips)[0], 1, 1, 1], seed, -max_change, max_change)
    return clips + changes * _magnitude(clips)


def additive_noise(clips, seed, max_deviation: float = 0.3):
    """Adds independent normal noise to every value.

    Args:
      max_deviation: largest deviation of the noise, in standard deviations; each clip's is uniform below it.
    """
    level_seed, noise_seed = _split(seed, 2)
    levels = tf.random.stateless_uniform([tf.shape(clips)[0], 1, 1, 1], level_seed, 0.0, max_deviation)
    return clips + levels * tf.random.stateless_normal(tf.shape(clips), noise_seed)


def random_filter(clips, seed, max_change: float = 0.5):
    """Colours each clip by a smooth curve over the mel bins, the same in all frames: another microphone or place.

    The curve is a sum of half to two periods of cosines with random weights and phases.

    Args:
      max_change: largest change at any bin, in standard deviations.
    """
    weight_seed, phase_seed = _split(seed, 2)
    batch, mel_bins = tf.shape(clips)[0], tf.shape(clips)[2]
    weights = tf.random.stateless_uniform([batch, FILTER_WAVES, 1], weight_seed, -1.0, 1.0) / FILTER_WAVES
    phases = tf.random.stateless_uniform([batch, FILTER_WAVES, 1], phase_seed, 0.0, 2 * math.pi)
    half_periods = tf.range(1, FILTER_WAVES + 1, dtype=tf.float32)[tf.newaxis, :, tf.newaxis]
    place = tf.range(mel_bins, dtype=tf.float32) / tf.cast(mel_bins, tf.float32)
    curve = tf.reduce_sum(weights * tf.cos(math.pi * half_periods * place + phases), axis=1)
    return clips + max_change * curve[:, tf.newaxis, :, tf.newaxis] * _magnitude(clips)


def _magnitude(clips):
    """1 for the first channel, the magnitude, 0 for a phase."""
    return tf.one_hot(0, tf.shape(clips)[3], dtype=clips.dtype)


def _stretch(clips, seed, max_share: float, axis: int):
    """1 inside one random stretch along `axis` of each clip, 0 outside; ready to broadcast."""
    length_seed, start_seed = _split(seed, 2)
    batch, size = tf.shape(clips)[0], tf.cast(tf.shape(clips)[axis], tf.float32)
    lengths = tf.round(tf.random.stateless_uniform([batch, 1], length_seed, 0.0, max_share) * size)
    starts = tf.floor(tf.random.stateless_uniform([batch, 1], start_seed) * (size - lengths + 1.0))
    places = tf.range(size)[tf.newaxis]
    inside = tf.cast((places >= starts) & (places < starts + lengths), clips.dtype)
    return inside[:, :, tf.newaxis, tf.newaxis] if axis == 1 else inside[:, tf.newaxis, :, tf.newaxis]


def _split(seed, num: int):
    return tf.unstack(tf.random.split(seed, num))


def _check_share(name: str, value: float):
    if not 0.0 <= value <= 1.0:
        raise InputError(f"{name}: expected a share from 0 to 1, got {value}")
