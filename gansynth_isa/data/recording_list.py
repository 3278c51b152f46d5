"""What is known about recordings before they are read."""

from dataclasses import dataclass

SPLITS = ("train", "test")


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
