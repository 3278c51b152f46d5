"""Mean and deviation of log-mel clips per mel bin, for classifiers and for distances between clips."""

import numpy as np

STD_FLOOR = 0.25  # natural logarithm of power, about 1 dB: a constant bin must not blow up


def standardisation(spectrograms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over clips and frames, float32 (mel_bins, channels) each.

    Args:
      spectrograms: (clips, frames, mel_bins, channels).
    """
    mean = spectrograms.mean(axis=(0, 1), dtype=np.float64)
    std = spectrograms.std(axis=(0, 1), dtype=np.float64)
    return mean.astype(np.float32), np.maximum(std, STD_FLOOR).astype(np.float32)
