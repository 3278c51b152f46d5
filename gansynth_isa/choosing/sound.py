"""Whether clips are of steady sounds or of events, by which a choice has another default.

Linear discriminant analysis hears the colour of a sound, but hardly how it goes on. On development recordings of steady
sounds it was ahead in the mean, on impacts behind. Clips of the Gaussian gained on some events and did harm to others,
so that real clips alone are taken for them (docs/results/development).
"""

import numpy as np

from gansynth_isa.choosing.candidates import FOR_EVENTS, FOR_STEADY
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.recordings.short_events import BACKGROUND_QUANTILE, EVENT_DB

LOUD_QUANTILE = 0.98  # of the powers of a class' frames; the very loudest one may be a click


def level_range_db(clips: ClipSet) -> float:
    """How far loud frames lie above the background, in dB: the median of the classes.

    All frames of a class are taken together, so that it hardly matters how long the clips are: some of them may hold an
    event, others the silence around it.

    Args:
      clips: whose first channel is the natural logarithm of power.
    """
    ranges = []
    for label in range(len(clips.class_names)):
        of_class = np.asarray(clips.spectrograms[np.flatnonzero(clips.labels == label), ..., 0], np.float64)
        powers = np.exp(of_class).mean(axis=-1)
        background, loud = np.quantile(powers, [BACKGROUND_QUANTILE, LOUD_QUANTILE])
        ranges.append(10.0 * np.log10(loud / max(background, np.finfo(float).tiny)))
    return float(np.median(ranges))


def default_by_sound(clips: ClipSet) -> tuple[str, str]:
    """(name of the candidate that is the default for such clips, why).

    The border is that of `gansynth_isa_inspect`, which warns of short events.
    """
    found = level_range_db(clips)
    name, sound = (FOR_EVENTS, "events") if found > EVENT_DB else (FOR_STEADY, "steady sounds")
    return name, f"{sound}: loud frames lie {found:.0f} dB above the background"


def rule() -> list:
    """What tells this rule from others, ready for JSON."""
    return [FOR_EVENTS, FOR_STEADY, EVENT_DB, BACKGROUND_QUANTILE, LOUD_QUANTILE]
