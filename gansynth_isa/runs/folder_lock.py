"""One process at a time in a folder."""

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from gansynth_isa.errors import InputError
from gansynth_isa.files import writing

LOCK_FILE = ".lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps other processes out of `folder`, which is made, until the context ends.

    The kernel holds the lock for the open file, so that a process that is killed takes its lock with it; the
    file stays, and says who holds or held it.

    Raises:
      InputError: another process holds the folder, or it cannot be written.
    """
    path = folder / LOCK_FILE
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        with writing(path):
            _take(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def wait_until_free(folder: Path, timeout_s: float) -> None:
    """Waits until no process holds `folder`, which need not exist, or until `timeout_s` have passed."""
    end = time.monotonic() + timeout_s
    while _is_held(folder) and time.monotonic() < end:
        time.sleep(0.5)


def _is_held(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _take(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 1000, 0).decode(errors="replace").strip() or "another process"
        raise InputError(f"{folder}: in use by {holder}") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
