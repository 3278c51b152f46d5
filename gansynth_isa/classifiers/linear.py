"""A linear yardstick: what any classifier that calls itself a baseline must reach."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from gansynth_isa.data.clip_sets.clip_set import ClipSet

NUM_BANDS = 64
BAND_POWER_FLOOR = 1e-12


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
    power = np.exp(spectrograms[..., 0].astype(np.float64))
    edges = band_edges(power.shape[2], num_bands)
    widths = np.diff(edges)
    bands = np.log(np.add.reduceat(power, edges[:-1], axis=2) / widths + BAND_POWER_FLOOR)
    return np.concatenate([bands.mean(axis=1), bands.std(axis=1)], axis=1)


def fit_yardstick(train: ClipSet) -> Pipeline:
    """Logistic regression on standardised band statistics of the training clips."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return model.fit(band_statistics(train.spectrograms), train.labels)


def yardstick_accuracy(train: ClipSet, test: ClipSet) -> float:
    """Share of test clips that the yardstick, fitted to the training clips, gets right."""
    return float(fit_yardstick(train).score(band_statistics(test.spectrograms), test.labels))
