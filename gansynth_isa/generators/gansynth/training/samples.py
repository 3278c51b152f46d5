"""What a generator makes, beside real clips: fixed latents, interpolations, a transition's blend."""

import numpy as np
import tensorflow as tf

from gansynth_isa.generators.gansynth.latents import fixed_latents, interpolated_latents
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.networks.growth import blend_images


def generate_rows(generator: Generator, latents: tf.Tensor, progress: tf.Tensor | float) -> np.ndarray:
    """Images (classes, columns, frames, mel_bins, channels): every class from the same `latents`."""
    num_classes, num_columns = generator.num_classes, len(latents)
    labels = tf.one_hot(tf.repeat(tf.range(num_classes), num_columns), num_classes)
    progress = tf.convert_to_tensor(progress, tf.float32)
    images = generator(tf.tile(latents, (num_classes, 1)), labels, progress).numpy()
    return images.reshape(num_classes, num_columns, *images.shape[1:])


def fixed_samples(generator: Generator, progress: tf.Tensor | float) -> np.ndarray:
    """Images (classes, columns, frames, mel_bins, channels) of the fixed latents."""
    return generate_rows(generator, fixed_latents(generator.layout), progress)


def interpolated_samples(generator: Generator, progress: tf.Tensor | float) -> np.ndarray:
    """Images (classes, NUM_INTERPOLATED, frames, mel_bins, channels) from the first fixed latent to the second."""
    return generate_rows(generator, interpolated_latents(generator.layout), progress)


def blended_samples(generator: Generator, real: np.ndarray, progress: float) -> np.ndarray:
    """The transition into the generator's last block: images (classes, 6, frames, mel_bins, channels).

    Args:
      generator: a growing generator.
      real: (classes, columns, frames, mel_bins, channels) real clips.
      progress: present progress.

    Returns:
      One generated and one real clip per class, each as the block before gives it, as it is shown now, and as
      the new block gives it.
    """
    blocks = generator.num_blocks
    moments = (blocks - 2.0, progress, blocks - 1.0)
    latents = fixed_latents(generator.layout)[:1]
    generated = [generate_rows(generator, latents, moment)[:, 0] for moment in moments]
    clips = tf.constant(real[:, 0])
    shown = [blend_images(clips, moment, blocks, generator.scale).numpy() for moment in moments]
    return np.stack([*generated, *shown], axis=1)
