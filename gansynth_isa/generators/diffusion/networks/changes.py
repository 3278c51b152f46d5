"""Random changes of training clips of which the network is told, so that they do not leak into what it makes.

With few clips the network learns them by heart; changed, they are many. It is given the sizes of the changes, which are
all zero while clips are made (Karras et al. 2022, appendix F.2; Jun et al. 2020).
"""

import numpy as np
from keras import ops

from gansynth_isa.tensors import Tensor

LARGEST_SHIFT = 1 / 8  # of the frames, either way
LARGEST_LEVEL, LARGEST_FILTER = 0.5, 0.5  # in deviations of the values of a mel bin
NUM_WAVES = 3
# Name of a change -> the numbers that say how large it is.
NUMBERS = {"shift": 1, "level": 1, "filter": NUM_WAVES}
NUM_CHANGES = sum(NUMBERS.values())
NUM_DRAWS = NUM_CHANGES + len(NUMBERS)


def draw_changes(draws: Tensor, probability: float) -> Tensor:
    """Sizes of changes, each of which happens with the same probability on its own.

    Args:
      draws: (batch, NUM_DRAWS), uniform in [0, 1).
      probability: of each change, 0 to 1.

    Returns:
      (batch, NUM_CHANGES) in [-1, 1], zeros where a change does not happen.
    """
    parts, first = [], len(NUMBERS)
    for index, size in enumerate(NUMBERS.values()):
        happens = ops.cast(draws[:, index : index + 1] < probability, "float32")
        parts.append(happens * (2.0 * draws[:, first : first + size] - 1.0))
        first += size
    return ops.concatenate(parts, axis=-1)


def changed(clips: Tensor, changes: Tensor) -> Tensor:
    """Standardised clips shifted in time, made louder or softer, and filtered.

    Level and filter are those of the first channel, which holds magnitudes. What a shift leaves empty at one end is
    filled with the frames beside it, mirrored.

    Args:
      clips: (batch, frames, mel_bins, channels), standardised.
      changes: (batch, NUM_CHANGES) in [-1, 1]: share of the largest shift, level, and amplitude of each wave over the
        mel bins.
    """
    _, frames, mel_bins, channels = clips.shape
    shifted = _shifted(clips, changes[:, 0], frames)
    orders = np.arange(1, NUM_WAVES + 1)
    waves = np.cos(np.pi * np.outer(orders, (np.arange(mel_bins) + 0.5) / mel_bins)) / orders[:, np.newaxis]
    gains = LARGEST_LEVEL * changes[:, 1:2]
    gains = gains + LARGEST_FILTER * ops.matmul(changes[:, 2:], ops.convert_to_tensor(waves, "float32"))
    of_magnitudes = ops.convert_to_tensor(np.eye(channels)[0], "float32")
    return shifted + gains[:, None, :, None] * of_magnitudes


def _shifted(clips: Tensor, shares: Tensor, frames: int) -> Tensor:
    distance = ops.cast(ops.round(shares * (frames * LARGEST_SHIFT)), "int32")
    source = ops.abs(ops.arange(frames, dtype="int32")[None] - distance[:, None])
    source = (frames - 1) - ops.abs((frames - 1) - source)
    return ops.take_along_axis(clips, source[:, :, None, None], axis=1)
