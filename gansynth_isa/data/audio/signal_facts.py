"""What the samples of a recording say about how it was made, not about what is heard."""

from dataclasses import dataclass

import numpy as np

from gansynth_isa.data.audio.band_limit import band_limit_hz
from gansynth_isa.data.audio.cutting import level_dbfs

SILENCE_DBFS = -80.0  # RMS level without the mean, in dBFS; 16-bit rounding noise has -101
MAX_LOSS_DB = 90.0  # less than 16 bits are left of the mix: silence, which has no level
FRACTION_BITS = 23  # of float32: whole numbers of 24 bits are exact
ZEROS_S = 0.02  # zeros for as long as this come from a program, not from a microphone
BLOCK_S = 0.01
PAUSE_QUANTILES = (0.05, 0.25)
PAUSE_SPREAD_DB = 3.0  # a sound that dies away does not stay as even as this
PAUSE_DEPTH_DB = 20.0
MAX_VALUES_FOR_BITS = 2**20  # as many values, spread over the recording, show all bits that are in use


@dataclass(frozen=True)
class SignalFacts:
    """What was measured on one recording, before it was resampled.

    Attributes:
      mix_loss_db: by how much the mean of the channels is quieter than the power mean of the channels, all without
        their means; None for one channel and for silence.
      silent_channels: indices of those that are silence although others are not.
      used_bits: bits per sample that are in use, whatever the format could hold; None where samples are no whole
        numbers of 24 bits, or all zero.
      has_digital_silence: whether all channels are zero for ZEROS_S.
      pause_dbfs: level of the pauses, in dBFS; None where there are none: a quarter of the recording that is even
        and far quieter than the rest.
      band_limit_hz: where the spectrum was cut off, in Hz; None where it was not.
    """

    mix_loss_db: float | None
    silent_channels: tuple[int, ...]
    used_bits: int | None
    has_digital_silence: bool
    pause_dbfs: float | None
    band_limit_hz: float | None


def measure_signal(samples: np.ndarray, sample_rate: int) -> SignalFacts:
    """Measures one recording: float32 (samples, channels), full scale 1, at a rate in Hz."""
    return SignalFacts(
        mix_loss_db=_mix_loss_db(samples),
        silent_channels=_silent_channels(samples),
        used_bits=_used_bits(samples),
        has_digital_silence=_has_zeros(samples, max(1, round(ZEROS_S * sample_rate))),
        pause_dbfs=_pause_dbfs(samples, max(1, round(BLOCK_S * sample_rate))),
        band_limit_hz=band_limit_hz(samples, sample_rate),
    )


def without_mean(samples: np.ndarray) -> np.ndarray:
    """Samples without the mean of each channel, which nobody hears."""
    return samples - samples.mean(axis=0, dtype=np.float64).astype(np.float32)


def _mix_loss_db(samples: np.ndarray) -> float | None:
    if samples.shape[1] == 1:
        return None
    centred = without_mean(samples)
    level = level_dbfs(centred)
    if level < SILENCE_DBFS:
        return None
    return float(
        min(level - level_dbfs(centred @ np.full(samples.shape[1], 1.0 / samples.shape[1], np.float32)), MAX_LOSS_DB)
    )


def _silent_channels(samples: np.ndarray) -> tuple[int, ...]:
    if samples.shape[1] == 1:
        return ()
    levels = [level_dbfs(without_mean(samples[:, [channel]])) for channel in range(samples.shape[1])]
    silent = tuple(channel for channel, level in enumerate(levels) if level < SILENCE_DBFS)
    return silent if len(silent) < len(levels) else ()


def _used_bits(samples: np.ndarray) -> int | None:
    """Counts from the highest bit to the lowest that is set anywhere."""
    scaled = samples[:: 1 + samples.size // MAX_VALUES_FOR_BITS] * np.float32(2**FRACTION_BITS)
    if np.abs(scaled).max() > 2**FRACTION_BITS:
        return None
    integers = scaled.astype(np.int32)
    if not np.array_equal(integers, scaled):
        return None
    together = int(np.bitwise_or.reduce(integers, axis=None))
    lowest = together & -together
    return FRACTION_BITS + 2 - lowest.bit_length() if lowest else None


def _has_zeros(samples: np.ndarray, num_wanted: int) -> bool:
    """Whether so many neighbouring samples are zero in all channels; a look at a few of them rules most out."""
    is_zero = ~samples[:: max(1, num_wanted // 2)].any(axis=1)
    if len(is_zero) > 1 and not (is_zero[1:] & is_zero[:-1]).any():
        return False
    is_sound = np.flatnonzero(samples.any(axis=1))
    edges = np.concatenate([[-1], is_sound, [len(samples)]])
    return bool(np.diff(edges).max() > num_wanted)


def _pause_dbfs(samples: np.ndarray, block: int) -> float | None:
    num_blocks = len(samples) // block
    if num_blocks < 1 / PAUSE_QUANTILES[0]:
        return None
    channels = np.ascontiguousarray(samples[: num_blocks * block].T).reshape(-1, num_blocks, block)
    power = channels.var(axis=2).mean(axis=0, dtype=np.float64)
    quiet, less_quiet = np.quantile(power, PAUSE_QUANTILES)
    if quiet <= 0.0 or less_quiet > quiet * 10.0 ** (PAUSE_SPREAD_DB / 10.0):
        return None
    depth = 10.0 * np.log10(power.mean() / quiet)
    return float(10.0 * np.log10(quiet)) if depth >= PAUSE_DEPTH_DB else None
