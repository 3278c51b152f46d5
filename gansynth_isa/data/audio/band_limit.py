"""Finds where a recording's spectrum was cut off: what is left of an earlier, lower sample rate or of a lossy codec."""

import numpy as np
import scipy.fft

FFT_LENGTH = 2048
MAX_FRAMES = 24  # spread over the recording
# Half the usual sample rates, and where usual codecs stop, in Hz. Filters stop a little below.
USUAL_LIMITS_HZ = (4000, 5512, 6000, 8000, 11025, 12000, 16000, 17000, 18000, 19000, 20000, 22050, 24000)
BELOW, ABOVE = (0.75, 0.88), 1.03  # of the limit; filters of resamplers fall in between
MAX_ABOVE = 0.9  # of half the sample rate: beyond, too little is left to judge by
MIN_DROP_DB = (
    15.0  # from nearly the weakest bin below to nearly the strongest above: no sound falls like that by itself
)
WEAK, STRONG = 0.1, 0.98  # quantiles


def band_limit_hz(samples: np.ndarray, sample_rate: int) -> float | None:
    """Frequency in Hz, one of USUAL_LIMITS_HZ, where the spectrum was cut off; None where it was not.

    All frequencies below it are much stronger than all above it, so that tones and overtones alone show nothing.

    Args:
      samples: float32 (samples, channels), full scale 1.
      sample_rate: in Hz.
    """
    power = _mean_power(samples)
    if power is None:
        return None
    level_db = 10.0 * np.log10(power + 1e-30)
    drops: dict[int, float] = {}
    for limit in USUAL_LIMITS_HZ:
        bin_of_limit = limit / sample_rate * FFT_LENGTH
        start, end, above = (int(part * bin_of_limit) for part in (*BELOW, ABOVE))
        if above < MAX_ABOVE * FFT_LENGTH / 2 and end > start:
            drops[limit] = _quantile(level_db[start:end], WEAK) - _quantile(level_db[above:], STRONG)
    if not drops:
        return None
    limit_hz = max(drops, key=lambda limit: drops[limit])
    return float(limit_hz) if drops[limit_hz] >= MIN_DROP_DB else None


def _mean_power(samples: np.ndarray) -> np.ndarray | None:
    """Mean power of each bin (FFT_LENGTH / 2 + 1,) over frames and channels; None where there is no whole frame."""
    num_frames = len(samples) // FFT_LENGTH
    if num_frames == 0:
        return None
    starts = np.unique(np.linspace(0, len(samples) - FFT_LENGTH, min(num_frames, MAX_FRAMES)).astype(int))
    window = np.hanning(FFT_LENGTH).astype(np.float32)
    frames = np.stack([samples[start : start + FFT_LENGTH].T for start in starts]) * window
    return np.square(np.abs(scipy.fft.rfft(frames, axis=2))).mean(axis=(0, 1))


def _quantile(values: np.ndarray, share: float) -> float:
    """Without interpolation, for which `numpy.quantile` takes ten times as long."""
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])
