"""Statistics of bands, for linear models, and a linear yardstick that any baseline must reach."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from gansynth_isa.data.clip_sets.clip_set import ClipSet

NUM_BANDS = 64  # of the yardstick
BAND_POWER_FLOOR = 1e-12
LEVEL_BANDS, VARIATION_BANDS = 64, 8
CLIPS_AT_ONCE = 64
# Natural logarithm of power, about 0.04 dB: a statistic that varies less from clip to clip, such as that of a band
# without sound, varies by rounding alone.
MIN_DEVIATION = 0.01


def band_edges(num_bins: int, num_bands: int) -> np.ndarray:
    """First mel bin of every band and, last, the number of bins: int64 (bands + 1,); never more bands than bins."""
    return np.linspace(0, num_bins, min(num_bands, num_bins) + 1).astype(np.int64)


def band_statistics(spectrograms: np.ndarray, num_bands: int = NUM_BANDS) -> np.ndarray:
    """Mean and standard deviation over time of log-mel bands.

    Args:
      spectrograms: (clips, frames, mel_bins, channels), natural logarithm of power; the first channel is used.
      num_bands: neighbouring mel bins are joined (powers averaged) to this many bands; fewer where there are
        fewer bins.

    Returns:
      float64 (clips, 2 * bands): all means, then all deviations.
    """
    bands = _log_bands(np.exp(spectrograms[..., 0].astype(np.float64)), num_bands)
    return np.concatenate([bands.mean(axis=1), bands.std(axis=1)], axis=1)


def level_statistics(
    spectrograms: np.ndarray, level_bands: int = LEVEL_BANDS, variation_bands: int = VARIATION_BANDS
) -> np.ndarray:
    """Mean levels of narrow bands, and standard deviations over time of wide ones.

    The deviation of a narrow band is mostly that of its grain: many numbers that say little of the class. Events show
    in wide bands too.

    Args:
      spectrograms: (clips, frames, mel_bins, channels), natural logarithm of power, which may lie on disk; the first
        channel is used.
      level_bands: bands whose levels are taken; fewer where there are fewer bins.
      variation_bands: bands whose deviations are taken; fewer where there are fewer bins.

    Returns:
      float64 (clips, level_bands + variation_bands): all levels, then all deviations.
    """
    starts = range(0, max(len(spectrograms), 1), CLIPS_AT_ONCE)
    parts = (spectrograms[start : start + CLIPS_AT_ONCE] for start in starts)
    return np.concatenate([_level_statistics(part, level_bands, variation_bands) for part in parts])


def _level_statistics(spectrograms: np.ndarray, level_bands: int, variation_bands: int) -> np.ndarray:
    power = np.exp(spectrograms[..., 0].astype(np.float64))
    levels = _log_bands(power, level_bands).mean(axis=1)
    return np.concatenate([levels, _log_bands(power, variation_bands).std(axis=1)], axis=1)


def _log_bands(power: np.ndarray, num_bands: int) -> np.ndarray:
    """(clips, frames, bands), natural logarithm of the mean power of each band's bins."""
    edges = band_edges(power.shape[2], num_bands)
    return np.log(np.add.reduceat(power, edges[:-1], axis=2) / np.diff(edges) + BAND_POWER_FLOOR)


def fit_yardstick(train: ClipSet) -> Pipeline:
    """Logistic regression on standardised band statistics of the training clips."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return model.fit(band_statistics(train.spectrograms), train.labels)


def yardstick_accuracy(train: ClipSet, test: ClipSet) -> float:
    """Share of test clips that the yardstick, fitted to the training clips, gets right."""
    return float(fit_yardstick(train).score(band_statistics(test.spectrograms), test.labels))
