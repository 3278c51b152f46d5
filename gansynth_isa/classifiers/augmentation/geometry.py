"""Operations that move what is in a clip: translations, shears, rotation, zoom.

Arguments as in `operations`. All channels move together. What comes in from outside is the mean, 0. Sizes are
shares of a clip, as if it were a square, so that an operation does the same to clips of any resolution.

All rest on `keras.ops.image.affine_transform`, which the layers RandomTranslation, RandomShear, RandomRotation and
RandomZoom of Keras call as well. The layers themselves are not used: they keep their random state in a variable, so
that a step could not be repeated, and RandomShear and RandomRotation measure in pixels, so that what they do would
depend on the number of mel bins. Values between pixels are interpolated, also across the wrap of a phase
(`--data_type=phase`).
"""

import math

import keras
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.dice import Strength, signed_strengths


def time_translation(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.3) -> tf.Tensor:
    """Moves each clip in time by whole frames; nothing comes back in at the other end.

    Args:
      max_share: largest way to either side as a share of the frames.
    """
    return _affine(clips, time_offset=_whole(clips, max_share * signed_strengths(clips, seed, strength), axis=1))


def frequency_translation(
    clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.1
) -> tf.Tensor:
    """Moves each clip in frequency by whole mel bins.

    Args:
      max_share: largest way to either side as a share of the bins. Less than in time, for pitch tells classes apart.
    """
    ways = _whole(clips, max_share * signed_strengths(clips, seed, strength), axis=2)
    return _affine(clips, frequency_offset=ways)


def time_shear(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.3) -> tf.Tensor:
    """Delays high against low frequencies, or the other way round.

    Args:
      max_share: delay of the highest against the lowest bin, at most, as a share of the frames.
    """
    return _affine(clips, time_by_frequency=max_share * signed_strengths(clips, seed, strength))


def frequency_shear(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.1) -> tf.Tensor:
    """Lets all frequencies rise or fall over the clip.

    Args:
      max_share: way of the last against the first frame, at most, as a share of the bins.
    """
    return _affine(clips, frequency_by_time=max_share * signed_strengths(clips, seed, strength))


def rotation(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_degrees: float = 15.0) -> tf.Tensor:
    """Turns each clip about its centre.

    Args:
      max_degrees: largest angle to either side.
    """
    angles = math.radians(max_degrees) * signed_strengths(clips, seed, strength)
    cosines, sines = tf.cos(angles), tf.sin(angles)
    return _affine(clips, cosines, cosines, time_by_frequency=sines, frequency_by_time=-sines)


def zoom(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.2) -> tf.Tensor:
    """Stretches or shrinks each clip about its centre, as much in time as in frequency.

    Args:
      max_share: largest change of the length, as a share of it.
    """
    scales = 1.0 / (1.0 + max_share * signed_strengths(clips, seed, strength))
    return _affine(clips, scales, scales)


def _whole(clips: tf.Tensor, shares: tf.Tensor, axis: int) -> tf.Tensor:
    """The shares that whole pixels make: a clip is moved, not blurred."""
    size = tf.cast(tf.shape(clips)[axis], tf.float32)
    return tf.round(shares * size) / size


def _affine(
    clips: tf.Tensor,
    time: float | tf.Tensor = 1.0,
    frequency: float | tf.Tensor = 1.0,
    time_by_frequency: float | tf.Tensor = 0.0,
    frequency_by_time: float | tf.Tensor = 0.0,
    time_offset: float | tf.Tensor = 0.0,
    frequency_offset: float | tf.Tensor = 0.0,
) -> tf.Tensor:
    """Takes each value from where an affine map of its place, seen from the centre of the clip, points.

    Args:
      time, frequency: factors; all arguments are numbers or (batch,), in sizes of the clip.
      time_by_frequency, frequency_by_time: change of one coordinate per unit of the other.
      time_offset, frequency_offset: added last.
    """
    # An image library's y is time here, its x is frequency.
    frames, bins = (tf.cast(tf.shape(clips)[axis], tf.float32) for axis in (1, 2))
    center_y, center_x = (frames - 1.0) / 2.0, (bins - 1.0) / 2.0
    x_by_y, y_by_x = frequency_by_time * bins / frames, time_by_frequency * frames / bins
    x_offset = center_x - frequency * center_x - x_by_y * center_y + frequency_offset * bins
    y_offset = center_y - time * center_y - y_by_x * center_x + time_offset * frames
    rows = (frequency, x_by_y, x_offset, y_by_x, time, y_offset, 0.0, 0.0)
    transforms = tf.stack([tf.broadcast_to(tf.cast(row, tf.float32), tf.shape(clips)[:1]) for row in rows], axis=1)
    return keras.ops.image.affine_transform(
        clips, transforms, interpolation="bilinear", fill_mode="constant", fill_value=0.0, data_format="channels_last"
    )
