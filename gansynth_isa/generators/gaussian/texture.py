"""How values of the residual hang together over time and frequency.

Windows and hops overlap, and so do mel bands; a whole clip is louder or brighter than the others, a frame louder than
the next. All this is in the power spectrum of the residual as an image: a stationary process in both directions, of a
period of twice the clip, so that its ends do not meet. White noise of that period, each of its waves as strong as the
spectrum says, has the same autocorrelation.
"""

import numpy as np


def texture_amplitudes(residual: np.ndarray) -> np.ndarray:
    """How strong the waves of white noise must be, for it to hang together like residuals.

    Args:
      residual: float (clips, frames, mel_bins, channels), every value over its deviation.

    Returns:
      float64 (channels, 2 frames, 2 mel_bins), from 0 on, a mean square of 1 in each channel: noise keeps its
      deviation. The autocorrelation that follows is that of the residual, times the share of the clip in which values
      of that distance both lie.
    """
    images = np.moveaxis(residual, -1, 0)
    channels, _, frames, mel_bins = images.shape
    power = np.zeros((channels, 2 * frames, 2 * mel_bins))
    for image in np.moveaxis(images, 1, 0):
        power += np.square(np.abs(np.fft.fft2(image, s=power.shape[1:])))
    mean = power.mean(axis=(1, 2), keepdims=True)
    return np.sqrt(np.where(mean > 0, power / np.maximum(mean, 1e-30), 1.0))
