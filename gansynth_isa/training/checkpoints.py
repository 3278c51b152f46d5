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
from gansynth_isa.files import replace_file

NUM_KEPT = 2
DIGEST_LENGTH = 64  # hexadecimal digits of a SHA-256


def checkpoint_path(stage_dir: Path, image: int) -> Path:
    """Path of the checkpoint of a stage at an image count."""
    return stage_dir / f"checkpoint-{image:012d}.npz"


def save_checkpoint(stage_dir: Path, image: int, arrays: dict[str, np.ndarray]) -> Path:
    """Writes a checkpoint so that a reader sees the whole file or none, and removes all but the last few.

    Raises:
      InputError: the folder cannot be written, or the disk is full; earlier checkpoints stay.
    """
    path = checkpoint_path(stage_dir, image)
    contents = _contents(arrays)
    replace_file(path, lambda file: file.write(contents))
    for old in list_checkpoints(stage_dir)[:-NUM_KEPT]:
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
      InputError: the file is missing, truncated or damaged.
    """
    try:
        with path.open("rb") as file:
            content_length = file.seek(0, 2) - DIGEST_LENGTH
            digest = _digest(file, content_length)
            if file.read() != digest:
                raise InputError(f"{path}: not a whole checkpoint (its checksum differs)")
            file.seek(0)
            with np.load(file, allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
    except InputError:
        raise
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: not a whole checkpoint ({error})") from error


def latest_checkpoint(
    stage_dir: Path, warn: Callable[[str], None], set_aside: bool = False
) -> tuple[int, dict[str, np.ndarray]] | None:
    """Image count and arrays of the newest checkpoint that is whole, or None.

    Args:
      stage_dir: folder of the stage.
      warn: is given a line for each damaged checkpoint.
      set_aside: rename damaged ones to `*.damaged`, so that they do not count among the kept.
    """
    for path in reversed(list_checkpoints(stage_dir)):
        try:
            return checkpoint_image(path), load_checkpoint(path)
        except InputError as error:
            warn(f"warning: {error}; the one before it is used")
            if set_aside:
                path.replace(path.with_name(path.name + ".damaged"))
    return None
