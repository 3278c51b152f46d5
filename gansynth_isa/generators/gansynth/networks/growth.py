"""Blending weights of progressive growth (Karras et al. 2018) as functions of `progress`.

`progress` is p while block p + 1 is stable, and rises from p to p + 1 while block p + 2 fades in.
All functions take Python numbers or tensors.
"""

from keras import ops

from gansynth_isa.tensors import Tensor


def generator_weight(block: int, progress: Tensor | float) -> Tensor:
    """Weight of the image of block `block` (from 1) in the generated image: a triangle of height 1."""
    progress = ops.convert_to_tensor(progress)
    return ops.maximum(0.0, ops.minimum(progress - (block - 2), block - progress))


def discriminator_weight(block: int, progress: Tensor | float) -> Tensor:
    """Weight of the direct input of block `block` (from 1) against what the block above passes down."""
    return ops.clip(block - ops.convert_to_tensor(progress), 0.0, 1.0)


def blend_images(images: Tensor, progress: Tensor | float, num_blocks: int, scale: tuple[int, int]) -> Tensor:
    """Blends real images like generated ones in the transition into block `num_blocks`.

    Args:
      images: (batch, frames, mel_bins, channels) at the resolution of block `num_blocks`.
      progress: scalar between num_blocks - 2 and num_blocks - 1.
      num_blocks: the block that fades in, at least 2.
      scale: growth of (frames, mel_bins) from block to block.

    Returns:
      Same shape: the weighted sum of the images and of their own coarser version.
    """
    coarse = upscale(downscale(images, scale), scale)
    weights = [ops.cast(generator_weight(block, progress), images.dtype) for block in (num_blocks - 1, num_blocks)]
    return weights[0] * coarse + weights[1] * images


def upscale(images: Tensor, scale: tuple[int, int]) -> Tensor:
    """Nearest-neighbour upscaling of (batch, frames, mel_bins, channels) by whole factors."""
    if scale == (1, 1):
        return images
    batch, frames, mel_bins, channels = ops.shape(images)
    tall = ops.broadcast_to(
        ops.reshape(images, (batch, frames, 1, mel_bins, 1, channels)),
        (batch, frames, scale[0], mel_bins, scale[1], channels),
    )
    return ops.reshape(tall, (batch, frames * scale[0], mel_bins * scale[1], channels))


def downscale(images: Tensor, scale: tuple[int, int]) -> Tensor:
    """Mean over boxes of `scale` (frames, mel_bins) of (batch, frames, mel_bins, channels)."""
    if scale == (1, 1):
        return images
    return ops.average_pool(images, scale, strides=scale, padding="valid")
