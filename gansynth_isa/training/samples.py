"""Pictures of what a generator makes, beside real clips: fixed latents, interpolations, a transition's blend."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gansynth_isa.models.generator import Generator
from gansynth_isa.models.growth import blend_images

NUM_COLUMNS = 4
NUM_INTERPOLATED = 8
FIXED_LATENTS_SEED = (20191, 7)


def fixed_latents(latent_size: int) -> tf.Tensor:
    """(NUM_COLUMNS, latent_size) latents, the same in every run."""
    return tf.random.stateless_normal((NUM_COLUMNS, latent_size), FIXED_LATENTS_SEED)


def generate_rows(generator: Generator, latents: tf.Tensor, progress) -> np.ndarray:
    """Images (classes, columns, frames, mel_bins), first channel: every class from the same `latents`."""
    num_classes, num_columns = generator.num_classes, len(latents)
    labels = tf.one_hot(tf.repeat(tf.range(num_classes), num_columns), num_classes)
    progress = tf.convert_to_tensor(progress, tf.float32)
    images = generator(tf.tile(latents, (num_classes, 1)), labels, progress).numpy()[..., 0]
    return images.reshape(num_classes, num_columns, *images.shape[1:])


def fixed_samples(generator: Generator, progress) -> np.ndarray:
    """Images (classes, columns, frames, mel_bins) of the fixed latents."""
    return generate_rows(generator, fixed_latents(generator.latent_size), progress)


def interpolated_samples(generator: Generator, progress) -> np.ndarray:
    """Images (classes, NUM_INTERPOLATED, frames, mel_bins) from the first fixed latent to the second.

    The latents between lie on the arc, where they are as long as latents of the normal distribution are.
    """
    first, last = fixed_latents(generator.latent_size)[:2]
    cosine = tf.reduce_sum(first * last) / (tf.norm(first) * tf.norm(last))
    angle = tf.acos(tf.clip_by_value(cosine, -0.999, 0.999))
    share = tf.linspace(0.0, 1.0, NUM_INTERPOLATED)[:, tf.newaxis]
    latents = (tf.sin((1 - share) * angle) * first + tf.sin(share * angle) * last) / tf.sin(angle)
    return generate_rows(generator, latents, progress)


def blended_samples(generator: Generator, real: np.ndarray, progress) -> np.ndarray:
    """The transition into the generator's last block: images (classes, 6, frames, mel_bins).

    Args:
      generator: a growing generator.
      real: (classes, columns, frames, mel_bins) real clips.
      progress: present progress.

    Returns:
      One generated and one real clip per class, each as the block before gives it, as it is shown now, and as
      the new block gives it.
    """
    blocks = generator.num_blocks
    moments = (blocks - 2.0, progress, blocks - 1.0)
    latents = fixed_latents(generator.latent_size)[:1]
    generated = [generate_rows(generator, latents, moment)[:, 0] for moment in moments]
    clips = tf.constant(real[:, 0, ..., np.newaxis])
    shown = [blend_images(clips, moment, blocks, generator.scale).numpy()[..., 0] for moment in moments]
    return np.stack([*generated, *shown], axis=1)


def real_examples(images: Sequence, labels: np.ndarray, num_classes: int) -> np.ndarray:
    """Images (classes, columns, frames, mel_bins): the first real clips of each class, repeated where too few."""
    rows = []
    for label in range(num_classes):
        own = np.flatnonzero(labels == label)
        rows.append(images[own[np.arange(NUM_COLUMNS) % len(own)]][..., 0])
    return np.stack(rows)


def draw_grid(rows: np.ndarray, row_names: tuple[str, ...], titles: dict[int, str], title: str) -> np.ndarray:
    """Draws images as a grid; in each, time runs to the right and frequency up.

    Args:
      rows: (rows, columns, frames, mel_bins) in [-1, 1].
      row_names: one name per row.
      titles: first column of a group -> what stands above it.
      title: of the whole.

    Returns:
      uint8 pixels (height, width, 3).
    """
    num_rows, num_columns, frames, mel_bins = rows.shape
    figure = Figure(figsize=(1.3 * num_columns + 1.2, 1.15 * num_rows + 0.8), dpi=80)
    canvas = FigureCanvasAgg(figure)
    axis = figure.add_axes((0.13, 0.02, 0.86, 0.98 - 0.62 / figure.get_figheight()))
    mosaic = rows[::-1].transpose(0, 3, 1, 2).reshape(num_rows * mel_bins, num_columns * frames)
    extent = (0, num_columns, 0, num_rows)
    axis.imshow(mosaic, "magma", origin="lower", aspect="auto", vmin=-1, vmax=1, interpolation="nearest", extent=extent)
    for column in range(1, num_columns):
        axis.axvline(column, color="white", linewidth=8 if column in titles else 3)
    for row in range(1, num_rows):
        axis.axhline(row, color="white", linewidth=3)
    axis.set_yticks(np.arange(num_rows)[::-1] + 0.5, row_names, fontsize=9)
    axis.set_xticks([])
    axis.tick_params(length=0)
    for spine in axis.spines.values():
        spine.set_visible(False)
    for column, text in titles.items():
        axis.text(column + 0.02, num_rows + 0.03, text, fontsize=9)
    figure.suptitle(title, fontsize=10)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def encode_png(pixels: np.ndarray) -> bytes:
    """uint8 pixels (height, width, 3) as the contents of a PNG file."""
    return tf.io.encode_png(pixels).numpy()
