"""Diffusion after Karras et al., "Elucidating the Design Space of Diffusion-Based Generative Models" (2022).

Data of deviation DATA_DEVIATION bear normal noise of a deviation sigma, the noise level. A denoiser D(x; sigma) gives
the mean of the data that could have become x. It is a network between factors that keep its input and its output at a
deviation of 1 for every level (their Table 1, column "Ours").
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from keras import ops

from gansynth_isa.generators.diffusion.config import ANGLE
from gansynth_isa.tensors import Tensor

DATA_DEVIATION = 0.5
# Of the natural logarithm of the noise levels of a training, which are normal.
MEAN_LOG_LEVEL, DEVIATION_LOG_LEVEL = -1.2, 1.2
# Of the noise levels that sampling passes.
SMALLEST_LEVEL, LARGEST_LEVEL, RHO = 0.002, 80.0, 7.0

Denoise = Callable[[Tensor, Tensor], Tensor]


class Factors(NamedTuple):
    """What a denoiser of noise level sigma is made of: D(x) = skip x + out F(in_ x; noise), F being the network.

    Attributes:
      skip: c_skip, of the noisy data.
      out: c_out, of the network's output.
      in_: c_in, of the network's input.
      noise: c_noise, the noise level as the network is told it.
    """

    skip: Tensor
    out: Tensor
    in_: Tensor
    noise: Tensor


def factors(sigma: Tensor) -> Factors:
    """The factors of noise levels above 0, in their shape."""
    variance = ops.square(sigma) + DATA_DEVIATION**2
    return Factors(
        skip=DATA_DEVIATION**2 / variance,
        out=sigma * DATA_DEVIATION * ops.rsqrt(variance),
        in_=ops.rsqrt(variance),
        noise=ops.log(sigma) / 4.0,
    )


def loss_weight(sigma: Tensor) -> Tensor:
    """What the squared error of a denoiser counts, so that that of the network counts 1 at every level."""
    return (ops.square(sigma) + DATA_DEVIATION**2) / ops.square(sigma * DATA_DEVIATION)


def training_levels(standard_normal: Tensor) -> Tensor:
    """Noise levels of a training, of standard normal numbers."""
    return ops.exp(MEAN_LOG_LEVEL + DEVIATION_LOG_LEVEL * standard_normal)


def sampling_levels(num_steps: int) -> np.ndarray:
    """float64 (num_steps + 1,) noise levels that sampling passes, falling, the last one 0 (their equation 5).

    Args:
      num_steps: 2 or more.
    """
    ends = LARGEST_LEVEL ** (1 / RHO), SMALLEST_LEVEL ** (1 / RHO)
    return np.append(np.linspace(*ends, num_steps) ** RHO, 0.0)


def sample(denoise: Denoise, noise: Tensor, num_steps: int, variable: str = ANGLE) -> Tensor:
    """Follows the noise down to data by Heun's method (their Algorithm 1, without new noise on the way).

    Their slope, dx/dsigma = (x - D) / sigma, makes the variance of a Gaussian of deviation 0.5 in 18 steps 11 % too
    large. In the angle a = arctan(sigma / 0.5), the same path is dy/da = -F, where y = c_in x and F is the network (Lu
    and Song 2025, "TrigFlow"): that of data as they are scaled here is straight, and the same 18 steps are exact.

    Args:
      denoise: of (x, scalar noise level), both as in D(x; sigma).
      noise: (batch, ...), standard normal.
      num_steps: n, 2 or more; the denoiser is asked 2 n - 1 times.
      variable: 'angle', or 'sigma' as in the paper.

    Returns:
      (batch, ...) data.
    """
    levels = sampling_levels(num_steps)
    table = ops.convert_to_tensor(levels, "float32")
    advance = _over_angle if variable == ANGLE else _over_sigma

    def step(index: Tensor, current: Tensor) -> Tensor:
        return advance(denoise, current, ops.take(table, index), ops.take(table, index + 1))

    last = ops.fori_loop(0, num_steps - 1, step, noise * levels[0])
    # The last step, from the smallest level to 0, is Euler's: it ends at what the denoiser says.
    return denoise(last, table[num_steps - 1])


def _over_sigma(denoise: Denoise, current: Tensor, sigma: Tensor, following: Tensor) -> Tensor:
    """One step of Heun's method from one noise level to the following one."""
    slope = (current - denoise(current, sigma)) / sigma
    guess = current + (following - sigma) * slope
    corrected = (guess - denoise(guess, following)) / following
    return current + (following - sigma) * (slope + corrected) / 2.0


def _over_angle(denoise: Denoise, current: Tensor, sigma: Tensor, following: Tensor) -> Tensor:
    """The same step, straight in the angle instead of in the noise level."""
    here, there = factors(sigma), factors(following)
    turn = ops.arctan(sigma / DATA_DEVIATION) - ops.arctan(following / DATA_DEVIATION)
    scaled = here.in_ * current
    slope = (denoise(current, sigma) - here.skip * current) / here.out
    guess = (scaled + turn * slope) / there.in_
    corrected = (denoise(guess, following) - there.skip * guess) / there.out
    return (scaled + turn * (slope + corrected) / 2.0) / there.in_
