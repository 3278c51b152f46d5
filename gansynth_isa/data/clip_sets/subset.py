"""Training and test sides, and scarce balanced subsets of the training side."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.recordings.recording import check_classes, check_groups, check_sides, is_among
from gansynth_isa.errors import InputError
from gansynth_isa.tables import text_table


def split_sides(clips: ClipSet, test_groups: tuple[str, ...]) -> tuple[ClipSet, ClipSet]:
    """Divides clips into (train, test).

    By `split` where the file pattern gave it, else by `test_groups`; without either the test side is empty.

    Raises:
      InputError: test groups beside a split, an unknown test group, a group on both sides, or a class without
        a training clip.
    """
    if any(split is not None for split in clips.splits):
        if test_groups:
            raise InputError("test_groups: expected none, because the recordings already say which side they are on")
        is_test = np.array([split == "test" for split in clips.splits])
    else:
        check_groups(clips.groups, test_groups)
        is_test = np.array([is_among(group, test_groups) for group in clips.groups], bool)
    train, test = clips.select(np.flatnonzero(~is_test)), clips.select(np.flatnonzero(is_test))
    check_sides(train.groups, test.groups)
    for name, count in train.counts().items():
        if count == 0:
            raise InputError(f"test_groups: expected training clips of every class, but class {name!r} has none left")
    return train, test


def choose_subset(
    train: ClipSet,
    clips_per_class: int | None,
    subset_seed: int,
    clips_per_file: int | None = None,
    class_counts: Mapping[str, int] = MappingProxyType({}),
) -> ClipSet:
    """A random subset of the training side, balanced but for the classes in `class_counts`.

    The clips of each class stand in a queue that depends on nothing but their identity and the seed, and its
    first ones are taken: the subset does not depend on the order of reading, and smaller subsets lie inside
    larger ones.

    Without `clips_per_file` the queue is a random order of all clips. With it, recordings come in a random
    order, each with that many clips evenly spread over its length from a random start, in a random order
    among themselves; when all recordings have had their turn, the clips passed over follow, again recording
    by recording. With 10, levels of 10, 20 and 30 take 1, 2 and 3 recordings of each class, as the paper's.

    Args:
      train: the training side.
      clips_per_class: clips to keep of each class; None keeps all.
      subset_seed: which subset of that size.
      clips_per_file: see above.
      class_counts: clips to keep of some classes by name, see `DataConfig.class_counts`.

    Raises:
      InputError: a class with fewer clips, or a name that no class has.
    """
    check_class_counts(train.counts(), class_counts)
    if clips_per_class is None and not class_counts:
        return train
    chosen: list[int] = []
    for label, name in enumerate(train.class_names):
        members, wanted = np.flatnonzero(train.labels == label), class_counts.get(name, clips_per_class)
        if wanted is not None and len(members) < wanted:
            raise InputError(
                f"clips_per_class: expected at least {wanted} training clips per class, "
                f"but class {name!r} has {len(members)}"
            )
        chosen.extend(_queue(train, members, subset_seed, clips_per_file)[:wanted])
    return train.select(sorted(chosen))


def check_class_counts(available: Mapping[str, int], class_counts: Mapping[str, int], place: str = "") -> None:
    """Refuses to take more training clips of a class than there are.

    Args:
      available: class name -> training clips, for all classes.
      class_counts: class name -> clips to take.
      place: where, for the message, such as `" in fold '1'"`.

    Raises:
      InputError: the first such class, or a name that no class has.
    """
    check_classes(available, class_counts)
    for name, wanted in class_counts.items():
        if wanted > available[name]:
            raise InputError(
                f"clips_of_class: expected at most {available[name]} for class {name!r}, which has no more training "
                f"clips{place}, got {wanted}"
            )


def side_table(train: ClipSet, test: ClipSet) -> str:
    """Clips per class and side, and recordings per side, as lines of text."""
    train_counts, test_counts = train.counts(), test.counts()
    rows: list[tuple[str, str | int, str | int]] = [("class", "train", "test")]
    rows += [(name, train_counts[name], test_counts[name]) for name in train.class_names]
    rows += [("all clips", len(train), len(test)), ("recordings", len(train.digests), len(test.digests))]
    return text_table(rows)


def _queue(train: ClipSet, members: np.ndarray, subset_seed: int, clips_per_file: int | None) -> list[int]:
    """Indices of a class's clips in the order in which subsets take them."""

    def rank(index: int) -> str:
        return _rank(train.clip_ids[index], subset_seed)

    if clips_per_file is None:
        return sorted(members, key=rank)
    clips_of = defaultdict(list)
    for index in members:  # in order of time
        clips_of[train.recordings[index]].append(index)
    first, later = [], []
    for recording in sorted(clips_of, key=lambda recording: _rank(recording, subset_seed)):
        clips = clips_of[recording]
        places = _even_places(len(clips), clips_per_file, _share(recording, subset_seed))
        first += sorted((clips[place] for place in places), key=rank)
        later += sorted((clip for place, clip in enumerate(clips) if place not in places), key=rank)
    return first + later


def _even_places(num_clips: int, num_wanted: int, start: float) -> set[int]:
    """Places of `num_wanted` clips, or of all where there are fewer, spread over 0 .. num_clips - 1.

    Args:
      start: where in the first interval to start, in [0, 1).
    """
    num_wanted = min(num_wanted, num_clips)
    return {int((number + start) * num_clips / num_wanted) for number in range(num_wanted)}


def _share(name: str, subset_seed: int) -> float:
    """A number in [0, 1) that depends on the name and the seed alone."""
    return int(_rank(name, subset_seed)[:8], 16) / 16.0**8


def _rank(name: str, subset_seed: int) -> str:
    return hashlib.sha256(f"{subset_seed}|{name}".encode(errors="surrogateescape")).hexdigest()
