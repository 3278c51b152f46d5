"""Training and test sides, and scarce balanced subsets of the training side."""

import hashlib

import numpy as np

from gansynth_isa.data.clip_set import ClipSet
from gansynth_isa.errors import InputError, nearest

MAX_GROUPS_SHOWN = 20


def split_sides(clips: ClipSet, test_groups: tuple[str, ...]) -> tuple[ClipSet, ClipSet]:
    """Divides clips into (train, test).

    By `split` where the file pattern gave it, else by `test_groups`; without either the test side is empty.

    Raises:
      InputError: test groups beside a split, an unknown test group, or a class without a training clip.
    """
    if any(split is not None for split in clips.splits):
        if test_groups:
            raise InputError("test_groups: expected none, because the recordings already say which side they are on")
        is_test = np.array([split == "test" for split in clips.splits])
    else:
        _check_groups(clips, test_groups)
        is_test = np.array([group in test_groups for group in clips.groups], bool)
    train, test = clips.select(np.flatnonzero(~is_test)), clips.select(np.flatnonzero(is_test))
    for name, count in train.counts().items():
        if count == 0:
            raise InputError(f"test_groups: expected training clips of every class, but class {name!r} has none left")
    return train, test


def choose_subset(train: ClipSet, clips_per_class: int | None, subset_seed: int) -> ClipSet:
    """A balanced random subset of the training side.

    Every clip has a rank that depends on nothing but its identity and the seed, and the lowest ranks of each
    class are taken: the subset does not depend on the order of reading, and smaller subsets lie inside larger
    ones.

    Args:
      train: the training side.
      clips_per_class: clips to keep of each class; None keeps all.
      subset_seed: which subset of that size.

    Raises:
      InputError: a class with fewer clips.
    """
    if clips_per_class is None:
        return train
    chosen = []
    for label, name in enumerate(train.class_names):
        members = np.flatnonzero(train.labels == label)
        if len(members) < clips_per_class:
            raise InputError(
                f"clips_per_class: expected at least {clips_per_class} training clips per class, "
                f"but class {name!r} has {len(members)}"
            )
        ranked = sorted(members, key=lambda index: _rank(train.clip_ids[index], subset_seed))
        chosen.extend(ranked[:clips_per_class])
    return train.select(sorted(chosen))


def side_table(train: ClipSet, test: ClipSet) -> str:
    """Clips per class and side, and recordings per side, as lines of text."""
    train_counts, test_counts = train.counts(), test.counts()
    width = max(len(name) for name in (*train.class_names, "recordings"))
    rows = [("class", "train", "test")]
    rows += [(name, train_counts[name], test_counts[name]) for name in train.class_names]
    rows += [("all clips", len(train), len(test)), ("recordings", len(train.digests), len(test.digests))]
    return "\n".join(f"{name:<{width}}  {left:>6}  {right:>6}" for name, left, right in rows)


def _rank(clip_id: str, subset_seed: int) -> str:
    return hashlib.sha256(f"{subset_seed}|{clip_id}".encode()).hexdigest()


def _check_groups(clips: ClipSet, test_groups: tuple[str, ...]):
    known = sorted(set(clips.groups))
    for group in test_groups:
        if group not in known:
            shown = ", ".join(known[:MAX_GROUPS_SHOWN]) + (", ..." if len(known) > MAX_GROUPS_SHOWN else "")
            raise InputError(f"test_groups: expected some of {shown}, got {group!r}{nearest(group, known)}")
