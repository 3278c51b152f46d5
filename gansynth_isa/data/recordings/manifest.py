"""Recordings that a CSV file lists: path, label, and perhaps split and group."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from gansynth_isa.data.recordings.names import in_one_form
from gansynth_isa.data.recordings.recording import SPLITS, Recording
from gansynth_isa.data.recordings.tree import some
from gansynth_isa.errors import InputError, nearest

NEEDED_COLUMNS = ("path", "label")
COLUMNS = (*NEEDED_COLUMNS, "split", "group")
SEPARATORS = (",", ";", "\t")  # spreadsheets write semicolons where the comma is the decimal sign
MAX_MANIFEST_BYTES = 2**28


def read_manifest(manifest: Path | str, name_of: Callable[[str], str] = in_one_form) -> list[Recording]:
    """The recordings that a manifest lists, in its order; classes and groups in NFC.

    The first row names the columns: path (POSIX, relative to the data folder) and label are needed, split
    ('train' or 'test') and group may be there, others are not looked at. Commas, semicolons or tabs, whichever
    the first row has most of, stand between them. The encoding is UTF-8.

    Args:
      manifest: the file.
      name_of: turns a path as it is listed into the recording's name.

    Raises:
      InputError: a manifest that cannot be read, lacks a column, lists a path twice, or has a path outside
        the data folder, an empty label, or an unknown split; with the number of the line.
    """
    recordings: list[Recording] = []
    line_of: dict[str, int] = {}
    for line, row in _rows(Path(manifest)):
        where = f"manifest: {manifest} line {line}"
        recording = _recording(where, row, name_of)
        if recording.path in line_of:
            raise InputError(
                f"{where}: expected each path once, but {recording.path} is in line {line_of[recording.path]} too"
            )
        line_of[recording.path] = line
        recordings.append(recording)
    if not recordings:
        raise InputError(f"manifest: expected recordings in {manifest}, found a header without rows")
    return recordings


def _rows(manifest: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, {column: text}) of every row that is not empty."""
    try:
        if not manifest.is_file():
            raise InputError(f"manifest: expected a CSV file, but {manifest} is {_what_it_is(manifest)}")
        if manifest.stat().st_size > MAX_MANIFEST_BYTES:
            raise InputError(f"manifest: expected at most {MAX_MANIFEST_BYTES:,} bytes, {manifest} has more")
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            first_row = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=max(SEPARATORS, key=first_row.count), strict=True)
            columns = _columns(manifest, next(reader, []))
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(columns):
                    raise InputError(
                        f"manifest: {manifest} line {reader.line_num}: expected {len(columns)} columns as in its "
                        f"first line, got {len(cells)}"
                    )
                yield reader.line_num, {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"manifest: {manifest} cannot be read as CSV in UTF-8 ({reason})") from error


def _columns(manifest: Path, cells: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    for name in NEEDED_COLUMNS:
        if name not in columns:
            found = f"found {some(columns)}{nearest(name, columns)}" if any(columns) else "found none"
            raise InputError(f"manifest: expected the columns {', '.join(NEEDED_COLUMNS)} in {manifest}, {found}")
    for name in COLUMNS:
        if columns.count(name) > 1:
            raise InputError(
                f"manifest: expected column {name} once in {manifest}, found it {columns.count(name)} times"
            )
    return columns


def _recording(where: str, row: dict[str, str], name_of: Callable[[str], str]) -> Recording:
    path, label, split = row["path"], row["label"], row.get("split") or None
    if not path or not label:
        raise InputError(f"{where}: expected a path and a label, got path {path!r} and label {label!r}")
    parts = PurePosixPath(path).parts
    if path.startswith("/") or PureWindowsPath(path).drive or ".." in parts or "\\" in path or "\0" in path:
        raise InputError(f"{where}: expected a path inside the data folder with '/' between folders, got {path!r}")
    if split is not None and split.lower() not in SPLITS:
        raise InputError(f"{where}: expected split 'train' or 'test' or nothing, got {split!r}")
    path = name_of("/".join(part for part in parts if part != "."))
    group = in_one_form(row.get("group") or "") or path
    return Recording(path=path, label=in_one_form(label), group=group, split=split and split.lower())


def _what_it_is(manifest: Path) -> str:
    if manifest.is_dir():
        return "a folder"
    return "no regular file" if manifest.exists() else "not there"
