"""Grids of generated clips beside real ones, one row per class, from fixed latents."""

from pathlib import Path

import matplotlib
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from gansynth_isa.models.generator import Generator

NUM_COLUMNS = 4
FIXED_LATENTS_SEED = (20191, 7)


def fixed_inputs(num_classes: int, latent_size: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Latents (classes * columns, latent_size), the same in every row, and one-hot labels, one row per class."""
    latents = tf.random.stateless_normal((NUM_COLUMNS, latent_size), FIXED_LATENTS_SEED)
    labels = tf.repeat(tf.range(num_classes), NUM_COLUMNS)
    return tf.tile(latents, (num_classes, 1)), tf.one_hot(labels, num_classes)


def fixed_samples(generator: Generator, progress) -> np.ndarray:
    """Images (classes, columns, frames, mel_bins) of the fixed latents, first channel."""
    latents, labels = fixed_inputs(generator.num_classes, generator.latent_size)
    images = generator(latents, labels, progress).numpy()[..., 0]
    return images.reshape(generator.num_classes, NUM_COLUMNS, *images.shape[1:])


def real_examples(images: np.ndarray, labels: np.ndarray, num_classes: int) -> np.ndarray:
    """Images (classes, columns, frames, mel_bins): the first real clips of each class, repeated where too few."""
    rows = []
    for label in range(num_classes):
        own = images[labels == label][..., 0]
        rows.append(own[np.arange(NUM_COLUMNS) % len(own)])
    return np.stack(rows)


def draw_grid(generated: np.ndarray, real: np.ndarray, class_names: tuple[str, ...], title: str) -> Figure:
    """Figure with one row per class: generated clips left, real clips right; time to the right, frequency up."""
    num_columns = generated.shape[1] + real.shape[1]
    figure = Figure(figsize=(1.3 * num_columns + 1.2, 1.15 * len(class_names) + 0.8), dpi=80)
    axes = figure.subplots(len(class_names), num_columns, squeeze=False)
    for row, name in enumerate(class_names):
        for column, image in enumerate([*generated[row], *real[row]]):
            axis = axes[row, column]
            axis.imshow(image.T, origin="lower", aspect="auto", vmin=-1, vmax=1, cmap="magma", interpolation="nearest")
            axis.set_xticks([])
            axis.set_yticks([])
        axes[row, 0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
    axes[0, 0].set_title("generated", loc="left", fontsize=9)
    axes[0, generated.shape[1]].set_title("real", loc="left", fontsize=9)
    figure.suptitle(title, fontsize=10)
    figure.subplots_adjust(left=0.14, right=0.99, bottom=0.02, top=0.88, wspace=0.05, hspace=0.08)
    return figure


def figure_to_png(figure: Figure, path: Path) -> np.ndarray:
    """Writes a figure as PNG; returns its pixels (height, width, 3), uint8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="png")
    return (matplotlib.image.imread(path)[..., :3] * 255).astype(np.uint8)
