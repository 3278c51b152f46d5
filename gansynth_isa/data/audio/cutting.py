"""Recordings to clips of equal length, in NumPy."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import InputError


@dataclass(frozen=True)
class Clip:
    """A piece of one channel of a recording.

    Attributes:
      samples: float32 (clip_samples,), full scale 1.
      channel: index of the channel, or None for a mix of all.
      start_s: where the clip starts in the recording, in seconds; negative where silence was put in front.
    """

    samples: np.ndarray
    channel: int | None
    start_s: float


def cut_clips(samples: np.ndarray, data: DataConfig) -> list[Clip]:
    """Cuts one recording.

    Whole clips are cut at a stride of `clip_seconds * (1 - clip_overlap)`, and what is left at the end is
    dropped. A recording shorter than a clip becomes one clip with silence in front. Clips whose level lies
    below `min_clip_dbfs` are left out; the level is that of the recording's own samples, before any peak
    normalisation.

    Args:
      samples: float32 (samples, channels) at `data.sample_rate`.
      data: `clip_seconds` must be known.

    Returns:
      Clips, one channel after the other, each in order of time; perhaps none.

    Raises:
      InputError: a channel that the recording does not have.
    """
    length = clip_samples(data)
    clips = []
    for channel, start, piece in _loud_pieces(samples, data):
        missing = length - len(piece)
        finished = np.pad(_scale_to_peak(piece) if data.peak_normalize else piece, (missing, 0))
        clips.append(Clip(finished, channel, (start - missing) / data.sample_rate))
    return clips


def count_clips(samples: np.ndarray, data: DataConfig) -> int:
    """How many clips `cut_clips` makes of the same arguments."""
    return sum(1 for _ in _loud_pieces(samples, data))


def _loud_pieces(samples: np.ndarray, data: DataConfig) -> Iterator[tuple[int | None, int, np.ndarray]]:
    """(channel, first sample, samples) of what becomes a clip; a recording shorter than a clip is one piece."""
    length, stride = clip_samples(data), clip_stride(data)
    for channel, signal in select_channels(samples, data.channels):
        for start in range(0, max(1, len(signal) - length + 1), stride):
            piece = signal[start : start + length]
            if _is_loud_enough(piece, data.min_clip_dbfs):
                yield channel, start, piece


def check_clip_length(data: DataConfig) -> None:
    """Refuses clips of no sample.

    Args:
      data: `clip_seconds` must be known.

    Raises:
      InputError: says how long they would be.
    """
    if clip_samples(data) < 1:
        raise InputError(f"clip_seconds: expected a clip of one sample at least, got {data.clip_seconds:g} s")


def clip_stride(data: DataConfig) -> int:
    """Samples from the start of one clip to the start of the next."""
    return max(1, round(clip_samples(data) * (1.0 - data.clip_overlap)))


def level_dbfs(samples: np.ndarray) -> float:
    """RMS level of samples in dB relative to full scale; -inf for silence."""
    mean_square = float(np.mean(np.square(samples, dtype=np.float64)))
    return 10.0 * np.log10(mean_square) if mean_square > 0.0 else -np.inf


def select_channels(samples: np.ndarray, channels: str) -> list[tuple[int | None, np.ndarray]]:
    """(channel index, signal) of every signal that clips are cut from; the index of a mix is None.

    Args:
      samples: float32 (samples, channels).
      channels: see `DataConfig.channels`.

    Raises:
      InputError: a channel that the recording does not have.
    """
    if channels == "mix":
        return [(None, samples.mean(axis=1))]
    if channels == "each":
        return [(channel, samples[:, channel]) for channel in range(samples.shape[1])]
    check_channel(samples.shape[1], channels)
    return [(int(channels), samples[:, int(channels)])]


def check_channel(num_channels: int, channels: str, path: Path | str = "") -> None:
    """Refuses the index of a channel that a recording does not have.

    Args:
      num_channels: what the recording has.
      channels: see `DataConfig.channels`.
      path: its name, where the message is to hold it.

    Raises:
      InputError: says how many there are.
    """
    if channels not in ("mix", "each") and int(channels) >= num_channels:
        where = f" ({path})" if path else ""
        raise InputError(
            f"channels: expected an index below {num_channels}, the number of channels, got {channels}{where}"
        )


def _is_loud_enough(piece: np.ndarray, min_clip_dbfs: float | None) -> bool:
    return min_clip_dbfs is None or level_dbfs(piece) >= min_clip_dbfs


def _scale_to_peak(piece: np.ndarray) -> np.ndarray:
    """The piece with a largest magnitude of 1; silence stays silence."""
    peak = np.abs(piece).max()
    return piece / peak if peak > 0.0 else piece
