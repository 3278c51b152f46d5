"""Impacts cut out of clips: the power that they add to the background, aligned at the onset.

Power over the background is found by spectral subtraction with over-subtraction and a floor (Berouti, Schwartz and
Makhoul, 1979). What was there just before an onset, such as the end of the impact before, is subtracted too. What the
background hides is taken to decay as impacts do on average, and what comes after the next onset as the impact did
before, or as they do on average if that is faster. Of an impact that begins before the one before has died away a part
alone is heard: its moment and level count, but not its shape.

Logarithms of what is hardly heard differ by more than those of what is heard. So all impacts get the same floor before
the logarithm is taken; it is taken away again from impacts that are made.
"""

from dataclasses import dataclass

import numpy as np

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.events.onsets import Onsets, frames_of_window

OVER_SUBTRACTION = 2.0  # noise exceeds twice its mean power in one value of seven
FLOOR = 0.1  # of the background's power: less cannot be told from nothing
QUIET_SHARE = 0.125  # of a clip's frames, those in which it is quietest
DIED_AWAY = 0.1  # of the largest mean elevation over the background, in logarithms
LEAST_SHARE = 0.25  # of the impacts, that must not have been interrupted where their decay is judged
SHORTEST = 2  # frames
LEAST_SHARE_OF_FLOOR = 1e-6


@dataclass(frozen=True)
class Decay:
    """How impacts die away on average.

    Attributes:
      length: frames from the onset until they have.
      died_away: elevation over the background, in logarithms, that counts as having died away.
      rate: fall of the elevation from its peak until then, in logarithms, per frame.
    """

    length: int
    died_away: float
    rate: float


@dataclass(frozen=True)
class Impacts:
    """Impacts of clips, in the order of clips and times.

    Attributes:
      clips: int (e,), the clips that they were cut out of.
      frames: int (e,), of their onsets.
      shapes: float64 (e, length, mel_bins), natural logarithm of power, on the floor.
      levels: float64 (e,), natural logarithm of power, see `level_of`.
      floor: float64 (mel_bins,), likewise: the median of the clips' backgrounds.
      alone: bool (e,), begins when the impact before has died away.
    """

    clips: np.ndarray
    frames: np.ndarray
    shapes: np.ndarray
    levels: np.ndarray
    floor: np.ndarray
    alone: np.ndarray


def quiet_frames(magnitudes: np.ndarray, onsets: Onsets) -> np.ndarray:
    """bool (n, frames): the eighth of the frames without padding in which a clip is quietest, one at least."""
    levels = magnitudes.mean(axis=2)
    found = np.zeros(levels.shape, bool)
    for clip, padded in enumerate(onsets.padded):
        order = np.argsort(levels[clip, padded:], kind="stable")
        found[clip, padded + order[: max(1, round(QUIET_SHARE * len(order)))]] = True
    return found


def background_power(magnitudes: np.ndarray, quiet: np.ndarray) -> np.ndarray:
    """(n, mel_bins) mean power of clips (n, frames, mel_bins) over their quiet frames."""
    pairs = zip(magnitudes, quiet, strict=True)
    return np.stack([np.exp(clip[is_quiet]).mean(axis=0) for clip, is_quiet in pairs])


def elevations_of(magnitudes: np.ndarray, quiet: np.ndarray) -> np.ndarray:
    """(n, frames) levels of clips (n, frames, mel_bins) over those of their quiet frames, in logarithms."""
    levels = magnitudes.mean(axis=2)
    return levels - (levels * quiet).sum(axis=1, keepdims=True) / quiet.sum(axis=1, keepdims=True)


def decay_of(elevations: np.ndarray, onsets: Onsets) -> Decay:
    """How impacts die away: until their mean elevation has fallen to a tenth of its peak for good.

    Impacts count until the next one begins or the clip ends.

    Args:
      elevations: (n, frames), see `elevations_of`.
      onsets: of these clips, one at least.
    """
    rows = [elevations[clip, frame:end] for clip, frame, end in _spans(onsets)]
    sums, counts = np.zeros(elevations.shape[1]), np.zeros(elevations.shape[1], int)
    for row in rows:
        sums[: len(row)] += row
        counts[: len(row)] += 1
    means = (sums / np.maximum(counts, 1))[counts >= LEAST_SHARE * len(rows)]
    peak, died_away = int(np.argmax(means)), DIED_AWAY * means.max()
    last = int(np.flatnonzero(means >= died_away)[-1])
    rate = (means[peak] - means[last]) / max(1, last - peak)
    return Decay(max(SHORTEST, last + 1), float(died_away), float(rate))


def cut_impacts(
    magnitudes: np.ndarray, onsets: Onsets, quiet: np.ndarray, decay: Decay, features: FeatureConfig
) -> Impacts:
    """Cuts impacts out of clips.

    Args:
      magnitudes: (n, frames, mel_bins), natural logarithm of power.
      onsets: of these clips.
      quiet: see `quiet_frames`.
      decay: of the impacts; of its length they are cut.
      features: of the clips.
    """
    spans, background, window = _spans(onsets), background_power(magnitudes, quiet), frames_of_window(features)
    shapes = np.zeros((len(spans), decay.length, magnitudes.shape[2]))
    for row, (clip, frame, end) in enumerate(spans):
        heard = magnitudes[clip, frame : min(end, frame + decay.length)]
        before = np.maximum(background[clip], np.exp(magnitudes[clip, frame - 1]))
        shapes[row] = _over_background(heard, before, FLOOR * background[clip], decay)
    levels = level_of(shapes, features)
    clips = np.array([clip for clip, _, _ in spans], int)
    frames = np.array([frame for _, frame, _ in spans], int)
    floor = np.median(np.log(background), axis=0)
    before = elevations_of(magnitudes, quiet)[clips, np.maximum(0, frames - window)]
    return Impacts(clips, frames, np.logaddexp(shapes, floor), levels, floor, before < decay.died_away)


def _over_background(heard: np.ndarray, before: np.ndarray, floor: np.ndarray, decay: Decay) -> np.ndarray:
    """(length, mel_bins) logarithm of the power of an impact, of which the first frames are heard.

    Args:
      heard: (frames, mel_bins), logarithm of power with the background.
      before: (mel_bins,), power that was there before.
      floor: (mel_bins,), least power that can be told from nothing.
      decay: of impacts.
    """
    shape, last = np.empty((decay.length, heard.shape[1])), len(heard) - 1
    for frame, frame_heard in enumerate(heard):
        power = np.exp(frame_heard) - OVER_SUBTRACTION * before
        hidden = np.minimum(np.log(floor), shape[frame - 1] - decay.rate if frame else np.inf)
        shape[frame] = np.where(power > floor, np.log(np.maximum(power, floor)), hidden)
    levels = shape[: last + 1].mean(axis=1)
    peak = int(np.argmax(levels))
    rate = max(decay.rate, (levels[peak] - levels[last]) / max(1, last - peak))
    shape[last + 1 :] = shape[last] - rate * np.arange(1, decay.length - last)[:, np.newaxis]
    return shape


def over_floor(shapes: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """Logarithm of the power of impacts (..., length, mel_bins) that their floor (mel_bins,) is taken away from."""
    return np.log(np.maximum(np.exp(shapes) - np.exp(floor), LEAST_SHARE_OF_FLOOR * np.exp(floor)))


def level_of(shapes: np.ndarray, features: FeatureConfig) -> np.ndarray:
    """(...) level of impacts (..., length, mel_bins): logarithm of their mean power while a window hears the onset."""
    return np.log(np.exp(shapes[..., : 1 + frames_of_window(features), :]).mean(axis=(-2, -1)))


def _spans(onsets: Onsets) -> list[tuple[int, int, int]]:
    """(clip, first frame, frame of the next onset or of the clip's end) of every impact."""
    num_clips, num_frames = onsets.found.shape
    found = []
    for clip in range(num_clips):
        starts = onsets.of_clip(clip)
        ends = [*starts[1:], num_frames][: len(starts)]
        found += [(clip, int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
    return found
