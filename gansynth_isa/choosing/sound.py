"""Whether clips are of steady sounds or of events, by which a choice has another default.

Linear discriminant analysis hears the colour of a sound, but hardly how it goes on. On development recordings of steady
sounds it was ahead in the mean, on impacts behind. Clips of the Gaussian gained on some events and did harm to others,
so that real clips alone are taken for them (docs/results/development).

Events begin suddenly. How far loud moments lie above the background tells them less well: the level of steady sounds
changes as much, but slowly, and reverberation or noise hides the background of events.
"""

import math

import numpy as np

from gansynth_isa.choosing.candidates import FOR_EVENTS, FOR_STEADY
from gansynth_isa.config import LINEAR_DATA_TYPES, DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.derived import whole_frames
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.spectral.features import SAFE_LOG_EPSILON

MOMENT_S = 0.05  # over which power is averaged: grains of a steady sound are shorter
RISE_S = 0.1
RISE_QUANTILE = 0.98  # of the rises of a class; the very steepest one may be a click
EVENT_RISE_DB = 11.0  # what is above is of events
SILENCE = math.log(SAFE_LOG_EPSILON) + 1e-4  # log of every bin where there is no sound at all, and rounding


def rise_db(clips: ClipSet, data: DataConfig, features: FeatureConfig) -> float:
    """How far the level rises within 0.1 s where it rises most, in dB: the median of the classes.

    Padding is left out, which lies in front of a clip: where a power of two of frames is more than it has, and where a
    recording is shorter than a clip. So are frames whose windows hold some of it.

    Args:
      clips: whose first channel is the natural logarithm of power, or of magnitude, as `features.data_type` says.
      data, features: what they were made by.

    Returns:
      0.0 for clips that are too short for it.
    """
    frames = whole_frames(data, features)
    hop_s = features.hop_length / data.sample_rate
    moment, lag = max(1, round(MOMENT_S / hop_s)), max(1, round(RISE_S / hop_s))
    windows_at_once = math.ceil(features.fft_length / features.hop_length)
    exponent = 2.0 if features.data_type in LINEAR_DATA_TYPES else 1.0
    rises = []
    for label in range(len(clips.class_names)):
        of_class = clips.spectrograms[np.flatnonzero(clips.labels == label), -frames:, :, 0]
        powers = _powers(np.asarray(of_class, np.float64), exponent, windows_at_once)
        if powers.shape[1] < moment + lag:
            return 0.0
        levels = 10.0 * np.log10(np.lib.stride_tricks.sliding_window_view(powers, moment, axis=1).mean(axis=-1))
        found = levels[:, lag:] - levels[:, :-lag]
        found = found[np.isfinite(found)]
        rises.append(np.quantile(found, RISE_QUANTILE) if found.size else 0.0)
    return float(np.median(rises))


def _powers(logarithms: np.ndarray, exponent: float, windows_at_once: int) -> np.ndarray:
    """(clips, frames) mean over bins; NaN where a window holds some of the digital silence in front of a clip."""
    in_front = np.logical_and.accumulate((logarithms <= SILENCE).all(axis=-1), axis=1)
    num_left_out = in_front.sum(axis=1) + (windows_at_once - 1) * in_front[:, 0]
    powers = np.exp(exponent * logarithms).mean(axis=-1)
    return np.where(np.arange(powers.shape[1]) < num_left_out[:, np.newaxis], np.nan, powers)


def default_by_sound(training: TrainingData) -> tuple[str, str]:
    """(name of the candidate that is the default for such clips, why)."""
    found = rise_db(training.clips, training.data, training.features)
    name, sound = (FOR_EVENTS, "events") if found > EVENT_RISE_DB else (FOR_STEADY, "steady sounds")
    return name, (
        f"{sound}: the level rises by {found:.1f} dB within {RISE_S:g} s, that of events by more than {EVENT_RISE_DB:g}"
    )


def rule() -> list:
    """What tells this rule from others, ready for JSON."""
    return [FOR_EVENTS, FOR_STEADY, "rise", EVENT_RISE_DB, RISE_S, MOMENT_S, RISE_QUANTILE]
