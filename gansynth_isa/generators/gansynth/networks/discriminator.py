"""The discriminator of a stage: image at the stage's own resolution in, score and class logits out."""

from typing import Any, NamedTuple

import keras
from keras import ops

from gansynth_isa.generators.gansynth.networks.class_head import ClassEmbedding, unit_length
from gansynth_isa.generators.gansynth.networks.growth import discriminator_weight, downscale
from gansynth_isa.generators.gansynth.networks.layers import (
    EqualizedConv2D,
    EqualizedDense,
    MinibatchDeviation,
    convolution_policy,
)
from gansynth_isa.tensors import Tensor
from gansynth_isa.validation import known


class Judged(NamedTuple):
    """What a discriminator says of images.

    Attributes:
      scores: (batch, 1).
      logits: (batch, num_classes), how near an image is to each class; with conditioning 'margin' cosines.
      features: (batch, filters[0]), what is compared with the classes; with conditioning 'margin' of length 1.
    """

    scores: Tensor
    logits: Tensor
    features: Tensor


@keras.saving.register_keras_serializable("gansynth_isa")
class Discriminator(keras.Model):
    """Progressive discriminator with a score head, and one of three ways to tell it the class.

    * 'auxiliary': a class head, apart from the score (ACGAN, Odena et al. 2017), as in the original.
    * 'projection': the score is that of the image and its label: the inner product of features and a vector of the
      label's class is added (Miyato & Koyama 2018).
    * 'margin': features of length 1 and a vector of length 1 per class (ReACGAN, Kang et al. 2021).

    It holds and computes only what its stage needs. Images (batch, frames, mel_bins, num_channels) become
    scores (batch, 1) and class logits (batch, num_classes). The original's last convolution covers the whole
    start resolution without padding: here it is the equal dense product over the flattened map.

    Args:
      num_classes: number of classes.
      start_resolution: (frames, mel_bins) of block 1.
      filters: filters of the blocks 0, 1, 2, ...; at least up to `num_blocks`.
      num_blocks: number of blocks, from 1.
      growing: whether the last block is fading in; then calls need `progress`.
      num_channels: channels of the images.
      scale: growth of (frames, mel_bins) from block to block.
      kernel_size: size of the convolution kernels.
      seed: seed of the weights; block b draws the same weights whatever `num_blocks` is.
      precision: 'float32', or 'bfloat16' for the convolutions; weights and all else stay float32.
      class_conditioning: 'auxiliary', 'projection' or 'margin'.
    """

    def __init__(
        self,
        num_classes: int,
        start_resolution: tuple[int, int],
        filters: tuple[int, ...],
        num_blocks: int,
        growing: bool = False,
        num_channels: int = 1,
        scale: tuple[int, int] = (2, 2),
        kernel_size: int = 3,
        seed: int = 0,
        precision: str = "float32",
        class_conditioning: str = "auxiliary",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if growing and num_blocks < 2:
            raise ValueError(f"growing: expected at least 2 blocks, got {num_blocks}")
        self.num_classes = num_classes
        self.start_resolution, self.filters = (start_resolution[0], start_resolution[1]), tuple(filters)
        self.num_blocks, self.growing, self.num_channels = num_blocks, growing, num_channels
        self.scale, self.kernel_size, self.seed = (scale[0], scale[1]), kernel_size, seed
        self.precision, self.class_conditioning = precision, class_conditioning
        self._make_inputs()
        self._make_blocks()
        self._make_heads()
        self.built = True

    def _make_inputs(self) -> None:
        self.from_rgb = {}
        for block in (self.num_blocks - 1, self.num_blocks) if self.growing else (self.num_blocks,):
            layer = EqualizedConv2D(
                self.filters[block],
                1,
                "leaky_relu",
                self._seed(block, 2),
                name=f"block_{block}_from_rgb",
                dtype=convolution_policy(self.precision),
            )
            layer.build((None, None, None, self.num_channels))
            self.from_rgb[str(block)] = layer

    def _make_blocks(self) -> None:
        self.deviation = MinibatchDeviation(name="minibatch_deviation")
        self.convolutions: dict[str, EqualizedConv2D] = {}
        for block in range(1, self.num_blocks + 1):
            extra = 1 if block == 1 else 0
            self._convolution(block, 0, self.filters[block] + extra, self.filters[block])
            if block > 1:
                self._convolution(block, 1, self.filters[block], self.filters[block - 1])

    def _convolution(self, block: int, index: int, channels: int, filters: int) -> None:
        layer = EqualizedConv2D(
            filters,
            self.kernel_size,
            "leaky_relu",
            self._seed(block, index),
            name=f"block_{block}_conv{index}",
            dtype=convolution_policy(self.precision),
        )
        layer.build((None, None, None, channels))
        self.convolutions[f"{block}_{index}"] = layer

    def _make_heads(self) -> None:
        frames, mel_bins = self.start_resolution
        self.whole = EqualizedDense(self.filters[0], "leaky_relu", self._seed(1, 1), name="block_1_conv1")
        self.whole.build((None, frames * mel_bins * self.filters[1]))
        self.score = EqualizedDense(1, None, self._seed(0, 0), name="score")
        self.score.build((None, self.filters[0]))
        self.class_logits = self._class_head()
        self.class_logits.build((None, self.filters[0]))
        if self.class_conditioning == "margin":
            self.class_features = EqualizedDense(self.filters[0], None, self._seed(0, 2), name="class_features")
            self.class_features.build((None, self.filters[0]))

    def _class_head(self) -> EqualizedDense | ClassEmbedding:
        if self.class_conditioning == "auxiliary":
            return EqualizedDense(self.num_classes, None, self._seed(0, 1), name="class_logits")
        unit = self.class_conditioning == "margin"
        return ClassEmbedding(self.num_classes, unit, self._seed(0, 1), name="class_embedding")

    def _seed(self, block: int, index: int) -> int:
        # Apart from the generator's seeds, which end in the same block and index.
        return self.seed * 1000 + 500 + block * 10 + index

    def call(
        self,
        images: Tensor,
        progress: Tensor | float | None = None,
        num_groups: int = 1,
        labels: Tensor | None = None,
    ) -> Judged:
        """Scores and class logits; `progress` is needed while growing, `labels` with conditioning 'projection'.

        Args:
          images: (batch, frames, mel_bins, num_channels).
          progress: scalar, needed while growing.
          num_groups: the batch holds this many independent batches one after the other.
          labels: one-hot (batch, num_classes), perhaps times how much they shall weigh.
        """
        features = self._features(images, progress, num_groups)
        # The score's bias has a gradient of nearly 1 for fakes and -1 for reals: summed each on its own, as in
        # the original, what remains keeps its precision.
        scores = ops.concatenate([self.score(group) for group in ops.split(features, num_groups)], axis=0)
        if self.class_conditioning == "margin":
            features = unit_length(self.class_features(features))
        logits = self.class_logits(features)
        if self.class_conditioning == "projection":
            scores = scores + ops.sum(known(labels) * logits, axis=-1, keepdims=True)
        return Judged(scores, logits, features)

    def _features(self, images: Tensor, progress: Tensor | float | None, num_groups: int) -> Tensor:
        """(batch, filters[0]) features of images."""
        maps = self.from_rgb[str(self.num_blocks)](images)
        for block in range(self.num_blocks, 1, -1):
            maps = self.convolutions[f"{block}_1"](self.convolutions[f"{block}_0"](maps))
            maps = downscale(maps, self.scale)
            if self.growing and block == self.num_blocks:
                direct = self.from_rgb[str(block - 1)](downscale(images, self.scale))
                weight = discriminator_weight(block - 1, progress)
                maps = weight * ops.cast(direct, "float32") + (1.0 - weight) * ops.cast(maps, "float32")
        maps = self.convolutions["1_0"](self.deviation(maps, num_groups=num_groups))
        return self.whole(ops.reshape(maps, (ops.shape(maps)[0], -1)))

    def get_config(self) -> dict[str, Any]:
        names = (
            "num_classes", "start_resolution", "filters", "num_blocks", "growing", "num_channels", "scale",
            "kernel_size", "seed", "precision", "class_conditioning",
        )  # fmt: skip
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
