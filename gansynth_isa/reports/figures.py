"""Figures of an experiment, drawn without a display."""

import io
import math
from collections.abc import Sequence
from typing import Any

from gansynth_isa.drawing import Axes, Figure, FigureCanvasAgg, drawing, lettering
from gansynth_isa.experiments.rows.cells import Cell
from gansynth_isa.reports.experiment_files import GeneratorFolder
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.summary import Summary
from gansynth_isa.validation import known

# Okabe and Ito's colours tell apart under the common kinds of colour blindness; markers and lines differ as well.
_STYLES = {
    "baseline": {"color": "#000000", "marker": "o", "linestyle": "--"},
    "augmented": {"color": "#E69F00", "marker": "s", "linestyle": "--"},
    "gan": {"color": "#0072B2", "marker": "^", "linestyle": "-"},
    "gan_augmented": {"color": "#009E73", "marker": "D", "linestyle": "-"},
}
_LEVEL_COLOURS = ("#000000", "#E69F00", "#0072B2", "#009E73", "#CC79A7", "#D55E00", "#56B4E9")
# Of other kinds of generators; with few enough of these that no two kinds share colour and marker.
_KIND_COLOURS = ("#CC79A7", "#D55E00", "#56B4E9", "#882255", "#999933")
_KIND_MARKERS = ("v", "P", "X", "*", "<", ">", "h")
_OFFSET_BETWEEN_METHODS = 0.06
_WIDTH_OF_A_LEVEL = 0.7  # of the place that a level has; many methods stand closer
_LEGEND_LINE_INCHES = 0.22
_LEGEND_LINES = 3  # that there is room for, of two entries each
_WIDTH_INCHES = 5.4  # on a phone, about as wide as the screen: the letters keep their size


@drawing()
def accuracy_figure(summaries: Sequence[Summary], num_classes: int, title: str) -> Figure:
    """Accuracy over the level of scarcity with error bars of one standard deviation.

    Args:
      summaries: one per level and cell.
      num_classes: number of classes; their inverse is drawn as chance.
      title: title of the figure.
    """
    levels = sorted({item.level for item in summaries})
    cells = sorted({item.cell for item in summaries}, key=lambda cell: cell.order)
    num_lines = (len(cells) + 2) // 2  # chance has an entry too
    figure, axes = _figure(4.6 + _LEGEND_LINE_INCHES * max(0, num_lines - _LEGEND_LINES))
    styles = _cell_styles(cells)
    for index, cell in enumerate(cells):
        # Neighbouring points are set side by side, so that error bars do not hide each other.
        step = min(_OFFSET_BETWEEN_METHODS, _WIDTH_OF_A_LEVEL / len(cells))
        offset = (index - (len(cells) - 1) / 2) * step
        points = [item for item in summaries if item.cell == cell]
        axes.errorbar(
            [levels.index(item.level) + offset for item in points],
            [item.mean for item in points],
            yerr=[math.nan if item.deviation is None else item.deviation for item in points],
            label=cell.title,
            capsize=3,
            markersize=6,
            **styles[cell],
        )
    axes.axhline(1 / num_classes, color="#999999", linestyle=":", label=f"chance, 1 of {num_classes} classes")
    axes.set_xticks(range(len(levels)), [str(level) for level in levels])
    axes.set_xlim(-0.5, max(1, len(levels)) - 0.5)
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel("real clips per class")
    axes.set_ylabel("accuracy on the test side")
    _set_title(axes, title)
    axes.grid(axis="y", color="#dddddd")
    # Below the axes, where it can hide no point.
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize="small")
    return figure


@drawing()
def difference_figure(differences: Sequence[Difference]) -> Figure:
    """Paired differences as points with their 95 % intervals, one row per pair, one colour per level."""
    pairs = list(dict.fromkeys((item.cell, item.other_cell) for item in differences))
    levels = sorted({item.level for item in differences})
    figure, axes = _figure(0.9 + len(pairs) * (0.25 + 0.14 * len(levels)))
    for index, level in enumerate(levels):
        items = [item for item in differences if item.level == level]
        offset = (index + 0.5) / len(levels) * 0.7 - 0.35
        axes.errorbar(
            [item.mean for item in items],
            [pairs.index((item.cell, item.other_cell)) + offset for item in items],
            xerr=[[item.mean - item.low for item in items], [item.high - item.mean for item in items]],
            color=_LEVEL_COLOURS[index % len(_LEVEL_COLOURS)],
            label=f"{level} clips per class",
            linestyle="none",
            marker="o",
            markersize=4,
            capsize=2,
        )
    names = [f"{cell.title}\nover {other.title}" for cell, other in pairs]
    axes.set_yticks(range(len(pairs)), names, fontsize="small")
    axes.set_ylim(len(pairs) - 0.5, -0.5)
    axes.locator_params(axis="x", nbins=5)
    axes.axvline(0, color="#999999", linewidth=1)
    axes.grid(axis="x", color="#dddddd")
    axes.set_xlabel("difference in accuracy")
    figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize="small")
    return figure


@drawing()
def training_figure(runs: Sequence[GeneratorFolder], title: str) -> Figure:
    """What the discriminator makes of real and synthetic clips while GANs train; one colour per GAN.

    Args:
      runs: of one kind, with at least one report.
      title: title of the figure.
    """
    figure, (scores, classes) = _figure(5.2, num_rows=2)
    letters = lettering(run.name for run in runs)
    for index, run in enumerate(runs):
        colour = _LEVEL_COLOURS[index % len(_LEVEL_COLOURS)]
        images = [row["image"] for row in run.metrics]
        gaps = [row["real_score"] - row["fake_score"] for row in run.metrics]
        scores.plot(images, gaps, color=colour, linewidth=1.2, label=letters.shown(run.name))
        for key, style in (("fake_class_accuracy", "-"), ("real_class_accuracy", ":")):
            classes.plot(images, [row[key] for row in run.metrics], style, color=colour, linewidth=1.2)
    for axes in (scores, classes):
        for first, last in _transitions(runs[0]):
            axes.axvspan(first, last, color="#eeeeee", zorder=0)
    scores.set_ylabel("score of real − of synthetic")
    classes.set_ylabel("class accuracy")
    classes.set_ylim(-0.02, 1.02)
    classes.set_xlabel("images shown")
    classes.plot([], [], "k-", label="synthetic")
    classes.plot([], [], "k:", label="real")
    classes.legend(frameon=False, fontsize="small")
    _set_title(scores, title)
    scores.legend(frameon=False, prop={"size": "small", "family": letters.families})
    return figure


@drawing()
def figure_bytes(figure: Figure, kind: str) -> bytes:
    """The contents of an 'svg' or 'png' file, the same for the same figure."""
    file = io.BytesIO()
    figure.savefig(file, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else None)
    return file.getvalue()


def _cell_styles(cells: Sequence[Cell]) -> dict[Cell, dict]:
    """Colour, marker and line of each cell; a kind has one colour and marker, hollow where clips are augmented."""
    kinds = sorted({cell.family for cell in cells if cell.family is not None})
    styles = {}
    for cell in cells:
        if cell.is_of_the_paper:
            styles[cell] = _STYLES[cell.name]
            continue
        place = kinds.index(known(cell.family))
        colour = _KIND_COLOURS[place % len(_KIND_COLOURS)]
        face = "#ffffff" if cell.method.augmented else colour
        marker = _KIND_MARKERS[place % len(_KIND_MARKERS)]
        styles[cell] = {"color": colour, "marker": marker, "linestyle": "-.", "markerfacecolor": face}
    return styles


def _figure(height_inches: float, num_rows: int = 1) -> tuple[Figure, Any]:
    figure = Figure(figsize=(_WIDTH_INCHES, height_inches), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(num_rows, sharex=True)


def _transitions(run: GeneratorFolder) -> list[tuple[int, int]]:
    """First and last image of every stage that grows the networks; these stages bear odd numbers."""
    ends = {}
    for row in run.metrics:
        ends[row["stage"]] = row["image"]
    return [(ends.get(stage - 1, 0), end) for stage, end in ends.items() if stage % 2]


def _set_title(axes: Axes, title: str) -> None:
    letters = lettering([title])
    axes.set_title(letters.shown(title), family=letters.families)
