"""How neighbouring values of the residual hang together: windows and hops overlap, and so do mel bands.

White noise passed through the kernel that is found here has the autocorrelation of the residual over near frames and
bins: the spectral factorisation of a stationary process, with zero phase.
"""

import numpy as np

KERNEL_SIZE = 5  # frames and bins; lags of more than two hardly correlate at any hop that is in use
TAPER = (0.5, 1.0, 1.0, 1.0, 0.5)  # over the lags -2 .. 2: a correlation that is cut off has a negative spectrum
SPECTRUM_SIZE = 64
SMALLEST_POWER = 1e-4  # relative to the mean


def texture_kernel(residual: np.ndarray) -> np.ndarray:
    """The kernel that gives white noise the local correlation of residuals.

    Args:
      residual: float (clips, frames, mel_bins, channels), every value over its deviation.

    Returns:
      float64 (KERNEL_SIZE, KERNEL_SIZE, channels), symmetric, the squares of a channel adding up to 1.
    """
    correlation = _autocorrelation(residual) * np.outer(TAPER, TAPER)[..., np.newaxis]
    reach = KERNEL_SIZE // 2
    lags = np.arange(-reach, reach + 1) % SPECTRUM_SIZE
    padded = np.zeros((SPECTRUM_SIZE, SPECTRUM_SIZE, residual.shape[-1]))
    padded[np.ix_(lags, lags)] = correlation
    power = np.maximum(np.fft.fft2(padded, axes=(0, 1)).real, SMALLEST_POWER)
    kernel = np.fft.ifft2(np.sqrt(power), axes=(0, 1)).real[np.ix_(lags, lags)]
    return kernel / np.sqrt(np.square(kernel).sum(axis=(0, 1)))


def edge_gain(kernel: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """(frames, mel_bins, channels) deviation of white noise after the kernel, below 1 where it reaches past an edge."""
    reach = KERNEL_SIZE // 2
    frames, mel_bins, _ = shape
    inside = np.pad(np.ones(shape), ((reach, reach), (reach, reach), (0, 0)))
    squares = np.zeros(shape)
    for row in range(KERNEL_SIZE):
        for column in range(KERNEL_SIZE):
            squares += kernel[row, column] ** 2 * inside[row : row + frames, column : column + mel_bins]
    return np.sqrt(squares)


def _autocorrelation(residual: np.ndarray) -> np.ndarray:
    """(KERNEL_SIZE, KERNEL_SIZE, channels) over the lags of frames and bins, 1 at lag 0; symmetric."""
    _, frames, mel_bins, channels = residual.shape
    reach = KERNEL_SIZE // 2
    found = np.zeros((KERNEL_SIZE, KERNEL_SIZE, channels))
    power = np.maximum(np.square(residual, dtype=np.float64).mean(axis=(0, 1, 2)), 1e-30)
    for row in range(-reach, reach + 1):
        for column in range(-reach, reach + 1):
            if abs(row) < frames and abs(column) < mel_bins:
                first = residual[:, max(0, row) : frames + min(0, row), max(0, column) : mel_bins + min(0, column)]
                second = residual[:, max(0, -row) : frames - max(0, row), max(0, -column) : mel_bins - max(0, column)]
                found[row + reach, column + reach] = (first * second).mean(axis=(0, 1, 2), dtype=np.float64) / power
    return (found + found[::-1, ::-1]) / 2
