"""Reads recordings one at a time and cuts them into clips."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig, clip_samples
from gansynth_isa.data.audio import read_audio, resample
from gansynth_isa.data.clips import Clip, cut_clips
from gansynth_isa.data.recordings import Recording, RecordingList, data_folder
from gansynth_isa.errors import InputError


class ClipReader:
    """Goes through the recordings once, handing out waveforms and remembering whose they are.

    Args:
      data: how to cut; `clip_seconds` must be known.
      found: the recordings.

    Attributes:
      recordings: per clip handed out, its recording.
      clip_ids: per clip, '<path>#<channel>@<start in s>'.
      digests: path of every recording read -> SHA-256 of its bytes, hexadecimal.
    """

    def __init__(self, data: DataConfig, found: RecordingList):
        self._data = data
        self._found = found
        self.recordings: list[Recording] = []
        self.clip_ids: list[str] = []
        self.digests: dict[str, str] = {}
        self._rates = Counter()
        self._num_short = 0
        self._num_quiet = 0

    def waveforms(self) -> Iterator[np.ndarray]:
        """float32 (clip_samples,) of every clip, in order of the recordings' paths.

        Raises:
          InputError: a recording that cannot be read or lacks the channel, by name.
        """
        root = data_folder(self._data)
        for recording in self._found.recordings:
            for clip in self._read(root / recording.path, recording):
                channel = "mix" if clip.channel is None else clip.channel
                self.recordings.append(recording)
                self.clip_ids.append(f"{recording.path}#{channel}@{clip.start_s:.6f}")
                yield clip.samples

    def _read(self, file: Path, recording: Recording) -> list[Clip]:
        samples, rate = read_audio(file)
        self.digests[recording.path] = hashlib.sha256(file.read_bytes()).hexdigest()
        if rate != self._data.sample_rate:
            self._rates[rate] += 1
            samples = resample(samples, rate, self._data.sample_rate)
        self._num_short += len(samples) < clip_samples(self._data)
        try:
            clips = cut_clips(samples, self._data)
            if self._data.min_clip_dbfs is not None:
                self._num_quiet += len(cut_clips(samples, replace(self._data, min_clip_dbfs=None))) - len(clips)
        except InputError as error:
            raise InputError(f"{error} ({file})") from error
        return clips

    def notices(self) -> Iterator[str]:
        """One line for each thing that happened to the recordings on their way."""
        data, total = self._data, len(self._found.recordings)
        for rate, count in sorted(self._rates.items()):
            yield f"{count} of {total} recordings resampled from {rate} Hz to {data.sample_rate} Hz"
        if self._num_short:
            yield (
                f"{self._num_short} of {total} recordings shorter than a clip ({data.clip_seconds:g} s): "
                f"padded with silence in front"
            )
        if self._num_quiet:
            yield f"{self._num_quiet} clips below {data.min_clip_dbfs:g} dBFS left out"
        if self._found.num_ignored:
            yield f"{self._found.num_ignored} file(s) that do not match the file pattern ignored"
