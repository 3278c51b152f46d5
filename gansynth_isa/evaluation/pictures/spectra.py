"""Mean spectra of every class with their spread, synthetic over real."""

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.drawing import Axes, Figure, drawing, lettering
from gansynth_isa.evaluation.pictures.panels import REAL_COLOUR, SYNTHETIC_COLOUR, panels
from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.spectral.scales import frequency_ticks

DB_PER_LOG = 10.0 / np.log(10.0)


def spectra_figure(
    real: ClipStatistics, synthetic: ClipStatistics, data: DataConfig, features: FeatureConfig
) -> Figure:
    """A panel per class: means over clips and time, and between which values two thirds of the clips lie, in dB.

    Args:
      real, synthetic: see `ClipStatistics`.
      data, features: of both, with nothing left open.
    """
    letters = lettering(real.class_names)
    ticks = [(place * features.mel_bins, name) for place, name in frequency_ticks(features, data.sample_rate)]
    with drawing(letters):
        figure, axes = panels(1, len(real.class_names), "mean spectra; shaded: two thirds of the clips")
        for axis, name in zip(axes[0], real.class_names, strict=True):
            axis.set_title(letters.shown(name), fontsize=9)
            _draw(axis, real.spectra[real.is_of(name)], REAL_COLOUR, "-", "real")
            _draw(axis, synthetic.spectra[synthetic.is_of(name)], SYNTHETIC_COLOUR, "--", "synthetic")
            axis.set_xticks([place for place, _ in ticks], [name for _, name in ticks])
            axis.set_xlabel("Hz")
        axes[0][0].set_ylabel("power in dB")
        axes[0][0].legend(fontsize=8, frameon=False)
    return figure


def _draw(axis: Axes, spectra: np.ndarray, colour: str, line: str, label: str) -> None:
    if not len(spectra):
        return
    low, high = np.percentile(DB_PER_LOG * spectra, (100 / 6, 500 / 6), axis=0)
    bins = np.arange(spectra.shape[1]) + 0.5
    axis.fill_between(bins, low, high, color=colour, alpha=0.2, linewidth=0)
    axis.plot(bins, DB_PER_LOG * spectra.mean(axis=0), color=colour, linestyle=line, linewidth=1.2, label=label)
