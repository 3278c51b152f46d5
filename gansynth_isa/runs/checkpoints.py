"""Checkpoints: named arrays in one `.npz` file, written atomically, the last few kept.

A checkpoint holds plain arrays alone and never runs code when loaded. The file's zip comment is the SHA-256 of
all bytes before it, so that any change of the file is noticed and `numpy.load` still reads it.
"""

import hashlib
import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gansynth_isa.errors import InputError
from gansynth_isa.files import replace_file, writing

NUM_KEPT = 2
DIGEST_LENGTH = 64  # hexadecimal digits of a SHA-256


class DamagedCheckpoint(InputError):
    """A file that is no whole checkpoint."""


def checkpoint_path(stage_dir: Path, image: int) -> Path:
    """Path of the checkpoint of a stage at an image count."""
    return stage_dir / f"checkpoint-{image:012d}.npz"


def save_checkpoint(
    stage_dir: Path, image: int, arrays: dict[str, np.ndarray], is_regular: Callable[[int], bool] = lambda image: True
) -> Path:
    """Writes a checkpoint so that a reader sees the whole file or none, and removes those that are not needed.

    Kept are the last NUM_KEPT whose image is regular, and what is newer than these. A checkpoint at a moment of
    the clock thus goes when the next regular one is there, and a run ends with the same files however often it
    was stopped.

    Raises:
      InputError: the folder cannot be written, or the disk is full; earlier checkpoints stay.
    """
    path = checkpoint_path(stage_dir, image)
    contents = _contents(arrays)
    replace_file(path, lambda file: file.write(contents))
    present = list_checkpoints(stage_dir)
    regular = [path for path in present if is_regular(checkpoint_image(path))]
    kept = regular[-NUM_KEPT:]
    for old in present:
        if old not in kept and regular and old < regular[-1]:
            old.unlink(missing_ok=True)
    return path


def _contents(arrays: dict[str, np.ndarray]) -> memoryview:
    """The bytes of a checkpoint, made in memory: an archive that a full disk cuts short complains when it is freed."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    buffer.seek(-2, io.SEEK_END)
    buffer.write(struct.pack("<H", DIGEST_LENGTH))  # the archive ends with the length of its comment
    buffer.write(hashlib.sha256(buffer.getbuffer()).hexdigest().encode())
    return buffer.getbuffer()


def _digest(file: BinaryIO, num_bytes: int) -> bytes:
    """SHA-256 of the first `num_bytes` bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    file.seek(0)
    while num_bytes > 0 and (block := file.read(min(num_bytes, 2**20))):
        digest.update(block)
        num_bytes -= len(block)
    return digest.hexdigest().encode()


def list_checkpoints(stage_dir: Path) -> list[Path]:
    """The checkpoints of a stage by rising image count."""
    return sorted(
        path for path in stage_dir.glob("checkpoint-*.npz") if re.fullmatch(r"checkpoint-\d+\.npz", path.name)
    )


def checkpoint_image(path: Path) -> int:
    """The image count in a checkpoint's name."""
    return int(path.stem.split("-")[1])


def load_checkpoint(path: Path) -> dict[str, np.ndarray]:
    """All arrays of a checkpoint.

    Raises:
      DamagedCheckpoint: the file is truncated or changed.
      InputError: the file is missing or cannot be read.
    """
    try:
        with path.open("rb") as file:
            content_length = file.seek(0, 2) - DIGEST_LENGTH
            digest = _digest(file, content_length)
            if file.read() != digest:
                raise DamagedCheckpoint(f"{path}: not a whole checkpoint (its checksum differs)")
            file.seek(0)
            with np.load(file, allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DamagedCheckpoint(f"{path}: not a whole checkpoint ({error})") from error


def latest_checkpoint(
    stage_dir: Path, warn: Callable[[str], None], set_aside: bool = False
) -> tuple[int, dict[str, np.ndarray]] | None:
    """Image count and arrays of the newest checkpoint that is whole, or None.

    Args:
      stage_dir: folder of the stage.
      warn: is given a line for each damaged checkpoint.
      set_aside: rename damaged ones to `*.damaged`, so that they do not count among the kept.

    Raises:
      InputError: a checkpoint cannot be read, which says nothing about what it holds.
    """
    for path in reversed(list_checkpoints(stage_dir)):
        try:
            return checkpoint_image(path), load_checkpoint(path)
        except DamagedCheckpoint as error:
            warn(f"warning: {error}; it is passed over")
            if set_aside:
                with writing(path.parent):
                    path.replace(path.with_name(path.name + ".damaged"))
    return None


def arrays_sha256(arrays: dict[str, np.ndarray]) -> str:
    """SHA-256 over names, shapes and float32 values of all arrays, hexadecimal: what tells weights from others."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name}{array.shape}".encode() + np.ascontiguousarray(array, "<f4").tobytes())
    return digest.hexdigest()
