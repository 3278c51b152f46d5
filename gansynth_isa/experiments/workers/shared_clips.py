"""Clips that several processes of a machine read from one file, so that memory holds them once."""

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet


@dataclass(frozen=True)
class SharedClips:
    """What another process needs to open the clips: all but the features, and the file that holds those."""

    path: Path
    shape: tuple[int, ...]
    rest: ClipSet  # its spectrograms have no values: shape (clips, 0)

    def open(self) -> ClipSet:
        """The clips, their features memory-mapped."""
        return dataclasses.replace(self.rest, spectrograms=np.memmap(self.path, np.float32, "r", shape=self.shape))


@contextlib.contextmanager
def shared_clips(clips: ClipSet) -> Iterator[SharedClips]:
    """Shares `clips`, at least one: by the file that they lie in already, or by a temporary one."""
    rest = dataclasses.replace(clips, spectrograms=np.empty((len(clips), 0), np.float32))
    with tempfile.TemporaryDirectory() as folder:
        path = _whole_file(clips.spectrograms)
        if path is None:
            path = Path(folder) / "spectrograms.f32"
            np.ascontiguousarray(clips.spectrograms, np.float32).tofile(path)
        yield SharedClips(path.resolve(), clips.spectrograms.shape, rest)


def _whole_file(spectrograms: np.ndarray) -> Path | None:
    """The file that holds these features and nothing else."""
    if not isinstance(spectrograms, np.memmap) or spectrograms.dtype != np.float32:
        return None
    if spectrograms.filename is None or spectrograms.offset:
        return None
    path = Path(spectrograms.filename)
    return path if path.stat().st_size == spectrograms.nbytes else None
