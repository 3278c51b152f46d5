"""Layers of SpecGAN for spectrograms of any power of two; needs no TensorFlow.

Donahue et al. 2019 (tables 5 and 6) make spectrograms of 128 x 128 by five convolutions of kernel 5 x 5 and stride 2,
from 4 x 4 positions. Those of this project have more bins than frames, or the other way round: the critic's first
convolutions stride along the longer axis alone, until both are equally long, so that the many bins stay affordable.
Filters grow with the root of how many times fewer positions are left, which for 128 x 128 are the paper's.
"""

import math

from gansynth_isa.errors import InputError
from gansynth_isa.generators.adversarial.layout import Layout

START = 4  # frames, and bins, of the dense layer's output
STRIDE = 2
KERNEL = (5, 5)


def check_frames(frames: int) -> None:
    """Refuses clips that the strides do not reach.

    Raises:
      InputError: no power of two from 4 on.
    """
    if frames < START or frames & (frames - 1):
        raise InputError(f"frames: expected {START}, 8, 16 or another power of two for specgan, got {frames}")


def layout_of(model_size: int, frames: int, num_bins: int) -> Layout:
    """Shapes of the networks.

    Args:
      model_size: d, the filters behind a quarter of the values.
      frames: a power of two from 4 on.
      num_bins: linear bins, likewise.
    """
    halvings = [int(math.log2(size // START)) for size in (frames, num_bins)]
    both = min(halvings)
    longer = (1, STRIDE) if halvings[1] > halvings[0] else (STRIDE, 1)
    critic_strides = [longer] * (max(halvings) - both) + [(STRIDE, STRIDE)] * both
    filters, reduction = [], 1
    for strides in critic_strides:
        reduction *= math.prod(strides)
        filters.append(max(1, round(model_size * 2.0 ** (int(math.log2(reduction)) // 2 - 1))))
    return Layout((START, START), tuple(critic_strides[::-1]), tuple(filters[::-1]), KERNEL, (frames, num_bins))
