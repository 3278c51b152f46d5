"""Checkpoints: named arrays in one `.npz` file, written atomically, the last few kept.

The file format checks itself (a CRC per array), holds plain arrays alone, and never runs code when loaded.
"""

import contextlib
import os
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gansynth_isa.errors import InputError

NUM_KEPT = 2


def checkpoint_path(stage_dir: Path, image: int) -> Path:
    """Path of the checkpoint of a stage at an image count."""
    return stage_dir / f"checkpoint-{image:012d}.npz"


def save_checkpoint(stage_dir: Path, image: int, arrays: dict[str, np.ndarray]) -> Path:
    """Writes a checkpoint so that a reader sees the whole file or none, and removes all but the last few.

    Raises:
      InputError: the folder cannot be written, or the disk is full; earlier checkpoints stay.
    """
    path = checkpoint_path(stage_dir, image)
    unfinished = path.with_suffix(".unfinished")
    try:
        stage_dir.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise InputError(f"{path}: cannot write the checkpoint: {error.strerror or error}") from error
    for old in list_checkpoints(stage_dir)[:-NUM_KEPT]:
        old.unlink(missing_ok=True)
    return path


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
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"{path}: not a whole checkpoint ({error})") from error


def latest_checkpoint(stage_dir: Path, warn: Callable[[str], None]) -> tuple[int, dict[str, np.ndarray]] | None:
    """Image count and arrays of the newest checkpoint that is whole, or None; each damaged one is named."""
    for path in reversed(list_checkpoints(stage_dir)):
        try:
            return checkpoint_image(path), load_checkpoint(path)
        except InputError as error:
            warn(f"warning: {error}; the one before it is used")
    return None
