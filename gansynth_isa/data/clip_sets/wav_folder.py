"""Synthetic clips as WAV files, to listen to."""

import io
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import numpy as np
import soundfile

from gansynth_isa.files import check_no_folders, file_name, writing
from gansynth_isa.spectral.sound import SoundMaker, loud

FOLDER_NAME = "wav"
UNFINISHED_SUFFIX = ".unfinished"
PATTERN = "synthetic-*.wav"


class WavFolder:
    """Writes clips as `wav/synthetic-<number>-<class>.wav`, 16 bits, beside their shards; a context manager.

    The files get their names when all are complete; those that were there before are replaced at that moment, and
    stay as they were when writing fails.

    Args:
      output_dir: folder of the shards.
      maker: turns clips into sounds.
      sample_rate: in Hz.
      class_names: of all labels.
      on_written: is called with 1 after each file.

    Raises:
      InputError: the folder cannot be written, or the disk is full.
    """

    def __init__(
        self,
        output_dir: Path | str,
        maker: SoundMaker,
        sample_rate: int,
        class_names: tuple[str, ...],
        on_written: Callable[[int], None] | None = None,
    ):
        self._folder = Path(output_dir) / FOLDER_NAME
        self._maker, self._sample_rate = maker, sample_rate
        self._class_names, self._on_written = class_names, on_written
        self._num_written = 0

    def __enter__(self) -> "WavFolder":
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            check_no_folders(self._folder.glob(PATTERN))
            self._remove(PATTERN + UNFINISHED_SUFFIX)
        return self

    def write(self, clips: np.ndarray, labels: np.ndarray, waveforms: np.ndarray | None = None) -> None:
        """Adds clips with their class indices, numbered as they come.

        Args:
          clips: (clips, frames, mel_bins, channels).
          labels: (clips,).
          waveforms: (clips, samples), where there are any; else they are reconstructed.

        Raises:
          ValueError: clips and labels are not as many.
          InputError: see above.
        """
        if len(clips) != len(labels):
            raise ValueError(f"clips: expected {len(labels)}, as there are labels, got {len(clips)}")
        for index, label in enumerate(labels):
            one = slice(index, index + 1)  # by itself, for it may take seconds
            (sound,) = self._maker.sounds(clips[one]) if waveforms is None else loud(waveforms[one])
            name = f"synthetic-{self._num_written:05d}-{file_name(self._class_names[label])}.wav"
            path = self._folder / f"{name}{UNFINISHED_SUFFIX}"
            content = io.BytesIO()
            soundfile.write(content, sound, self._sample_rate, subtype="PCM_16", format="WAV")
            with writing(path):
                path.write_bytes(content.getvalue())
            self._num_written += 1
            if self._on_written:
                self._on_written(1)

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error_type is None:
                self._replace_old_files()
        finally:
            self._remove(PATTERN + UNFINISHED_SUFFIX)

    def _replace_old_files(self) -> None:
        check_no_folders(self._folder.glob(PATTERN))
        with writing(self._folder):
            self._remove(PATTERN)
            for path in sorted(self._folder.glob(PATTERN + UNFINISHED_SUFFIX)):
                path.rename(path.with_suffix(""))

    def _remove(self, pattern: str) -> None:
        for path in self._folder.glob(pattern):
            path.unlink()


def remove_wavs(output_dir: Path | str) -> None:
    """Removes what a `WavFolder` wrote before: it belongs to other clips.

    Raises:
      InputError: the folder cannot be written.
    """
    folder = Path(output_dir) / FOLDER_NAME
    stale = [path for path in folder.glob(PATTERN) if not path.is_dir()]  # a folder is none of its own
    with writing(folder):
        for path in stale:
            path.unlink()
        if stale and not any(folder.iterdir()):
            folder.rmdir()
