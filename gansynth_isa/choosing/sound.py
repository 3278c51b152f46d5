"""Whether clips are of steady sounds or of events, by which a choice has another default.

Linear discriminant analysis hears the colour of a sound, but hardly how it goes on. On development recordings of steady
sounds it was ahead of every network, on impacts behind. Clips of the Gaussian gain on some events and do harm to
others, so that real clips alone are taken for them (docs/results/development).
"""

from gansynth_isa.choosing.candidates import FOR_EVENTS, FOR_STEADY
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.onsets import OnsetRule

# Clips of balls have none, of bulk material at most 0.4, of impacts 0.69 and more, of pucks all.
MOST = 0.5


def share_with_onset(clips: ClipSet) -> float:
    """Share of the clips that have an onset, see `measures.onsets`; 0 to 1."""
    found = ClipStatistics.of(clips.spectrograms, clips.labels, clips.class_names)
    return float(OnsetRule.of(found).holds(found.rises).any(axis=1).mean())


def default_by_sound(clips: ClipSet) -> tuple[str, str]:
    """(name of the candidate that is the default for such clips, why)."""
    share = share_with_onset(clips)
    name = FOR_EVENTS if share > MOST else FOR_STEADY
    sound = "events" if share > MOST else "steady sounds"
    return name, f"{sound}: {100 * share:.0f} % of the clips have an onset"
