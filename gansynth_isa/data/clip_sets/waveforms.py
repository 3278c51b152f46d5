"""The waveforms of clips whose features are there: read and cut once more from the same recordings."""

from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig
from gansynth_isa.data.clip_sets.clip_reader import ClipReader
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.recordings.finding import find_recordings
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import InputError


def read_waveforms(clips: ClipSet, data: DataConfig) -> np.ndarray:
    """The samples that the features of these very clips were made of: the same cut, resampling and peaks.

    Args:
      clips: as `load_clips` gave them, or a selection of these.
      data: how they were cut, with nothing left open.

    Returns:
      float32 (clips, samples), full scale 1, in the order of the clips.

    Raises:
      InputError: a recording is missing, cannot be read, or is another one than before.
    """
    if data.data_dir is None or not Path(data.data_dir).is_dir():
        raise InputError(f"data_dir: expected the folder of the recordings, for their waveforms, got {data.data_dir}")
    wanted = set(clips.recordings)
    recordings = tuple(each for each in find_recordings(data).recordings if each.path in wanted)
    missing = sorted(wanted - {each.path for each in recordings})
    if missing:
        raise InputError(f"data_dir: expected the recording {missing[0]}, but {data.data_dir} has none of that name")
    reader, rows = ClipReader(data, recordings), {name: row for row, name in enumerate(clips.clip_ids)}
    waveforms = np.empty((len(clips), clip_samples(data)), np.float32)
    for number, waveform in enumerate(reader.waveforms()):
        row = rows.pop(reader.clips[number][1], None)
        if row is not None:
            waveforms[row] = waveform
    for index, digest, _ in reader.read:
        if digest != clips.digests[recordings[index].path]:
            raise InputError(f"{recordings[index].path}: the recording is another one than its features were made of")
    if rows:
        raise InputError(f"data_dir: expected the clip {min(rows)}, but its recording has none there any more")
    return waveforms
