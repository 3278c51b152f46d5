"""Whether recordings are mostly background with short events, so that clips as they are cut hold little of these."""

from collections.abc import Iterable, Iterator

import numpy as np

from gansynth_isa.config import DataConfig

BLOCK_S = 0.01
BACKGROUND_QUANTILE = 0.25  # of the powers of a recording's blocks
EVENT_DB = 15.0  # so far above the background is the loudest block of a recording with events
LOUD_DB = 10.0  # a block this much below the loudest, both above the background, is not loud any more
SHORT_SHARE = 0.1  # of a clip: loud sound for a shorter time is a piece of an event, or a short one
# Shares of the clips that are worth a warning. Of impacts in a building no clip of 1.45 s is without loud sound and an
# eighth has it for less than a tenth; of the same recordings in clips of 0.4 s two fifths are without.
MAX_EMPTY_SHARE = 0.25
MAX_SHORT_SHARE = 0.75


def block_powers(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """Mean power of every 10 ms, over all channels.

    Args:
      samples: float32 (samples, channels), full scale 1, without their mean.
      sample_rate: in Hz.

    Returns:
      float32 (blocks,), at least one; what is left at the end is dropped.
    """
    length = min(max(1, round(BLOCK_S * sample_rate)), len(samples))
    num_blocks = len(samples) // length
    squares = np.square(samples[: num_blocks * length], dtype=np.float32)
    return squares.reshape(num_blocks, -1).mean(axis=1)


def is_loud(powers: np.ndarray) -> np.ndarray:
    """bool (blocks,): which blocks hold an event; all of them where the recording has none that stands out.

    Args:
      powers: of one recording, see `block_powers`.
    """
    background = np.quantile(powers, BACKGROUND_QUANTILE)
    if powers.max() <= background * 10.0 ** (EVENT_DB / 10.0):
        return np.ones(len(powers), bool)
    above = powers - background
    return above > above.max() * 10.0 ** (-LOUD_DB / 10.0)


def short_event_lines(recordings: Iterable[np.ndarray], data: DataConfig, clip_seconds: float) -> Iterator[str]:
    """A line if many clips hold no loud sound, or most of them for less than a tenth of the clip; else none.

    Args:
      recordings: their powers, see `block_powers`.
      data: how clips overlap, and which are too quiet to be cut.
      clip_seconds: length of a clip.
    """
    found = [shares for powers in recordings for shares in [_loud_shares(powers, data, clip_seconds)] if len(shares)]
    shares = np.concatenate(found) if found else np.zeros(0)
    num_short, num_empty = int((shares < SHORT_SHARE).sum()), int((shares == 0.0).sum())
    if num_empty > MAX_EMPTY_SHARE * len(shares) or num_short > MAX_SHORT_SHARE * len(shares):
        yield (
            f"short events: of {len(shares):,} clips of {clip_seconds:g} s {num_empty:,} hold no loud sound, and "
            f"{num_short - num_empty:,} for less than a tenth of the clip; recordings cut to their events, another "
            "--clip_seconds or --min_clip_dbfs may keep more of it"
        )


def _loud_shares(powers: np.ndarray, data: DataConfig, clip_seconds: float) -> np.ndarray:
    """(clips,) share of each clip that is loud, cut as by `cut_clips` to a block's precision."""
    length = max(1, round(clip_seconds / BLOCK_S))
    stride = max(1, round(length * (1.0 - data.clip_overlap)))
    starts = np.arange(0, max(1, len(powers) - length + 1), stride)
    ends = np.minimum(starts + length, len(powers))
    if data.min_clip_dbfs is not None:
        means = _sums(powers.astype(np.float64), starts, ends) / (ends - starts)
        is_cut = means >= 10.0 ** (data.min_clip_dbfs / 10.0)
        starts, ends = starts[is_cut], ends[is_cut]
    return _sums(is_loud(powers), starts, ends) / length


def _sums(values: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    totals = np.concatenate([[0], np.cumsum(values)])
    return totals[ends] - totals[starts]
