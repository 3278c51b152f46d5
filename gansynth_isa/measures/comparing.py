"""The measures that need no classifier and no clips but those of both sets."""

from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.per_class import PerClass
from gansynth_isa.measures.spectra import class_means, spread
from gansynth_isa.measures.texture import deviation_over_time, grain


def compare_clips(real: ClipStatistics, synthetic: ClipStatistics) -> dict[str, PerClass]:
    """'class_means', 'spread', 'grain' and 'deviation_over_time' of synthetic clips, see `spectra` and `texture`."""
    measures = {
        "class_means": class_means,
        "spread": spread,
        "grain": grain,
        "deviation_over_time": deviation_over_time,
    }
    return {name: measure(real, synthetic) for name, measure in measures.items()}
