"""Figures of an experiment, drawn without a display."""

import math
from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gansynth_isa.config import METHODS
from gansynth_isa.experiments.summary import Summary
from gansynth_isa.experiments.tables import METHOD_NAMES

# Okabe and Ito's colours tell apart under the common kinds of colour blindness; markers and lines differ as well.
_STYLES = {
    "baseline": {"color": "#000000", "marker": "o", "linestyle": "--"},
    "augmented": {"color": "#E69F00", "marker": "s", "linestyle": "--"},
    "gan": {"color": "#0072B2", "marker": "^", "linestyle": "-"},
    "gan_augmented": {"color": "#009E73", "marker": "D", "linestyle": "-"},
}
_OFFSET_BETWEEN_METHODS = 0.06


def save_accuracy_figure(
    summaries: Sequence[Summary], num_classes: int, title: str, output_dir: Path
) -> tuple[Path, Path]:
    """Accuracy over the level of scarcity with error bars of one standard deviation, as PNG and SVG.

    Args:
      summaries: one per level and method.
      num_classes: number of classes; their inverse is drawn as chance.
      title: title of the figure.
      output_dir: folder for `accuracy.png` and `accuracy.svg`.

    Returns:
      The two files.
    """
    figure = accuracy_figure(summaries, num_classes, title)
    paths = output_dir / "accuracy.png", output_dir / "accuracy.svg"
    for path in paths:
        figure.savefig(path, dpi=150)
    return paths


def accuracy_figure(summaries: Sequence[Summary], num_classes: int, title: str) -> Figure:
    """The figure that `save_accuracy_figure` saves."""
    figure = Figure(figsize=(7.0, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    levels = sorted({item.level for item in summaries})
    methods = [method for method in METHODS if any(item.method == method for item in summaries)]
    for index, method in enumerate(methods):
        # Neighbouring points are set side by side, so that error bars do not hide each other.
        offset = (index - (len(methods) - 1) / 2) * _OFFSET_BETWEEN_METHODS
        points = [item for item in summaries if item.method == method]
        axes.errorbar(
            [levels.index(item.level) + offset for item in points],
            [item.mean for item in points],
            yerr=[math.nan if item.deviation is None else item.deviation for item in points],
            label=METHOD_NAMES[method],
            capsize=3,
            markersize=6,
            **_STYLES[method],
        )
    axes.axhline(1 / num_classes, color="#999999", linestyle=":", label="chance")
    axes.set_xticks(range(len(levels)), [str(level) for level in levels])
    axes.set_xlim(-0.5, len(levels) - 0.5)
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel("real clips per class")
    axes.set_ylabel("accuracy on the test side")
    axes.set_title(title)
    axes.grid(axis="y", color="#dddddd")
    axes.legend(frameon=False)
    return figure
