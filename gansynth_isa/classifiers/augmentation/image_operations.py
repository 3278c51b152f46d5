"""Operations of image recognition on standardised log-mel clips: those that change values in place.

Arguments as in `operations`; of two channels the magnitude alone changes, but for `erasing`.

The layers of Keras of the same names are unsound here, and not used. RandomBrightness, RandomContrast and
RandomSharpness cut off what is outside `value_range`, and clips have no such range: 0 is the mean, and single
values lie five deviations and more away from it. RandomPosterization rounds to 8 bits first, Solarization mirrors
about a fixed middle, AutoContrast stretches phases like magnitudes, RandomErasing fills with black or with noise. And
all that draw something keep their random state in a variable, so that a step could not be repeated. What is one
range for all images is each clip's own here, from its least to its largest value, and nothing is cut off.
"""

from collections.abc import Callable

import tensorflow as tf

from gansynth_isa.classifiers.augmentation.dice import (
    Strength,
    per_clip,
    signed_strengths,
    split,
    strengths,
    stretch,
)

CLIP_AXES = (1, 2, 3)
# Values of a standardised clip lie between these but for 6 in 100,000 of a normal distribution.
FULL_RANGE = (-4.0, 4.0)
LEAST_SPAN = 1e-3  # deviations; a clip that is flat has no contrast to stretch


def brightness(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_change: float = 1.0) -> tf.Tensor:
    """Adds a constant to each clip.

    Args:
      max_change: largest change to either side, in standard deviations.
    """
    changes = per_clip(max_change * signed_strengths(clips, seed, strength))
    return _on_magnitude(clips, lambda values: values + changes)


def contrast(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_change: float = 0.8) -> tf.Tensor:
    """Brings the values of each clip nearer to its mean, or farther from it.

    Args:
      max_change: largest change to either side of the factor, which is 1 at strength 0.
    """
    changes = per_clip(max_change * signed_strengths(clips, seed, strength))
    return _on_magnitude(
        clips, lambda values: values + changes * (values - tf.reduce_mean(values, CLIP_AXES, keepdims=True))
    )


def sharpness(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_change: float = 0.9) -> tf.Tensor:
    """Smooths each clip over time and frequency, or exaggerates what smoothing would take away.

    Args:
      max_change: 1 would be fully smoothed on one side, and as far away from that on the other.
    """
    changes = per_clip(max_change * signed_strengths(clips, seed, strength))
    # The usual kernel: 5 in the middle, 1 around, over 13. Pooling leaves out what is beyond the edges.
    return _on_magnitude(
        clips, lambda values: values + changes * 9.0 / 13.0 * (values - tf.nn.avg_pool2d(values, 3, 1, "SAME"))
    )


def posterization(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_step: float = 1.0) -> tf.Tensor:
    """Rounds each clip's values to multiples of a step.

    Args:
      max_step: largest step, in standard deviations; 1 leaves about 3 bits.
    """
    steps = per_clip(max_step * strengths(clips, seed, strength))
    return _on_magnitude(clips, lambda values: _rounded(values, steps))


def solarization(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.5) -> tf.Tensor:
    """Mirrors the loudest values of each clip about the middle of its range.

    Args:
      max_share: how far down the mirrored part reaches, at most, as a share of the range.
    """
    shares = per_clip(max_share * strengths(clips, seed, strength))

    def change(values: tf.Tensor) -> tf.Tensor:
        least, largest = _range(values)
        return tf.where(values > largest - shares * (largest - least), largest + least - values, values)

    return _on_magnitude(clips, change)


def auto_contrast(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 1.0) -> tf.Tensor:
    """Stretches or shrinks the range of each clip to the same fixed one, `FULL_RANGE`; a flat clip stays.

    Args:
      max_share: 1 goes all the way.
    """
    shares = per_clip(max_share * strengths(clips, seed, strength))

    def change(values: tf.Tensor) -> tf.Tensor:
        least, largest = _range(values)
        places = (values - least) / tf.maximum(largest - least, LEAST_SPAN)
        stretched = FULL_RANGE[0] + (FULL_RANGE[1] - FULL_RANGE[0]) * places
        return tf.where(largest - least > LEAST_SPAN, values + shares * (stretched - values), values)

    return _on_magnitude(clips, change)


def erasing(clips: tf.Tensor, seed: tf.Tensor, strength: Strength = None, max_share: float = 0.5) -> tf.Tensor:
    """Sets one rectangle to the mean, 0, in all channels (Cutout, DeVries and Taylor 2017).

    Args:
      max_share: longest sides as shares of frames and mel bins.
    """
    size_seed, time_seed, frequency_seed = split(seed, 3)
    shares = max_share * strengths(clips, size_seed, strength)
    inside = 1.0
    for axis, place_seed in ((1, time_seed), (2, frequency_seed)):
        lengths = tf.round(shares * tf.cast(tf.shape(clips)[axis], tf.float32))
        inside *= stretch(clips, lengths, place_seed, axis)
    return clips * (1.0 - inside)


def _on_magnitude(clips: tf.Tensor, change: Callable[[tf.Tensor], tf.Tensor]) -> tf.Tensor:
    """The clips with their first channel changed."""
    return tf.concat([change(clips[..., :1]), clips[..., 1:]], axis=-1)


def _rounded(values: tf.Tensor, steps: tf.Tensor) -> tf.Tensor:
    """To multiples of `steps`; a step of 0 rounds nothing."""
    usable = steps > 0.0
    steps = tf.where(usable, steps, 1.0)
    return tf.where(usable, tf.round(values / steps) * steps, values)


def _range(values: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(least, largest) value of each clip, (batch, 1, 1, 1)."""
    return tf.reduce_min(values, CLIP_AXES, keepdims=True), tf.reduce_max(values, CLIP_AXES, keepdims=True)
