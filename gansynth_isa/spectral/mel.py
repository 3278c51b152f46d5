"""The mel matrix of GANSynth: HTK's mel scale, bands widened until each reaches a linear bin."""

from typing import TypeVar

import numpy as np

MEL_BREAK_FREQUENCY_HZ = 700.0
MEL_HIGH_FREQUENCY_Q = 1127.0
MIN_BAND_WIDTH_BINS = 1.5  # narrower bands are widened: they could fall between two linear bins

Frequencies = TypeVar("Frequencies", float, np.ndarray)  # one, or many


def hertz_to_mel(frequency_hz: Frequencies) -> Frequencies:
    """Frequency in Hz to mel, by the formula of HTK."""
    return MEL_HIGH_FREQUENCY_Q * np.log1p(np.asarray(frequency_hz, np.float64) / MEL_BREAK_FREQUENCY_HZ)


def mel_to_hertz(frequency_mel: Frequencies) -> Frequencies:
    """Mel to frequency in Hz, the inverse of `hertz_to_mel`."""
    return MEL_BREAK_FREQUENCY_HZ * np.expm1(np.asarray(frequency_mel, np.float64) / MEL_HIGH_FREQUENCY_Q)


def mel_matrix(sample_rate: int, num_linear_bins: int, mel_bins: int) -> np.ndarray:
    """Weights that turn a linear power spectrum into mel bands.

    The original places linear bin i at i / (num_linear_bins - 1) of the Nyquist frequency although its
    spectra have lost their DC bin, and gives the first linear bin no weight. Both are kept: the reference
    features depend on them, and so does the one mel bin that stays empty at 44.1 kHz.

    Args:
      sample_rate: in Hz; the bands cover 0 Hz to half of it.
      num_linear_bins: linear bins of the spectrum, half the FFT size.
      mel_bins: number of triangular bands, equally spaced in mel.

    Returns:
      float64 (num_linear_bins, mel_bins), values in [0, 1].
    """
    nyquist_hz = sample_rate / 2.0
    linear_hz = np.linspace(0.0, nyquist_hz, num_linear_bins)[:, np.newaxis]
    edges_hz = band_edges_hz(sample_rate, num_linear_bins, mel_bins)
    lower_hz, centre_hz, upper_hz = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    rising = (linear_hz - lower_hz) / (centre_hz - lower_hz)
    falling = (upper_hz - linear_hz) / (upper_hz - centre_hz)
    weights = np.maximum(0.0, np.minimum(rising, falling))
    weights[0] = 0.0
    return weights


def band_edges_hz(sample_rate: int, num_linear_bins: int, mel_bins: int) -> np.ndarray:
    """Where the bands of `mel_matrix` lie: band i rises from edge i to i + 1, its centre, and falls to i + 2.

    Widened bands push all bands above them up: of 1024 at 44.1 kHz nearly all the lower half is spaced evenly in Hz.

    Returns:
      float64 (mel_bins + 2,), in Hz, rising.
    """
    nyquist_hz = sample_rate / 2.0
    edges_mel = np.linspace(0.0, hertz_to_mel(nyquist_hz), mel_bins + 2)
    _widen(edges_mel, MIN_BAND_WIDTH_BINS * nyquist_hz / num_linear_bins)
    return mel_to_hertz(edges_mel)


def linear_matrix(weights: np.ndarray) -> np.ndarray:
    """The original's way back from mel bands to linear bins: the transposed matrix, each linear bin scaled.

    It is no inverse: it spreads each band over the bins that it was made of, so that a spectrum that is the same
    everywhere comes back as it was.

    Args:
      weights: (linear bins, mel_bins), see `mel_matrix`.

    Returns:
      float64 (mel_bins, linear bins).
    """
    sums = (weights @ weights.T).sum(axis=0)
    is_reached = np.abs(sums) > 1e-8
    return weights.T * np.where(is_reached, 1.0 / np.where(is_reached, sums, 1.0), sums)


def _widen(edges_mel: np.ndarray, min_width_hz: float) -> None:
    """Moves edges in place, from the lowest band up, until every band was at least `min_width_hz` wide.

    Neighbouring bands share their edges (band i lies between the edges i and i + 2, with its centre at
    i + 1), so widening one band moves the centre of the next: the order matters, and is the original's.
    """
    for band in range(len(edges_mel) - 2):
        centre_mel = edges_mel[band + 1]
        width_hz = mel_to_hertz(edges_mel[band + 2]) - mel_to_hertz(edges_mel[band])
        if width_hz < min_width_hz:
            break_distance_hz = mel_to_hertz(centre_mel) + MEL_BREAK_FREQUENCY_HZ
            half_width_mel = MEL_HIGH_FREQUENCY_Q * np.arcsinh(0.5 * min_width_hz / break_distance_hz)
            edges_mel[band] = centre_mel - half_width_mel
            edges_mel[band + 2] = centre_mel + half_width_mel
