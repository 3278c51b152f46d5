"""The waveforms of clips whose spectrograms were loaded before."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gansynth_isa.config import DataConfig
from gansynth_isa.data.clip_sets.clip_reader import ClipReader
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.recordings.finding import find_recordings
from gansynth_isa.errors import InputError


def clip_waveforms(data: DataConfig, clips: ClipSet) -> Iterator[np.ndarray]:
    """Reads the recordings of some clips again and cuts them as they were cut.

    Args:
      data: how the clips were made, nothing left open.
      clips: all clips or some, in any order, each once.

    Yields:
      float32 (clip_samples,) of each clip, in the order of `clips`, at `data.sample_rate`. As many wait in memory as
      the order of the clips asks for: those in the order of their recordings are handed out as they are read.

    Raises:
      InputError: a recording that is gone, was changed, or cannot be read.
    """
    recordings = tuple(recording for recording in find_recordings(data).recordings if recording.path in clips.digests)
    missing = sorted(clips.digests.keys() - {recording.path for recording in recordings})
    if missing:
        raise InputError(f"data_dir: expected the recording {missing[0]}, from which clips were made, but it is gone")
    reader = ClipReader(replace(data, skip_bad_files=False), recordings)
    waiting: dict[str, np.ndarray] = {}
    wanted, stream, num_read = set(clips.clip_ids), reader.waveforms(), 0
    for clip_id in clips.clip_ids:
        while clip_id not in waiting:
            samples = next(stream, None)
            if samples is None:
                raise InputError(f"data_dir: expected the clip {clip_id}, but the recordings do not hold it any more")
            if (found := reader.clips[num_read][1]) in wanted:
                waiting[found] = samples
            num_read += 1
        yield waiting.pop(clip_id)
    _check_unchanged(reader, clips)


def _check_unchanged(reader: ClipReader, clips: ClipSet) -> None:
    for index, digest, _ in reader.read:
        path = reader.recordings[index].path
        if digest != clips.digests[path]:
            raise InputError(f"{path}: the recording changed since its clips were made")
