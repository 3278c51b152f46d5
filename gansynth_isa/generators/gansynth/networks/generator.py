"""The generator of a stage: latent vector and class in, image at the stage's own resolution out."""

from typing import Any

import keras
from keras import ops

from gansynth_isa.generators.gansynth.networks.base_images import BaseImages, LearntGain, pyramid
from gansynth_isa.generators.gansynth.networks.growth import blend_images, generator_weight, upscale
from gansynth_isa.generators.gansynth.networks.latent_layout import (
    LatentLayout,
    noise_maps,
    noise_resolutions,
    noise_size,
)
from gansynth_isa.generators.gansynth.networks.layers import (
    EqualizedConv2D,
    StartProjection,
    convolution_policy,
    pixel_norm,
)
from gansynth_isa.tensors import Tensor


@keras.saving.register_keras_serializable("gansynth_isa")
class Generator(keras.Model):
    """Progressive generator with `num_blocks` blocks (GANSynth, Engel et al. 2019, appendix A).

    It holds and computes only what its stage needs: images of the last block, and of the one before while
    the last fades in. Latents (batch, latent_size) and one-hot labels (batch, num_classes) become images
    (batch, frames, mel_bins, num_channels) in [-1, 1], frames and mel_bins being the start resolution times
    scale^(num_blocks - 1).

    Args:
      latent_vector_size: size of the latent vector.
      num_classes: number of classes.
      start_resolution: (frames, mel_bins) of block 1.
      filters: filters of the blocks 0, 1, 2, ...; at least up to `num_blocks`.
      num_blocks: number of blocks, from 1.
      growing: whether the last block is fading in; then calls need `progress`.
      num_channels: channels of the images.
      scale: growth of (frames, mel_bins) from block to block.
      kernel_size: size of the convolution kernels.
      to_rgb_activation: activation of each block's image, 'tanh' or 'linear'.
      seed: seed of the weights; block b draws the same weights whatever `num_blocks` is.
      precision: 'float32', or 'bfloat16' for the convolutions but the 1x1 ones that make images; weights and all
        else stay float32.
      noise_inputs: whether noise is added in every convolution; the latents then hold it behind the latent vector.
      latent_normalization: 'joined', latent vector and one-hot label have a root mean square of 1 together, as in the
        original; or 'apart', each has it by itself.
      base: images to start from. Every block sees them, and what the network makes is added to them with a gain that
        starts at 0. Then the latents end with the base's.

    Attributes:
      layout: parts of the latents.
    """

    def __init__(
        self,
        latent_vector_size: int,
        num_classes: int,
        start_resolution: tuple[int, int],
        filters: tuple[int, ...],
        num_blocks: int,
        growing: bool = False,
        num_channels: int = 1,
        scale: tuple[int, int] = (2, 2),
        kernel_size: int = 3,
        to_rgb_activation: str = "tanh",
        seed: int = 0,
        precision: str = "float32",
        noise_inputs: bool = False,
        latent_normalization: str = "joined",
        base: BaseImages | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if growing and num_blocks < 2:
            raise ValueError(f"growing: expected at least 2 blocks, got {num_blocks}")
        self.latent_vector_size, self.num_classes = latent_vector_size, num_classes
        self.start_resolution, self.filters = (start_resolution[0], start_resolution[1]), tuple(filters)
        self.num_blocks, self.growing, self.num_channels = num_blocks, growing, num_channels
        self.scale, self.kernel_size, self.seed = (scale[0], scale[1]), kernel_size, seed
        self.to_rgb_activation = to_rgb_activation
        self.resolution = tuple(
            start * step ** (num_blocks - 1) for start, step in zip(self.start_resolution, self.scale, strict=True)
        )
        self.precision, self.noise_inputs, self.latent_normalization = precision, noise_inputs, latent_normalization
        self.base = base
        all_noise = noise_resolutions(self.start_resolution, self.scale, num_blocks)
        self._noise_resolutions = all_noise if noise_inputs else {}
        base_size = base.latent_size if base else 0
        self.layout = LatentLayout(latent_vector_size, noise_size(self._noise_resolutions), base_size)
        self._make_blocks()
        self._make_images()
        self.built = True

    @property
    def latent_size(self) -> int:
        """Numbers drawn for each clip, all parts together."""
        return self.layout.size

    def _make_blocks(self) -> None:
        self.start = StartProjection(
            self.start_resolution, self.filters[1], self._seed(1, 0), self.noise_inputs, name="block_1_conv0"
        )
        self.start.build((None, self.latent_vector_size + self.num_classes))
        self.convolutions: dict[str, EqualizedConv2D] = {}
        for block in range(1, self.num_blocks + 1):
            for index in (0, 1) if block > 1 else (1,):
                channels = self.filters[block - 1] if index == 0 else self.filters[block]
                seen = self.num_channels if self.base and index == 1 else 0
                self._convolution(block, index, channels + seen)

    def _convolution(self, block: int, index: int, channels: int) -> None:
        layer = EqualizedConv2D(
            self.filters[block],
            self.kernel_size,
            "leaky_relu",
            self._seed(block, index),
            name=f"block_{block}_conv{index}",
            upscale=self.scale if index == 0 else (1, 1),
            noise_input=self.noise_inputs,
            dtype=convolution_policy(self.precision),
        )
        layer.build((None, None, None, channels))
        self.convolutions[f"{block}_{index}"] = layer

    def _make_images(self) -> None:
        self.to_rgb, self.gains = {}, {}
        for block in (self.num_blocks - 1, self.num_blocks) if self.growing else (self.num_blocks,):
            layer = EqualizedConv2D(
                self.num_channels, 1, self.to_rgb_activation, self._seed(block, 2), name=f"block_{block}_to_rgb"
            )
            layer.build((None, None, None, self.filters[block]))
            self.to_rgb[str(block)] = layer
            if self.base:
                self.gains[str(block)] = LearntGain(name=f"block_{block}_to_rgb_gain")
                self.gains[str(block)].build((None, None, None, self.num_channels))

    def _seed(self, block: int, index: int) -> int:
        return self.seed * 1000 + block * 10 + index

    def call(self, latents: Tensor, labels: Tensor, progress: Tensor | float | None = None) -> Tensor:
        """Images at the stage's resolution; `progress` (scalar) is needed while growing."""
        parts = self.layout.split(latents)
        noise = noise_maps(parts["noise"], self._noise_resolutions) if self.noise_inputs else {}
        bases = self._bases(parts, labels)
        start = self._normalized(parts["vector"], ops.cast(labels, latents.dtype))
        below = maps = pixel_norm(self.start(start, noise.get("1_0")))
        for block in range(1, self.num_blocks + 1):
            if block > 1:
                below = maps
                maps = pixel_norm(self.convolutions[f"{block}_0"](maps, noise.get(f"{block}_0")))
            if bases:
                maps = ops.concatenate([maps, ops.cast(bases[block], maps.dtype)], axis=-1)
            maps = pixel_norm(self.convolutions[f"{block}_1"](maps, noise.get(f"{block}_1")))
        image = self._image(maps, below, progress)
        if bases and self.growing:
            return image + blend_images(bases[self.num_blocks], progress, self.num_blocks, self.scale)
        return image + bases[self.num_blocks] if bases else image

    def _bases(self, parts: dict[str, Tensor], labels: Tensor) -> dict[int, Tensor]:
        """Block -> what is started from, at its resolution; nothing where there is no base."""
        if self.base is None:
            return {}
        return pyramid(self.base(parts["base"], labels), self.scale, self.num_blocks, self.start_resolution[0])

    def _image(self, maps: Tensor, below: Tensor, progress: Tensor | float | None) -> Tensor:
        """What the last block makes of its maps, and of those of the block before while it fades in."""
        image = self._rgb(self.num_blocks, maps)
        if not self.growing:
            return image
        coarse = upscale(self._rgb(self.num_blocks - 1, below), self.scale)
        weights = [ops.cast(generator_weight(b, progress), image.dtype) for b in (self.num_blocks - 1, self.num_blocks)]
        return weights[0] * coarse + weights[1] * image

    def _rgb(self, block: int, maps: Tensor) -> Tensor:
        image = self.to_rgb[str(block)](maps)
        return self.gains[str(block)](image) if self.base else image

    def _normalized(self, vector: Tensor, labels: Tensor) -> Tensor:
        """(batch, latent_vector_size + num_classes), from which the first layer starts."""
        if self.latent_normalization == "apart":
            return ops.concatenate([pixel_norm(vector), pixel_norm(labels)], axis=-1)
        return pixel_norm(ops.concatenate([vector, labels], axis=-1))

    def get_config(self) -> dict[str, Any]:
        names = (
            "latent_vector_size", "num_classes", "start_resolution", "filters", "num_blocks", "growing", "num_channels",
            "scale", "kernel_size", "to_rgb_activation", "seed", "precision", "noise_inputs",
            "latent_normalization",
        )  # fmt: skip
        base = keras.saving.serialize_keras_object(self.base) if self.base else None
        return {**super().get_config(), **{name: getattr(self, name) for name in names}, "base": base}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Generator":
        """The generator that gave `config`; in files of version 0.1 the latent vector's size has another name."""
        names = {"latent_size": "latent_vector_size"}
        config = {names.get(name, name): value for name, value in config.items()}
        base = config.get("base")
        return super().from_config(config | {"base": keras.saving.deserialize_keras_object(base) if base else None})
