"""How numbers of single clips are distributed, synthetic over real, per class."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.drawing import Axes, Figure, drawing, lettering
from gansynth_isa.evaluation.pictures.panels import REAL_COLOUR, SYNTHETIC_COLOUR, panels
from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.onsets import OnsetRule

NUM_BINS = 24


@dataclass(frozen=True)
class Numbers:
    """A number of every clip of a set, and the clips' classes.

    Attributes:
      values: (clips,), those that are not finite are left out.
      classes: (clips,) names.
    """

    values: np.ndarray
    classes: np.ndarray


def clip_numbers(clips: ClipStatistics, rule: OnsetRule) -> dict[str, Numbers]:
    """What is drawn of clips: title -> numbers.

    Args:
      clips: real or synthetic.
      rule: of onsets.
    """
    numbers = {
        "level, natural log of power": clips.spectra.mean(axis=1),
        "grain": clips.grain,
        "deviation over time": clips.deviation_over_time,
        "onsets": rule.holds(clips.rises).sum(axis=1).astype(np.float64),
    }
    return {title: Numbers(values, names_of(clips)) for title, values in numbers.items()}


def names_of(clips: ClipStatistics | ClipSet) -> np.ndarray:
    """(clips,) names of their classes."""
    return np.array(clips.class_names)[clips.labels]


def distributions_figure(
    real: Mapping[str, Numbers], synthetic: Mapping[str, Numbers], class_names: tuple[str, ...]
) -> Figure:
    """A row per number, a panel per class; every histogram covers an area of 1.

    Args:
      real, synthetic: see `clip_numbers`.
      class_names: of the columns.
    """
    letters = lettering(class_names)
    with drawing(letters):
        figure, axes = panels(len(real), len(class_names), "numbers of single clips")
        for row, (title, of_real) in zip(axes, real.items(), strict=True):
            edges = _edges(np.concatenate([of_real.values, synthetic[title].values]))
            for axis, name in zip(row, class_names, strict=True):
                _draw(axis, of_real, name, edges, REAL_COLOUR, "real")
                _draw(axis, synthetic[title], name, edges, SYNTHETIC_COLOUR, "synthetic")
                axis.set_yticks([])
                axis.set_xlabel(title, fontsize=7)
        for axis, name in zip(axes[0], class_names, strict=True):
            axis.set_title(letters.shown(name), fontsize=9)
        axes[0][0].legend(fontsize=8, frameon=False)
    return figure


def _edges(values: np.ndarray) -> np.ndarray:
    """Of the bins of a histogram."""
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    return np.linspace(low, high if high > low else low + 1.0, NUM_BINS + 1)


def _draw(axis: Axes, numbers: Numbers, name: str, edges: np.ndarray, colour: str, label: str) -> None:
    values = numbers.values[(numbers.classes == name) & np.isfinite(numbers.values)]
    if len(values):
        axis.hist(values, edges.tolist(), density=True, histtype="step", color=colour, linewidth=1.2, label=label)
