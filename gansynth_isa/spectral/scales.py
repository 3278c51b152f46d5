"""What the axes of a clip mean: seconds, hertz, and what its channels hold."""

import numpy as np

from gansynth_isa.config import LINEAR_DATA_TYPES, FeatureConfig
from gansynth_isa.spectral.mel import band_edges_hz

ROUND_HZ = (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
ROUND_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)
CHANNELS = {
    "log_mel": ("log-mel power",),
    "mel": ("log-mel power", "instantaneous frequency"),
    "linear": ("log magnitude", "instantaneous frequency"),
    "phase": ("log magnitude", "phase"),
}


def duration_s(features: FeatureConfig, sample_rate: int) -> float:
    """Length of the time axis, a hop per frame."""
    return features.shape[0] * features.hop_length / sample_rate


def bin_centres_hz(features: FeatureConfig, sample_rate: int) -> np.ndarray:
    """Frequency of each bin of a clip, float64 (mel_bins,), rising."""
    num_linear_bins = features.fft_length // 2
    if features.data_type in LINEAR_DATA_TYPES:
        return np.arange(1, num_linear_bins + 1) * sample_rate / features.fft_length
    return band_edges_hz(sample_rate, num_linear_bins, features.mel_bins)[1:-1]


def frequency_ticks(features: FeatureConfig, sample_rate: int, gap: float = 0.14) -> list[tuple[float, str]]:
    """Round frequencies for the frequency axis, highest first.

    Args:
      features: of the clips.
      sample_rate: in Hz.
      gap: least distance between two ticks, as a share of the axis.

    Returns:
      (place as a share of the axis, name) of each.
    """
    centres_hz = bin_centres_hz(features, sample_rate)
    places = (np.arange(len(centres_hz)) + 0.5) / len(centres_hz)
    ticks: list[tuple[float, str]] = []
    for frequency_hz in ROUND_HZ:
        place = float(np.interp(frequency_hz, centres_hz, places))
        is_inside = centres_hz[0] <= frequency_hz <= centres_hz[-1]
        if is_inside and (not ticks or ticks[-1][0] - place >= gap):
            name = f"{frequency_hz // 1000}k" if frequency_hz >= 1000 else str(frequency_hz)
            ticks.append((place, name))
    return ticks


def time_ticks(features: FeatureConfig, sample_rate: int, most: int = 3) -> list[tuple[float, str]]:
    """At most `most` + 1 round times for the time axis: (place as a share of the axis, name in s) of each.

    The end of the axis is left out, so that neighbouring clips can stand side by side.
    """
    whole_s = duration_s(features, sample_rate)
    step_s = next((step for step in ROUND_S if whole_s / step <= most), whole_s / most)
    times_s = np.arange(0.0, 0.9 * whole_s, step_s)
    return [(time_s / whole_s, f"{time_s:g}") for time_s in times_s.round(6)]
