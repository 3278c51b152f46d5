"""All clips of a data set with their features, in memory."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig, clip_samples, resolve_features
from gansynth_isa.data.audio import duration_seconds
from gansynth_isa.data.pipeline import feature_batches
from gansynth_isa.data.reading import ClipReader
from gansynth_isa.data.recordings import RecordingList, data_folder, find_recordings
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.features import LogMel

FEATURE_BATCH_SAMPLES = 2**20  # waveform samples per batch of features, about 24 s: keeps memory flat


@dataclass(frozen=True)
class ClipSet:
    """Clips and what is known about each.

    Attributes:
      log_mel: float32 (clips, frames, mel_bins, 1), natural logarithm of power, not normalised.
      labels: int32 (clips,), index into `class_names`.
      class_names: sorted names of all classes of the data set, also of those without a clip here.
      recordings: per clip, the recording's path relative to the data folder.
      groups: per clip, the group that must stay on one side of a split.
      splits: per clip, 'train', 'test' or None.
      digests: path of every recording used here -> SHA-256 of its bytes, hexadecimal.
      num_ignored: files of the data folder that did not match the file pattern.
      clip_ids: per clip, a name that stays the same whatever else is read. Default: the recording's path and
        the clip's place among the clips of that recording.
    """

    log_mel: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    recordings: tuple[str, ...]
    groups: tuple[str, ...]
    splits: tuple[str | None, ...]
    digests: dict[str, str] = field(repr=False)
    num_ignored: int = 0
    clip_ids: tuple[str, ...] = ()

    def __post_init__(self):
        if not self.clip_ids:
            seen = Counter()
            names = []
            for path in self.recordings:
                names.append(f"{path}#{seen[path]}")
                seen[path] += 1
            object.__setattr__(self, "clip_ids", tuple(names))
        lengths = {len(self.log_mel), len(self.labels), len(self.recordings), len(self.groups), len(self.splits)}
        if lengths != {len(self.clip_ids)}:
            raise ValueError(f"ClipSet: expected as many of each as there are clips, got {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, indices) -> "ClipSet":
        """The clips at `indices` (integers, in the order given), and the digests of their recordings."""
        indices = np.asarray(indices, np.int64).reshape(-1)
        recordings = tuple(self.recordings[index] for index in indices)
        used = set(recordings)
        return replace(
            self,
            log_mel=self.log_mel[indices],
            labels=self.labels[indices],
            recordings=recordings,
            groups=tuple(self.groups[index] for index in indices),
            splits=tuple(self.splits[index] for index in indices),
            digests={path: digest for path, digest in self.digests.items() if path in used},
            clip_ids=tuple(self.clip_ids[index] for index in indices),
        )

    def counts(self) -> dict[str, int]:
        """Class name -> number of clips, for all classes."""
        numbers = np.bincount(self.labels, minlength=len(self.class_names))
        return {name: int(number) for name, number in zip(self.class_names, numbers, strict=True)}

    def fingerprint(self) -> dict:
        """What identifies these clips, ready for JSON.

        Returns:
          'sha256' over recordings, their bytes and the clips cut from them; 'files': path -> SHA-256 of
          the file; 'counts': class name -> clips.
        """
        recordings = dict(sorted(self.digests.items()))
        digest = hashlib.sha256()
        for path, file_digest in recordings.items():
            digest.update(f"{path}\n{file_digest}\n".encode())
        for clip_id in sorted(self.clip_ids):
            digest.update(f"{clip_id}\n".encode())
        return {"sha256": digest.hexdigest(), "files": recordings, "counts": self.counts()}


def resolve_clip_seconds(data: DataConfig) -> DataConfig:
    """Fills in `dataset_name` (the folder's name) and `clip_seconds` (the longest recording's duration)."""
    root = data_folder(data)
    name = data.dataset_name or root.resolve().name
    clip_seconds = data.clip_seconds
    if clip_seconds is None:
        clip_seconds = max(duration_seconds(root / found.path) for found in find_recordings(data).recordings)
    return replace(data, dataset_name=name, clip_seconds=clip_seconds)


def load_clips(data: DataConfig, features: FeatureConfig, report: Callable[[str], None] | None = None) -> ClipSet:
    """Reads, cuts and transforms all recordings, those of both sides.

    Args:
      data: what to read and how to cut it; `clip_seconds` None means the longest recording.
      features: `frames` None means as many as cover a clip.
      report: is given one line for each thing that a user should know: recordings that were resampled,
        short ones that were padded, quiet clips left out.

    Raises:
      InputError: whatever is wrong with the folder or one of its recordings, by name; or a class of which
        no clip is left.
    """
    data = resolve_clip_seconds(data)
    features = resolve_features(data, features)
    found = find_recordings(data)
    reader = ClipReader(data, found)
    log_mel = LogMel(features.fft_length, features.hop_length, features.mel_bins, features.frames, data.sample_rate)
    batch_size = max(1, FEATURE_BATCH_SAMPLES // clip_samples(data))
    batches = list(feature_batches(reader.waveforms, clip_samples(data), log_mel, batch_size))
    for line in reader.notices():
        if report is not None:
            report(line)
    return _clip_set(reader, found, _join(batches, (features.frames, features.mel_bins, 1)))


def _clip_set(reader: ClipReader, found: RecordingList, log_mel: np.ndarray) -> ClipSet:
    class_names = tuple(sorted({recording.label for recording in found.recordings}))
    index_of = {name: index for index, name in enumerate(class_names)}
    clips = ClipSet(
        log_mel=log_mel,
        labels=np.array([index_of[recording.label] for recording in reader.recordings], np.int32),
        class_names=class_names,
        recordings=tuple(recording.path for recording in reader.recordings),
        groups=tuple(recording.group for recording in reader.recordings),
        splits=tuple(recording.split for recording in reader.recordings),
        digests=reader.digests,
        num_ignored=found.num_ignored,
        clip_ids=tuple(reader.clip_ids),
    )
    for name, count in clips.counts().items():
        if count == 0:
            raise InputError(
                f"min_clip_dbfs: expected clips of every class, but no clip of class {name!r} is loud enough"
            )
    return clips


def _join(batches: list[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """One array of all batches; each is let go as soon as it is copied, so that memory does not double."""
    joined = np.empty((sum(len(batch) for batch in batches), *shape), np.float32)
    end = len(joined)
    while batches:
        batch = batches.pop()
        joined[end - len(batch) : end] = batch
        end -= len(batch)
    return joined
