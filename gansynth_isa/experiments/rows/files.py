"""Files of one JSON object per line, to which a killed process leaves nothing half done."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from gansynth_isa.errors import InputError
from gansynth_isa.files import replace_file, writing

RESULTS_FILE = "results.jsonl"  # one line per trained classifier
GANS_FILE = "gans.jsonl"  # one line per measured generator of any kind


def append_row(path: Path, row: dict) -> None:
    """Appends one line in one write and brings it to the disk; the torn end of an earlier write is repaired first.

    Raises:
      InputError: the file cannot be written.
    """
    line = (json.dumps(row) + "\n").encode()
    with writing(path), path.open("ab+", buffering=0) as file:
        _repair_end(file.fileno())
        file.write(line)
        os.fsync(file.fileno())


def write_rows(path: Path, rows: Sequence[Mapping]) -> None:
    """Writes a file of rows anew; a reader sees the whole of it or what was there before.

    Raises:
      InputError: the file cannot be written.
    """
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    replace_file(path, lambda file: file.write(text.encode()))


def read_rows(path: Path) -> list[dict]:
    """The rows of the file; no file, no rows. A torn last line is no row.

    Raises:
      InputError: another line is not a JSON object, or the file cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        row = _parse(line)
        if row is not None:
            rows.append(row)
        elif line.strip() and number < len(lines):
            raise InputError(
                f"{path}: line {number}: expected a JSON object, got {line[:60].decode(errors='replace')!r}"
            )
    return rows


def _parse(line: bytes) -> dict | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _repair_end(descriptor: int) -> None:
    """Ends a complete last line that lacks its line end, and cuts off an incomplete one."""
    size = os.fstat(descriptor).st_size
    content = os.pread(descriptor, size, 0)
    complete = content.rfind(b"\n") + 1
    if complete == size:
        return
    if _parse(content[complete:]) is not None:
        os.write(descriptor, b"\n")
    else:
        os.ftruncate(descriptor, complete)
