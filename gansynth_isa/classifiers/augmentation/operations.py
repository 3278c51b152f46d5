"""Augmentations of standardised log-mel clips, each with its own random values per clip.

All take and give float32 (batch, frames, mel_bins, channels), values with mean 0 and deviation 1; a seed: an
int32 tensor (2,), from which everything random follows (stateless), inside `tf.function` and out; and a
strength, the share of the stated maximum: 0, the clips as they are, to 1, one number or one per clip. None
draws it per clip. Of two channels the first is a magnitude and the second a phase: changes of level concern
the first alone.

tensorflow-io's `time_mask` and `freq_mask` are not used: they draw from a global generator, so that no step could
be repeated, and hide the same stretch in all clips of a batch.
"""

import math
from collections.abc import Callable

import tensorflow as tf

from gansynth_isa.classifiers.augmentation.dice import (
    Strength,
    magnitude,
    per_clip,
    signed_strengths,
    split,
    strengths,
    stretch,
)
from gansynth_isa.errors import InputError

Operation = Callable[..., tf.Tensor]  # (clips, seed, strength=None) -> clips
FILTER_WAVES = 4


def time_mask(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.25) -> tf.Tensor:
    """Sets one stretch of frames to the mean, 0 (SpecAugment, Park et al. 2019).

    Args:
      max_share: longest stretch as a share of the frames, 0 to 1.
    """
    return _mask(clips, seed, strength, max_share, axis=1)


def frequency_mask(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.2) -> tf.Tensor:
    """Sets one band of mel bins to the mean, 0 (SpecAugment, Park et al. 2019).

    Args:
      max_share: widest band as a share of the bins, 0 to 1.
    """
    return _mask(clips, seed, strength, max_share, axis=2)


def time_shift(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.5) -> tf.Tensor:
    """Moves each clip in time; what leaves at one end comes in at the other.

    Args:
      max_share: largest shift to either side as a share of the frames, 0 to 1.
    """
    _check_share("max_share", max_share)
    frames = tf.shape(clips)[1]
    shares = max_share * signed_strengths(clips, seed, strength)
    shifts = tf.cast(tf.round(shares * tf.cast(frames, tf.float32)), tf.int32)
    sources = (tf.range(frames)[tf.newaxis] - shifts[:, tf.newaxis]) % frames
    return tf.gather(clips, sources, axis=1, batch_dims=1)


def gain(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_change: float = 0.5) -> tf.Tensor:
    """Makes each clip louder or softer as a whole: a constant in the logarithm.

    Args:
      max_change: largest change to either side, in standard deviations.
    """
    return clips + per_clip(max_change * signed_strengths(clips, seed, strength)) * magnitude(clips)


def additive_noise(
    clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_deviation: float = 0.3
) -> tf.Tensor:
    """Adds independent normal noise to every value.

    Args:
      max_deviation: largest deviation of the noise, in standard deviations.
    """
    level_seed, noise_seed = split(seed, 2)
    levels = per_clip(max_deviation * strengths(clips, level_seed, strength))
    return clips + levels * tf.random.stateless_normal(tf.shape(clips), noise_seed)


def random_filter(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_change: float = 0.5) -> tf.Tensor:
    """Colours each clip by a smooth curve over the mel bins, the same in all frames: another microphone or place.

    The curve is a sum of half to two periods of cosines with random weights and phases. How strong it is lies
    in the weights: a strength of None is 1.

    Args:
      max_change: largest change at any bin, in standard deviations.
    """
    weight_seed, phase_seed = split(seed, 2)
    batch, mel_bins = tf.shape(clips)[0], tf.shape(clips)[2]
    weights = tf.random.stateless_uniform([batch, FILTER_WAVES, 1], weight_seed, -1.0, 1.0) / FILTER_WAVES
    phases = tf.random.stateless_uniform([batch, FILTER_WAVES, 1], phase_seed, 0.0, 2 * math.pi)
    half_periods = tf.range(1, FILTER_WAVES + 1, dtype=tf.float32)[tf.newaxis, :, tf.newaxis]
    place = tf.range(mel_bins, dtype=tf.float32) / tf.cast(mel_bins, tf.float32)
    curve = tf.reduce_sum(weights * tf.cos(math.pi * half_periods * place + phases), axis=1)
    scale = max_change * per_clip(strengths(clips, seed, 1.0 if strength is None else strength))
    return clips + scale * curve[:, tf.newaxis, :, tf.newaxis] * magnitude(clips)


SPECTROGRAM_OPERATIONS: tuple[Operation, ...] = (
    time_shift,
    gain,
    random_filter,
    additive_noise,
    time_mask,
    frequency_mask,
)


def _mask(clips: tf.Tensor, seed: tf.Tensor, strength: Strength, max_share: float, axis: int) -> tf.Tensor:
    _check_share("max_share", max_share)
    length_seed, start_seed = split(seed, 2)
    size = tf.cast(tf.shape(clips)[axis], tf.float32)
    lengths = tf.round(max_share * strengths(clips, length_seed, strength) * size)
    return clips * (1.0 - stretch(clips, lengths, start_seed, axis))


def _check_share(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise InputError(f"{name}: expected a share from 0 to 1, got {value}")
