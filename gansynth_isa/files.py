"""Files that a kill, a power failure or a full disk leaves whole: the old one, or the new one."""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from gansynth_isa.errors import InputError

# The file by which a folder tells what it holds: a training, a classifier, clips, an experiment, an exported model.
MARKS = ("experiment.json", "result.json", "metadata.json", "grid.json", "export.json")
UNFINISHED = "unfinished.tmp"  # one per folder, so that what a kill leaves behind is written over


def replace_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file so that a reader sees the whole of it or what was there before.

    Args:
      path: the file; its folder is made.
      write: is given the file to write to.

    Raises:
      InputError: the folder cannot be written, or the disk is full; what was there before stays.
    """
    unfinished = path.with_name(UNFINISHED)
    with writing(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _sync_folder(path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise


def check_own_folder(folder: Path, flag: str, mark: str, what: str) -> None:
    """Refuses to begin something in the folder of something else, whose files would be taken for its own.

    Args:
      folder: may hold what is to be begun already.
      flag: that names the folder.
      mark: the one of MARKS that the new thing has.
      what: the new thing, in words.

    Raises:
      InputError: names the file that stands there.
    """
    for name in MARKS:
        if name != mark and (folder / name).exists():
            raise InputError(f"{flag}: expected a folder of its own for {what}, but {folder} holds {name}")


def write_json(path: Path, values: dict | list, indent: int = 1) -> None:
    """Writes a JSON object or list so that a reader sees the whole of it or what was there before.

    Raises:
      InputError: see `replace_file`.
    """
    text = json.dumps(values, indent=indent) + "\n"
    replace_file(path, lambda file: file.write(text.encode()))


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder that appears whole, when the context ends, or not at all.

    Yields:
      The folder to write to, beside `path`; it is removed when the context ends with an exception.

    Raises:
      InputError: `path` holds something already, or cannot be written.
    """
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.unfinished")
    with writing(path):
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise InputError(f"{path}: expected a folder that is new or empty")
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            unfinished.mkdir(parents=True)
            yield unfinished
            unfinished.replace(target)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def check_no_folders(paths: Iterable[Path]) -> None:
    """Refuses folders where files are about to be replaced, before the first of them goes.

    Raises:
      InputError: one of the paths is a folder.
    """
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            raise InputError(f"{path}: expected a file that can be replaced, found a folder")


def file_name(text: str) -> str:
    """`text` with letters, digits, `-`, `_` and `.` only; a short digest keeps changed names apart."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", text)[:40]
    return safe if safe == text else f"{safe}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def sha256_of_files(folder: Path) -> dict[str, str]:
    """POSIX path relative to `folder` -> SHA-256 in hexadecimal, of all files below it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def append_line(path: Path, text: str) -> None:
    """Appends one line and brings it to the disk.

    Raises:
      InputError: the folder cannot be written, or the disk is full.
    """
    with writing(path), path.open("ab", buffering=0) as file:
        file.write((text + "\n").encode())
        os.fsync(file.fileno())


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns what the operating system refuses into an `InputError` that names `path`."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _sync_folder(folder: Path) -> None:
    """Brings the new name itself to the disk; else a power failure could undo the renaming."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
