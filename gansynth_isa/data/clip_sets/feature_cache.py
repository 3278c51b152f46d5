"""Features on disk, so that they are computed once for the same recordings and settings.

An entry is a folder named by the SHA-256 of the recordings' bytes and of all settings that decide the
features: another recording or setting is another entry. It appears whole or not at all. Features are read
back as a memory-mapped array: more of them than fit into memory are no obstacle.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.config.identity import CACHED, setting_values
from gansynth_isa.errors import InputError
from gansynth_isa.files import write_json

FORMAT_VERSION = 1  # to be raised when the same recordings and settings give other features
# Other versions of these may round differently.
PACKAGES = ("tensorflow", "soxr", "soundfile", "numpy")
ARRAY_NAME, RECORD_NAME = "features.f32", "clips.json"


def cache_key(data: DataConfig, features: FeatureConfig, digests: dict[str, str]) -> str:
    """The name of the entry for these recordings and settings.

    Args:
      data, features: with nothing left open.
      digests: path of every recording, in the order of the clips -> SHA-256 of its bytes.
    """
    parts = {
        "format_version": FORMAT_VERSION,
        "packages": {package: metadata.version(package) for package in PACKAGES},
        "data": setting_values(data, CACHED),
        "features": setting_values(features, CACHED),
        "recordings": list(digests.items()),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class FeatureCache:
    """Entries below one folder, which is made when the first is written and may be deleted at any time."""

    def __init__(self, folder: Path | str):
        self._folder = Path(folder)

    def read(self, key: str) -> tuple[np.ndarray, dict] | None:
        """(features, record) of an entry; None where there is none, or none that is whole.

        Returns:
          float32 (clips, frames, mel_bins, channels), memory-mapped and read-only, and what `write` was given.
        """
        entry = self._folder / key
        try:
            record = json.loads((entry / RECORD_NAME).read_text(encoding="utf-8"))
            shape = tuple(record["shape"])
            if (entry / ARRAY_NAME).stat().st_size != 4 * int(np.prod(shape)):
                return None
            if 0 in shape:  # nothing cannot be mapped
                return np.zeros(shape, np.float32), record
            return np.memmap(entry / ARRAY_NAME, np.float32, "r", shape=shape), record
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, key: str, batches: Iterable[np.ndarray], make_record: Callable[[], dict]) -> None:
        """Adds an entry, batch by batch.

        Args:
          key: its name.
          batches: float32 (clips, frames, mel_bins, channels) arrays, at least one.
          make_record: called after the last batch; what it returns must be fit for JSON.

        Raises:
          InputError: the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=self._folder))
        except OSError as error:
            raise self._refusal(error) from error
        try:
            shape = self._write_array(unfinished / ARRAY_NAME, batches)
            text = json.dumps({**make_record(), "shape": shape})
            (unfinished / RECORD_NAME).write_text(text, encoding="utf-8")
            self._put_in_place(unfinished, self._folder / key)
        except OSError as error:
            raise self._refusal(error) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def discard(self, key: str) -> None:
        """Removes an entry.

        Raises:
          InputError: the folder cannot be written.
        """
        try:
            shutil.rmtree(self._folder / key)
        except OSError as error:
            raise self._refusal(error) from error

    def amend(self, key: str, record: dict) -> None:
        """Replaces the record of an entry that an earlier version wrote; where that cannot be, it stays as it is.

        What is added can be found out again: a cache that others own is read all the same.
        """
        with contextlib.suppress(InputError):
            write_json(self._folder / key / RECORD_NAME, record)

    def _write_array(self, path: Path, batches: Iterable[np.ndarray]) -> list[int]:
        num_clips = 0
        shape: tuple[int, ...] = ()
        with path.open("wb") as file:
            for batch in batches:
                np.ascontiguousarray(batch, np.float32).tofile(file)
                num_clips, shape = num_clips + len(batch), batch.shape[1:]
        return [num_clips, *shape]

    def _put_in_place(self, unfinished: Path, entry: Path) -> None:
        """Gives the entry its name; a damaged one of that name goes first, an equal one of another process stays."""
        if entry.exists() and self.read(entry.name) is None:
            shutil.rmtree(entry)
        try:
            os.rename(unfinished, entry)
        except OSError:
            if self.read(entry.name) is None:
                raise

    def _refusal(self, error: OSError) -> InputError:
        return InputError(
            f"feature_cache_dir: cannot write to {self._folder} ({error.strerror or error}); "
            "give another one, or --feature_cache_dir= to work without"
        )
