"""Figures of an experiment, drawn without a display."""

import io
import math
from collections.abc import Sequence

from gansynth_isa.config import METHODS
from gansynth_isa.drawing import Figure, FigureCanvasAgg, drawing, lettering
from gansynth_isa.reports.experiment_files import GanRun
from gansynth_isa.reports.statistics.bootstrap import Difference
from gansynth_isa.reports.statistics.summary import Summary
from gansynth_isa.reports.tables import METHOD_NAMES

# Okabe and Ito's colours tell apart under the common kinds of colour blindness; markers and lines differ as well.
_STYLES = {
    "baseline": {"color": "#000000", "marker": "o", "linestyle": "--"},
    "augmented": {"color": "#E69F00", "marker": "s", "linestyle": "--"},
    "gan": {"color": "#0072B2", "marker": "^", "linestyle": "-"},
    "gan_augmented": {"color": "#009E73", "marker": "D", "linestyle": "-"},
}
_LEVEL_COLOURS = ("#000000", "#E69F00", "#0072B2", "#009E73", "#CC79A7", "#D55E00", "#56B4E9")
_OFFSET_BETWEEN_METHODS = 0.06
_WIDTH_INCHES = 5.4  # on a phone, about as wide as the screen: the letters keep their size


@drawing()
def accuracy_figure(summaries: Sequence[Summary], num_classes: int, title: str) -> Figure:
    """Accuracy over the level of scarcity with error bars of one standard deviation.

    Args:
      summaries: one per level and method.
      num_classes: number of classes; their inverse is drawn as chance.
      title: title of the figure.
    """
    figure, axes = _figure(4.6)
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
    pairs = list(dict.fromkeys((item.method, item.other) for item in differences))
    levels = sorted({item.level for item in differences})
    figure, axes = _figure(0.9 + len(pairs) * (0.25 + 0.14 * len(levels)))
    for index, level in enumerate(levels):
        items = [item for item in differences if item.level == level]
        offset = (index + 0.5) / len(levels) * 0.7 - 0.35
        axes.errorbar(
            [item.mean for item in items],
            [pairs.index((item.method, item.other)) + offset for item in items],
            xerr=[[item.mean - item.low for item in items], [item.high - item.mean for item in items]],
            color=_LEVEL_COLOURS[index % len(_LEVEL_COLOURS)],
            label=f"{level} clips per class",
            linestyle="none",
            marker="o",
            markersize=4,
            capsize=2,
        )
    names = [f"{METHOD_NAMES[method]}\nover {METHOD_NAMES[other]}" for method, other in pairs]
    axes.set_yticks(range(len(pairs)), names, fontsize="small")
    axes.set_ylim(len(pairs) - 0.5, -0.5)
    axes.locator_params(axis="x", nbins=5)
    axes.axvline(0, color="#999999", linewidth=1)
    axes.grid(axis="x", color="#dddddd")
    axes.set_xlabel("difference in accuracy")
    figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize="small")
    return figure


@drawing()
def training_figure(runs: Sequence[GanRun], title: str) -> Figure:
    """What the discriminator makes of real and synthetic clips while GANs train; one colour per GAN.

    Args:
      runs: of GANs with at least one report.
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


def _figure(height_inches: float, num_rows: int = 1):
    figure = Figure(figsize=(_WIDTH_INCHES, height_inches), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(num_rows, sharex=True)


def _transitions(run: GanRun) -> list[tuple[int, int]]:
    """First and last image of every stage that grows the networks; these stages bear odd numbers."""
    ends = {}
    for row in run.metrics:
        ends[row["stage"]] = row["image"]
    return [(ends.get(stage - 1, 0), end) for stage, end in ends.items() if stage % 2]


def _set_title(axes, title: str) -> None:
    letters = lettering([title])
    axes.set_title(letters.shown(title), family=letters.families)
