"""Real clips that a generator did not see."""

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet


def held_out_clips(seen: ClipSet, train: ClipSet, test: ClipSet) -> ClipSet:
    """The test side; without one, the training clips of recordings and groups of which the generator saw nothing.

    Args:
      seen: the clips that the generator was trained on.
      train: the whole training side.
      test: may be empty.

    Returns:
      Clips of real recordings; none where the generator saw something of all of them.
    """
    return test if len(test) else unseen_clips(seen, train)


def unseen_clips(seen: ClipSet, train: ClipSet) -> ClipSet:
    """The clips of `train` whose recording and group have no clip in `seen`."""
    groups, recordings = set(seen.groups), set(seen.recordings)
    pairs = zip(train.groups, train.recordings, strict=True)
    is_new = [group not in groups and recording not in recordings for group, recording in pairs]
    return train.select(np.flatnonzero(is_new))
