"""Gradient penalty of WGAN-GP (Gulrajani et al. 2017) from a gradient that is already taken."""

from keras import ops

from gansynth_isa.tensors import Tensor

# Inside the root: the original has none and gives NaN at a zero gradient.
SLOPE_EPSILON = 1e-12


def interpolate(real: Tensor, fake: Tensor, fraction: Tensor) -> Tensor:
    """Images between real and fake ones: real + fraction * (fake - real).

    Args:
      real, fake: (batch, ...).
      fraction: in [0, 1), (batch, 1, ..., 1).
    """
    return real + fraction * (fake - real)


def gradient_penalty(gradients: Tensor, target: float = 1.0, slope_scale: float = 1.0) -> Tensor:
    """mean((slope / target - 1)^2), slope being the L2 norm over an image's pixels of dscore/dimage.

    Args:
      gradients: (batch, frames, mel_bins, channels) at the resolution at which they were taken, or (batch, samples,
        channels).
      target: slope that is not penalised.
      slope_scale: factor from that slope to the one at the final resolution. Seen from there, an image
        reaches the discriminator through a box mean over n pixels, which divides the norm by sqrt(n).

    Returns:
      Scalar.
    """
    squares = ops.sum(ops.square(gradients), axis=tuple(range(1, len(gradients.shape))))
    slopes = ops.sqrt(squares + SLOPE_EPSILON) * slope_scale
    return ops.mean(ops.square(slopes / target - 1.0))
