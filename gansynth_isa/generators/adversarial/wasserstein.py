"""Wasserstein losses of generator and discriminator (Arjovsky et al. 2017)."""

from keras import ops

from gansynth_isa.tensors import Tensor


def generator_wasserstein(fake_scores: Tensor) -> Tensor:
    """-mean(score of fakes): scores (batch, 1) -> scalar."""
    return -ops.mean(fake_scores)


def discriminator_wasserstein(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """mean(score of fakes) - mean(score of reals): scores (batch, 1) -> scalar."""
    return ops.mean(fake_scores) - ops.mean(real_scores)


def real_score_penalty(real_scores: Tensor) -> Tensor:
    """mean(score of reals squared), which keeps scores from drifting (Karras et al. 2018, appendix A.1)."""
    return ops.mean(ops.square(real_scores))
