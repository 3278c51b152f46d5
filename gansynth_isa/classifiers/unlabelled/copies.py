"""Unlabelled recordings that are known already, whatever their files are called and however these were written."""

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips, check_unlabelled
from gansynth_isa.errors import InputError
from gansynth_isa.measures.same_clips import same_clips


def apart_from(unlabelled: UnlabelledClips, labelled: ClipSet, test: ClipSet) -> UnlabelledClips:
    """The unlabelled clips of a folder without the recordings that are labelled ones, by their bytes or their sound.

    Args:
      unlabelled: of recordings that anybody may have copied, renamed or converted.
      labelled: training clips.
      test: the test side; may be empty.

    Raises:
      InputError: nothing is left, or clips of another shape; a recording or clip of the test side is among them: names
        both, and says how many there are.
    """
    found = unlabelled.without(set(labelled.digests.values()))
    check_unlabelled(found, labelled, test)
    tested = same_clips(np.asarray(found.spectrograms), test.spectrograms)
    if tested:
        (index, other), *more = tested
        rest = f", and {len(more)} more" if more else ""
        raise InputError(
            f"unlabelled: expected no recording of the test side, but {found.recordings[index]} has the content of "
            f"{test.recordings[other]}{rest}"
        )
    copies = same_clips(np.asarray(found.spectrograms), labelled.spectrograms)
    return found.without({found.digests[found.recordings[index]] for index, _ in copies})
