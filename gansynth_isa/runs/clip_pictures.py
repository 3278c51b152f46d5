"""Pictures of many clips at once, with their classes and axes."""

from textwrap import wrap

import numpy as np
import tensorflow as tf

from gansynth_isa.config import FeatureConfig
from gansynth_isa.data.clip_sets.pipeline import Images
from gansynth_isa.drawing import Axes, Figure, FigureCanvasAgg, drawing, lettering, width_in_letters
from gansynth_isa.spectral.scales import CHANNELS, frequency_ticks, time_ticks

DOTS_PER_INCH = 80
CLIP_WIDTH, CLIP_HEIGHT = 1.3, 1.15  # inches
PANEL_TOP, PANEL_BOTTOM, TITLE_HEIGHT = 0.3, 0.25, 0.3
RIGHT, TICKS_WIDTH, LETTER_WIDTH = 0.1, 0.4, 0.075
MAX_NAME_LENGTH = 32
COLOUR_MAPS = ("magma", "twilight")  # of a magnitude, and of a phase, whose ends are neighbours


class SamplePictures:
    """Draws clips of one kind as grids; in each clip time runs to the right and frequency up.

    Two channels stand one above the other. The axes are those of a whole clip also where a stage's images are coarser.

    Args:
      features: of the clips, with `frames` known.
      sample_rate: in Hz.
      row_names: one name per row.
    """

    def __init__(self, features: FeatureConfig, sample_rate: int, row_names: tuple[str, ...]):
        self._channel_names = CHANNELS[features.data_type]
        self._frequency_ticks = frequency_ticks(features, sample_rate)
        self._time_ticks = time_ticks(features, sample_rate)
        self._letters = lettering(row_names)
        self._row_names = [_shortened(self._letters.shown(name)) for name in row_names]

    def draw(self, rows: np.ndarray, titles: dict[int, str], title: str) -> np.ndarray:
        """Draws one grid.

        Args:
          rows: (rows, columns, frames, mel_bins, channels) in [-1, 1].
          titles: first column of a group -> what stands above it.
          title: of the whole.

        Returns:
          uint8 pixels (height, width, 3).
        """
        with drawing(self._letters):
            return self._drawn(rows, titles, title)

    def _drawn(self, rows: np.ndarray, titles: dict[int, str], title: str) -> np.ndarray:
        num_rows, num_columns, _, _, num_channels = rows.shape
        left = LETTER_WIDTH * max(map(width_in_letters, self._row_names)) + TICKS_WIDTH + 0.2
        panel = CLIP_HEIGHT * num_rows + PANEL_TOP + PANEL_BOTTOM
        width, height = left + CLIP_WIDTH * num_columns + RIGHT, num_channels * panel + TITLE_HEIGHT
        figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH)
        canvas = FigureCanvasAgg(figure)
        for channel in range(num_channels):
            bottom = (num_channels - 1 - channel) * panel + PANEL_BOTTOM
            place = (left / width, bottom / height, 1 - (left + RIGHT) / width, CLIP_HEIGHT * num_rows / height)
            self._draw_panel(figure.add_axes(place), rows[..., channel], titles, channel)
        figure.suptitle(title, fontsize=10, y=1 - 0.06 / height)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()

    def _draw_panel(self, axis: Axes, images: np.ndarray, titles: dict[int, str], channel: int) -> None:
        """One channel of all clips, as one mosaic: an axis for each clip would take seconds."""
        num_rows, num_columns, frames, mel_bins = images.shape
        mosaic = images[::-1].transpose(0, 3, 1, 2).reshape(num_rows * mel_bins, num_columns * frames)
        axis.imshow(
            mosaic, COLOUR_MAPS[channel], origin="lower", aspect="auto", vmin=-1, vmax=1, interpolation="nearest",
            extent=(0, num_columns, 0, num_rows),
        )  # fmt: skip
        for column in range(1, num_columns):
            axis.axvline(column, color="white", linewidth=8 if column in titles else 3)
        for row in range(1, num_rows):
            axis.axhline(row, color="white", linewidth=3)
        for spine in axis.spines.values():
            spine.set_visible(False)
        self._draw_ticks(axis, num_rows, num_columns)
        starts = sorted({0, *titles})
        for column, end in zip(starts, [*starts[1:], num_columns], strict=True):
            what = f"{self._channel_names[channel]}, normalised" if column == 0 else ""
            text = ": ".join(filter(None, (titles.get(column), what)))
            # A longer line would run into the next group, a third one into what is above.
            lines = wrap(text, int((end - column) * CLIP_WIDTH / LETTER_WIDTH), max_lines=2, placeholder="…")
            axis.text(column + 0.02, num_rows + 0.04, "\n".join(lines), fontsize=8, va="bottom", linespacing=1.0)

    def _draw_ticks(self, axis: Axes, num_rows: int, num_columns: int) -> None:
        times = [(column + place, name) for column in range(num_columns) for place, name in self._time_ticks]
        axis.set_xticks([place for place, _ in times], [name for _, name in times], fontsize=6)
        frequencies = [(row + place, name) for row in range(num_rows) for place, name in self._frequency_ticks]
        axis.set_yticks([place for place, _ in frequencies], [name for _, name in frequencies], fontsize=6)
        axis.tick_params(length=2, pad=1)
        to_names = -(TICKS_WIDTH / CLIP_WIDTH)
        for row, name in enumerate(reversed(self._row_names)):
            axis.text(to_names, row + 0.5, name, fontsize=8, ha="right", va="center")
        axis.text(-0.04, num_rows + 0.04, "Hz", fontsize=6, ha="right")
        axis.text(-0.04, -0.04, "s", fontsize=6, ha="right", va="top")


def _shortened(name: str) -> str:
    """`name`, or as much of it as is no wider than MAX_NAME_LENGTH Latin letters."""
    if width_in_letters(name) <= MAX_NAME_LENGTH:
        return name
    fitting = (name[:end] for end in range(len(name), 0, -1))
    return next(part for part in fitting if width_in_letters(part) < MAX_NAME_LENGTH) + "…"


def real_examples(images: np.ndarray | Images, labels: np.ndarray, num_classes: int, num_columns: int) -> np.ndarray:
    """Images (classes, num_columns, frames, mel_bins, channels): the first real clips, repeated where too few."""
    rows = []
    for label in range(num_classes):
        own = np.flatnonzero(labels == label)
        rows.append(images[own[np.arange(num_columns) % len(own)]])
    return np.stack(rows)


def encode_png(pixels: np.ndarray) -> bytes:
    """uint8 pixels (height, width, 3) as the contents of a PNG file."""
    return tf.io.encode_png(pixels).numpy()
