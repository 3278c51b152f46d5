"""Settings of SMOTE."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting


@dataclass(frozen=True)
class SmoteConfig(Validated):
    """Clips between a training clip and one of its nearest neighbours in the class."""

    smote_neighbours: int = setting(
        5, "nearest neighbours of a clip in its class; all others where there are fewer", Decides.TRAINING, minimum=1
    )
    smote_largest_share: float = setting(
        1.0,
        "longest way from the clip to its neighbour; the way of each clip is uniform from 0 to this",
        Decides.TRAINING,
        above=0.0,
        maximum=1.0,
    )
