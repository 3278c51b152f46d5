"""The unlabelled clips that a command line asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.console import Console

if TYPE_CHECKING:
    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips


def load_others(
    folder: str | None,
    data: DataConfig,
    features: FeatureConfig,
    console: Console,
    sides: tuple[ClipSet, ClipSet, ClipSet],
    feature_cache_dir: str | None,
) -> UnlabelledClips:
    """The rest of the training side, or the recordings in --unlabelled_dir; says how many clips there are.

    Recordings in the folder that are among the labelled ones, by their bytes or their sound, are left out.

    Args:
      folder: of unlabelled recordings; None: the rest of the training side.
      data, features: nothing left open.
      console: where lines go.
      sides: labelled clips, whole training side, test side.
      feature_cache_dir: where features are kept; empty or None: nowhere.

    Raises:
      InputError: no clip is left, or one of a test recording.
    """
    from gansynth_isa.classifiers.unlabelled.copies import apart_from
    from gansynth_isa.data.clip_sets.loading import load_unlabelled
    from gansynth_isa.data.clip_sets.unlabelled import check_unlabelled, pool_of

    labelled, whole, test = sides
    if folder is None:
        found = pool_of(whole, labelled)
    else:
        everything = load_unlabelled(folder, data, features, console.line, feature_cache_dir)
        found = apart_from(everything, labelled, test)
        if num_labelled := len(everything.digests) - len(found.digests):
            console.line(f"unlabelled: {num_labelled} recordings left out, which are labelled")
    check_unlabelled(found, labelled, test)
    console.line(found.text())
    return found
