"""A penalty that keeps the scores of real and fake images from drifting apart (LeCam, Tseng et al. 2021)."""

from keras import ops

from gansynth_isa.tensors import Tensor

AVERAGE_DECAY = 0.99  # of the moving averages, a step


def lecam_penalty(real_scores: Tensor, fake_scores: Tensor, averages: Tensor) -> Tensor:
    """mean(max(real - average of fakes, 0)^2) + mean(max(average of reals - fake, 0)^2).

    A Wasserstein score has no zero of its own, and the penalty asks for none: only distances count, and only those by
    which reals score above fakes. Weighted by w it holds that distance near 1 / (2 w).

    Args:
      real_scores, fake_scores: (batch, 1).
      averages: (3,), see `moved_averages`; before the first step the penalty is 0.

    Returns:
      Scalar.
    """
    has_begun = ops.cast(averages[2] > 0, "float32")
    average_real, average_fake = (averages[index] / ops.maximum(averages[2], 1.0 - AVERAGE_DECAY) for index in (0, 1))
    above = ops.mean(ops.square(ops.maximum(real_scores - average_fake, 0.0)))
    below = ops.mean(ops.square(ops.maximum(average_real - fake_scores, 0.0)))
    return has_begun * (above + below)


def moved_averages(averages: Tensor, real_score: Tensor, fake_score: Tensor) -> Tensor:
    """The moving averages after a step whose mean scores are given.

    Args:
      averages: (3,), of the scores of reals, of fakes, and of the number 1, which says how far they are filled; at
        first zeros.
      real_score, fake_score: scalars.
    """
    new = ops.stack([real_score, fake_score, ops.ones_like(real_score)])
    return AVERAGE_DECAY * averages + (1.0 - AVERAGE_DECAY) * new
