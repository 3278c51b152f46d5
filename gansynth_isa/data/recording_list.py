"""What is known about recordings before they are read."""

from collections.abc import Iterable
from dataclasses import dataclass

from gansynth_isa.errors import InputError, nearest

SPLITS = ("train", "test")
MAX_GROUPS_SHOWN = 20


@dataclass(frozen=True)
class Recording:
    """One file.

    Attributes:
      path: POSIX path relative to the data folder.
      label: name of its class.
      group: recordings of one group stay on one side of a split; by default each file is its own group.
      split: 'train' or 'test' where the data set says so, else None.
    """

    path: str
    label: str
    group: str
    split: str | None


@dataclass(frozen=True)
class RecordingList:
    """Recordings, those of one side together and sorted by path, and what was left aside.

    Attributes:
      recordings: the recordings.
      num_ignored: files of the folder that are not among them.
      notices: lines that a user should know, beyond that number.
    """

    recordings: tuple[Recording, ...]
    num_ignored: int
    notices: tuple[str, ...] = ()


def check_groups(groups: Iterable[str], test_groups: Iterable[str]) -> None:
    """Refuses a test group that is not among the recordings' groups."""
    known = sorted(set(groups))
    for group in test_groups:
        if group not in known:
            shown = ", ".join(known[:MAX_GROUPS_SHOWN]) + (", ..." if len(known) > MAX_GROUPS_SHOWN else "")
            raise InputError(f"test_groups: expected some of {shown}, got {group!r}{nearest(group, known)}")
