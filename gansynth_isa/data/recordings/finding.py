"""Finds the labelled recordings of a data set: paths, classes, groups and sides, without reading audio."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gansynth_isa.config import DEFAULT_FILE_PATTERN, DataConfig
from gansynth_isa.data.audio.opening import AUDIO_SUFFIXES
from gansynth_isa.data.recordings.layouts import read_layout
from gansynth_isa.data.recordings.leftovers import is_folder_to_pass_by, is_hidden, is_left_behind, leftovers_text
from gansynth_isa.data.recordings.manifest import read_manifest
from gansynth_isa.data.recordings.names import in_one_form, names_of_paths
from gansynth_isa.data.recordings.recording import SPLITS, Recording, RecordingList, check_classes, files_but
from gansynth_isa.data.recordings.tree import files_below, some
from gansynth_isa.errors import InputError, is_utf8


def find_recordings(data: DataConfig) -> RecordingList:
    """The recordings of a data set: those of a manifest, else those below `data.data_dir` by names.

    All names are compared in NFC. What systems leave behind is no recording, even where a manifest lists it.

    Args:
      data: with `manifest` that file lists the recordings; otherwise `dataset` 'folder' uses `file_pattern`,
        and 'mb' and 'pucks' tell split and class by `layouts`.

    Returns:
      Recordings of one side after those of the other, each side sorted by path.

    Raises:
      InputError: no such folder, an empty one, a bad pattern or manifest, nothing found, fewer than two
        classes, a side for some recordings only, or `clips_of_class` of a class that is not there.
    """
    root = data_folder(data)
    file_of = names_of_paths(files_below(root))
    paths = sorted(file_of)
    if not paths:
        raise InputError(f"data_dir: expected recordings in {root}, found an empty folder")
    if data.manifest:
        found = _listed(data.manifest, root, file_of)
    elif data.dataset == "folder":
        found = _match_pattern(data.file_pattern, paths, root)
    else:
        found = read_layout(paths, data.dataset)
    found = replace(found, recordings=tuple(_in_one_form(recording, file_of) for recording in found.recordings))
    _check_labels(found.recordings)
    check_classes({recording.label for recording in found.recordings}, data.class_counts)
    _check_splits(found.recordings, "manifest: expected a split" if data.manifest else "file_pattern: expected a split")
    ordered = sorted(found.recordings, key=lambda recording: (recording.split or "", recording.path))
    return RecordingList(tuple(ordered), found.ignored, found.notices)


def recordings_in_folders(root: Path, setting: str) -> RecordingList:
    """The files in a folder per class, whose name is their class; one class is enough.

    Args:
      root: holds the folders.
      setting: whose value `root` is, for messages.

    Raises:
      InputError: no such folder, one that cannot be read, or a folder in it without recordings.
    """
    if not root.is_dir():
        raise InputError(
            f"{setting}: expected a folder, but {root} {'is a file' if root.exists() else 'does not exist'}"
        )
    try:
        file_of = names_of_paths(files_below(root))
        found = _match_pattern(DEFAULT_FILE_PATTERN, sorted(file_of), root)
        _check_names(found.recordings)
    except InputError as error:
        raise InputError(re.sub(r"^\w+:", f"{setting}:", str(error))) from error
    used = {recording.path.split("/")[0] for recording in found.recordings}
    for folder in sorted(path.name for path in root.iterdir() if path.is_dir()):
        if in_one_form(folder) not in used and not is_folder_to_pass_by(folder):
            raise InputError(f"{setting}: expected sound files in every folder, found none in {folder!r}")
    recordings = tuple(_in_one_form(recording, file_of) for recording in found.recordings)
    return replace(found, recordings=recordings)


def find_unlabelled(root: Path) -> RecordingList:
    """All recordings below a folder, sorted by path, without a class; each is its own group.

    Raises:
      InputError: no such folder, or no recording in it.
    """
    if not root.is_dir():
        raise InputError(f"unlabelled_dir: expected a folder with recordings, but {root} is none")
    file_of = names_of_paths(files_below(root))
    paths = sorted(
        path
        for path in file_of
        if path.lower().endswith(AUDIO_SUFFIXES) and not is_hidden(path) and not is_left_behind(path)
    )
    if not paths:
        raise InputError(
            f"unlabelled_dir: expected recordings ({', '.join(AUDIO_SUFFIXES)}) in {root}, "
            f"found {len(file_of)} other file(s)"
        )
    found = [_in_one_form(Recording(path, "", path, None), file_of) for path in paths]
    return RecordingList(tuple(found), files_but(file_of, found))


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


def _listed(manifest: str, root: Path, file_of: Mapping[str, str]) -> RecordingList:
    """What a manifest lists.

    Args:
      manifest: the CSV file.
      root: the data folder.
      file_of: name -> path on the disk of all files; none of those in hidden folders, which a manifest may list.
    """

    def name_of(path: str) -> str:
        name = in_one_form(path)
        return path if path in file_of or (name not in file_of and os.path.exists(root / path)) else name

    listed = read_manifest(manifest, name_of)
    kept = [recording for recording in listed if not is_left_behind(recording.path)]
    if not kept:
        raise InputError(f"manifest: expected recordings in {manifest}, found {len(listed)} files of systems alone")
    aside = leftovers_text(recording.path for recording in listed)
    notices = (f"rows of the manifest left out: {aside}",) if aside else ()
    return RecordingList(tuple(kept), files_but(file_of, kept), notices)


def _in_one_form(recording: Recording, file_of: Mapping[str, str]) -> Recording:
    """The recording with its class and group in NFC, and its file where that is called otherwise on the disk."""
    group = recording.group if recording.group == recording.path else in_one_form(recording.group)
    file = file_of.get(recording.path, recording.path)
    return replace(
        recording, label=in_one_form(recording.label), group=group, file=None if file == recording.path else file
    )


def _compile(file_pattern: str) -> re.Pattern:
    try:
        pattern = re.compile(in_one_form(file_pattern))
    except re.error as error:
        raise InputError(f"file_pattern: expected a regular expression, got {file_pattern!r} ({error})") from error
    if "label" not in pattern.groupindex:
        raise InputError(f"file_pattern: expected a named group (?P<label>...), got {file_pattern!r}")
    return pattern


def _match_pattern(file_pattern: str, paths: list[str], root: Path) -> RecordingList:
    pattern = _compile(file_pattern)
    found = [_recording(path, match) for path in paths if not is_hidden(path) and (match := pattern.search(path))]
    if not found:
        raise InputError(
            f"file_pattern: expected {pattern.pattern!r} to match files below {root}, "
            f"but it matches none of the {len(paths)} there: {some(paths)}"
        )
    return RecordingList(tuple(found), files_but(paths, found))


def _recording(path: str, match: re.Match) -> Recording:
    named = match.groupdict()
    if not named["label"]:
        raise InputError(f"file_pattern: expected a label for every file, but group 'label' is empty for {path}")
    split = named.get("split")
    if split is not None and split not in SPLITS:
        raise InputError(f"file_pattern: expected group 'split' to be 'train' or 'test', got {split!r} for {path}")
    return Recording(path=path, label=named["label"], group=named.get("group") or path, split=split)


def _check_labels(recordings: Sequence[Recording]) -> None:
    labels = {recording.label for recording in recordings}
    if len(labels) < 2:
        raise InputError(
            f"data_dir: expected recordings of two classes or more, found {len(recordings)} of one class, "
            f"{labels.pop()!r}"
        )
    _check_names(recordings)


def _check_names(recordings: Sequence[Recording]) -> None:
    for label in sorted({recording.label for recording in recordings}):
        if not is_utf8(label):  # TensorFlow, JSON and text files could not hold it
            raise InputError(f"data_dir: expected names of classes in UTF-8, got {label!r}; rename it")


def _check_splits(recordings: Sequence[Recording], expectation: str) -> None:
    without = [recording.path for recording in recordings if recording.split is None]
    if without and len(without) < len(recordings):
        raise InputError(f"{expectation} for every recording or for none, but it is missing for {some(without)}")
