"""What is known about recordings before they are read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gansynth_isa.data.recordings.leftovers import is_left_behind, leftovers_text
from gansynth_isa.data.recordings.names import in_one_form
from gansynth_isa.data.recordings.tree import some
from gansynth_isa.errors import InputError, nearest

SPLITS = ("train", "test")
ALL = "all"  # the side of recordings that no side was chosen for
MAX_GROUPS_SHOWN = 20


@dataclass(frozen=True)
class Recording:
    """One file.

    Attributes:
      path: POSIX path relative to the data folder, in NFC: the recording's name.
      label: name of its class, in NFC.
      group: recordings of one group stay on one side of a split; by default each file is its own group.
      split: 'train' or 'test' where the data set says so, else None.
      file: the path as it is on the disk, where that is in another form.
    """

    path: str
    label: str
    group: str
    split: str | None
    file: str | None = None

    @property
    def location(self) -> str:
        """Where to open it: a path relative to the data folder, as it is on the disk."""
        return self.file or self.path


@dataclass(frozen=True)
class RecordingList:
    """Recordings, those of one side together and sorted by path, and what was left aside.

    Attributes:
      recordings: the recordings.
      ignored: sorted paths of the files of the folder that are not among them.
      notices: lines that a user should know, beyond that.
    """

    recordings: tuple[Recording, ...]
    ignored: tuple[str, ...]
    notices: tuple[str, ...] = ()

    @property
    def num_ignored(self) -> int:
        """Number of files that are no recordings of the data set."""
        return len(self.ignored)

    def ignored_text(self) -> str:
        """How many files are ignored, and the first of them by name, on one printable line."""
        others = [path for path in self.ignored if not is_left_behind(path)]
        parts = [f"{len(others)} other file(s): {some(others)}" if others else "", leftovers_text(self.ignored)]
        return "; ".join(part for part in parts if part)


def files_but(paths: Iterable[str], recordings: Iterable[Recording]) -> tuple[str, ...]:
    """The paths, sorted, that are none of the recordings."""
    return tuple(sorted(set(paths) - {recording.path for recording in recordings}))


def side_of(recording: Recording, test_groups: tuple[str, ...]) -> str:
    """'train' or 'test', as the data set or else `test_groups` say, or ALL where neither does."""
    if recording.split is not None or not test_groups:
        return recording.split or ALL
    return "test" if is_among(recording.group, test_groups) else "train"


def is_among(group: str, test_groups: Iterable[str]) -> bool:
    """Whether a group is one of those that were asked for, whatever the Unicode form of either."""
    return in_one_form(group) in map(in_one_form, test_groups)


def check_usable(class_names: Iterable[str], recordings: Sequence[tuple[Recording, str]]) -> None:
    """Refuses recordings, each with its side, that nothing could be trained on.

    Raises:
      InputError: a class without a training recording, or a group on both sides.
    """
    trained = {recording.label for recording, side in recordings if side != "test"}
    for name in class_names:
        if name not in trained:
            raise InputError(
                f"data_dir: expected training recordings of every class, class {name!r} has none"
                f"{nearest(name, trained)}"
            )
    check_sides(*([recording.group for recording, side in recordings if side == wanted] for wanted in SPLITS))


def check_sides(train_groups: Iterable[str], test_groups: Iterable[str]) -> None:
    """Refuses groups that have recordings or clips on both sides."""
    shared = sorted(set(train_groups) & set(test_groups))
    if shared:
        more = f" and {len(shared) - 1} more groups" if len(shared) > 1 else ""
        raise InputError(f"group: expected every group on one side of the split, got {shared[0]!r}{more} on both")


def check_groups(groups: Iterable[str], test_groups: Iterable[str]) -> None:
    """Refuses a test group that is not among the recordings' groups."""
    known = sorted(set(groups))
    for group in test_groups:
        if not is_among(group, known):
            shown = ", ".join(known[:MAX_GROUPS_SHOWN]) + (", ..." if len(known) > MAX_GROUPS_SHOWN else "")
            raise InputError(f"test_groups: expected some of {shown}, got {group!r}{nearest(group, known)}")


def check_classes(known: Iterable[str], class_counts: Iterable[str]) -> None:
    """Refuses the name of a class, in `clips_of_class`, that the recordings do not have."""
    names = sorted(known)
    for name in class_counts:
        if name not in names:
            shown = ", ".join(names[:MAX_GROUPS_SHOWN]) + (", ..." if len(names) > MAX_GROUPS_SHOWN else "")
            raise InputError(f"clips_of_class: expected some of {shown}, got {name!r}{nearest(name, names)}")
