"""Finds the labelled recordings of a data set: paths, classes, groups and sides, without reading audio."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.config import DataConfig
from gansynth_isa.errors import InputError

# The layout <split>/<class>/<file>, below any number of folders.
SPLIT_FOLDERS_PATTERN = r"(?:^|/)(?P<split>train|test)/(?P<label>[^/]+)/[^/]+\.(?i:wav|flac)$"
SPLITS = ("train", "test")
MAX_NAMES_SHOWN = 5


@dataclass(frozen=True)
class Recording:
    """One file.

    Attributes:
      path: POSIX path relative to the data folder.
      label: name of its class.
      group: recordings of one group stay on one side of a split; by default each file is its own group.
      split: 'train' or 'test' where the file pattern says so, else None.
    """

    path: str
    label: str
    group: str
    split: str | None


@dataclass(frozen=True)
class RecordingList:
    """Recordings sorted by path, and how many files of the folder did not match the pattern."""

    recordings: tuple[Recording, ...]
    num_ignored: int


def find_recordings(data: DataConfig) -> RecordingList:
    """All files below `data.data_dir` that match the file pattern.

    Args:
      data: `dataset` 'folder' uses `file_pattern`; 'mb' and 'pucks' have the layout <split>/<class>/<file>.

    Raises:
      InputError: no such folder, an empty one, a bad pattern, nothing that matches it, or fewer than two
        classes.
    """
    root = data_folder(data)
    pattern = _compile(data.file_pattern if data.dataset == "folder" else SPLIT_FOLDERS_PATTERN)
    paths = _files_below(root)
    if not paths:
        raise InputError(f"data_dir: expected recordings in {root}, found an empty folder")
    found = [_recording(path, match) for path in paths if (match := pattern.search(path))]
    if not found:
        raise InputError(
            f"file_pattern: expected {pattern.pattern!r} to match files below {root}, "
            f"but it matches none of the {len(paths)} there: {_some(paths)}"
        )
    _check_labels(found)
    _check_splits(found)
    return RecordingList(tuple(found), num_ignored=len(paths) - len(found))


def data_folder(data: DataConfig) -> Path:
    """The data set's folder.

    Raises:
      InputError: not given, missing, or not a folder.
    """
    if not data.data_dir:
        raise InputError("data_dir: expected the folder that holds the recordings, got none")
    root = Path(data.data_dir)
    if not root.exists():
        raise InputError(f"data_dir: expected a folder with recordings, but {root} does not exist")
    if not root.is_dir():
        raise InputError(f"data_dir: expected a folder with recordings, but {root} is a file")
    return root


def _compile(file_pattern: str) -> re.Pattern:
    try:
        pattern = re.compile(file_pattern)
    except re.error as error:
        raise InputError(f"file_pattern: expected a regular expression, got {file_pattern!r} ({error})") from error
    if "label" not in pattern.groupindex:
        raise InputError(f"file_pattern: expected a named group (?P<label>...), got {file_pattern!r}")
    return pattern


def _files_below(root: Path) -> list[str]:
    """Sorted POSIX paths, relative to `root`, of all files."""

    def refuse(error):
        raise InputError(f"data_dir: cannot read {error.filename}: {error.strerror}") from error

    return sorted(
        (Path(folder) / name).relative_to(root).as_posix()
        for folder, _, names in os.walk(root, onerror=refuse, followlinks=True)
        for name in names
    )


def _recording(path: str, match: re.Match) -> Recording:
    named = match.groupdict()
    if not named["label"]:
        raise InputError(f"file_pattern: expected a label for every file, but group 'label' is empty for {path}")
    split = named.get("split")
    if split is not None and split not in SPLITS:
        raise InputError(f"file_pattern: expected group 'split' to be 'train' or 'test', got {split!r} for {path}")
    return Recording(path=path, label=named["label"], group=named.get("group") or path, split=split)


def _check_labels(recordings: list[Recording]):
    labels = {recording.label for recording in recordings}
    if len(labels) < 2:
        raise InputError(
            f"data_dir: expected recordings of two classes or more, found {len(recordings)} of one class, "
            f"{labels.pop()!r}"
        )


def _check_splits(recordings: list[Recording]):
    without = [recording.path for recording in recordings if recording.split is None]
    if without and len(without) < len(recordings):
        raise InputError(
            f"file_pattern: expected group 'split' to match for every recording or for none, "
            f"but it is missing for {_some(without)}"
        )


def _some(names) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(names[:MAX_NAMES_SHOWN])
    return shown if len(names) <= MAX_NAMES_SHOWN else f"{shown} and {len(names) - MAX_NAMES_SHOWN} more"
