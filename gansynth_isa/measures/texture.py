"""What clips are like within: their grain, and how much they change over time; each synthetic over real, per class."""

import numpy as np

from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.per_class import PerClass, ratio, root_mean_square


def grain(real: ClipStatistics, synthetic: ClipStatistics) -> PerClass:
    """Root mean square difference from the mean of the 3 x 3 neighbourhood: below 1 synthetic clips are smoother."""
    return _ratios(real, real.grain, synthetic, synthetic.grain, "expected clips with 3 frames and 3 bins or more")


def deviation_over_time(real: ClipStatistics, synthetic: ClipStatistics) -> PerClass:
    """Standard deviation over time within a clip, root mean square over bins and clips: below 1 is steadier."""
    values = real.deviation_over_time, synthetic.deviation_over_time
    return _ratios(real, values[0], synthetic, values[1], "expected real clips that change")


def _ratios(
    real: ClipStatistics, of_real: np.ndarray, synthetic: ClipStatistics, of_synthetic: np.ndarray, why_not: str
) -> PerClass:
    def measure(name: str) -> float | None:
        return ratio(root_mean_square(of_synthetic[synthetic.is_of(name)]), root_mean_square(of_real[real.is_of(name)]))

    return PerClass.of(real.class_names, measure, f"expected a real and a synthetic clip, and {why_not[9:]}")
