"""Real clips that a generator saw, and those that it did not see."""

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips


def seen_clips(labelled: ClipSet, train: ClipSet, synthetic: SyntheticClips) -> ClipSet:
    """The clips that a generator has learnt from: the labelled ones, and those whose class it was given as a guess.

    Args:
      labelled: its labelled training clips.
      train: the whole training side. What the generator was shown of other recordings is not among the result.
      synthetic: what it generated; the metadata name what it has learnt from.

    Returns:
      `labelled` itself where nothing was guessed; else clips of `train`, with their true classes.
    """
    trained_on = synthetic.metadata.get("data", {})
    if "guessed" not in trained_on:
        return labelled
    names, digests = set(trained_on["clips"]), set(trained_on["files"].values()) - set(labelled.digests.values())
    pairs = zip(train.clip_ids, train.recordings, strict=True)
    is_seen = [name in names or train.digests[path] in digests for name, path in pairs]
    return train.select(np.flatnonzero(is_seen))


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
