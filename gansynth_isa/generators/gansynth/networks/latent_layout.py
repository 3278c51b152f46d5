"""What the numbers drawn for a clip are for: named parts of one vector, the same for training, generation and export.

All randomness of a generator is in this vector, so that a clip follows from it and the label alone.
"""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass

from keras import ops

from gansynth_isa.tensors import Tensor


@dataclass(frozen=True)
class LatentLayout:
    """Sizes of the parts, in the order in which they lie in the vector.

    Attributes:
      vector: the latent vector, from which the generator's first layer starts.
      noise: noise maps of all convolutions, one after the other, see `noise_resolutions`.
      base: latents of the generator whose clips this one starts from.
    """

    vector: int
    noise: int = 0
    base: int = 0

    def sizes(self) -> dict[str, int]:
        """Name -> size of every part, in order; of parts that are not there too, which have size 0."""
        return {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}

    @property
    def size(self) -> int:
        """Numbers drawn for each clip."""
        return sum(self.sizes().values())

    def split(self, latents: Tensor) -> dict[str, Tensor]:
        """Name -> (batch, its size) of the parts that are there; `latents` is (batch, size).

        Raises:
          ValueError: latents of another size.
        """
        if latents.shape[-1] not in (None, self.size):
            raise ValueError(f"latents: expected {self.size} numbers per clip, got {latents.shape[-1]}")
        parts, first = {}, 0
        for name, size in self.sizes().items():
            if size:
                parts[name] = latents[:, first : first + size]
            first += size
        return parts


def noise_resolutions(
    start_resolution: tuple[int, int], scale: tuple[int, int], num_blocks: int
) -> dict[str, tuple[int, int]]:
    """'block_index' -> (frames, mel_bins) of every convolution of a generator, the coarsest first."""
    found: dict[str, tuple[int, int]] = {}
    for block in range(1, num_blocks + 1):
        frames, mel_bins = (start * step ** (block - 1) for start, step in zip(start_resolution, scale, strict=True))
        found |= {f"{block}_{index}": (frames, mel_bins) for index in (0, 1)}
    return found


def noise_size(resolutions: Mapping[str, tuple[int, int]]) -> int:
    """Numbers of the noise maps of one clip."""
    return sum(math.prod(resolution) for resolution in resolutions.values())


def noise_maps(noise: Tensor, resolutions: Mapping[str, tuple[int, int]]) -> dict[str, Tensor]:
    """Name -> (batch, frames, mel_bins, 1), cut from `noise`, (batch, noise_size(resolutions))."""
    maps, first = {}, 0
    for name, resolution in resolutions.items():
        end = first + math.prod(resolution)
        maps[name] = ops.reshape(noise[:, first:end], (-1, *resolution, 1))
        first = end
    return maps
