"""Recordings to a `ClipSet`: found, read, cut, transformed, and kept for the next time."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.audio.cutting import check_clip_length
from gansynth_isa.data.audio.decoding import decode_audio
from gansynth_isa.data.audio.opening import AudioInfo, duration_seconds, read_contents
from gansynth_isa.data.audio.signal_facts import SignalFacts, measure_signal
from gansynth_isa.data.clip_sets.clip_reader import ClipReader, digest_of_file, map_in_order, read_recording
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.feature_cache import FeatureCache, cache_key
from gansynth_isa.data.clip_sets.pipeline import feature_batches
from gansynth_isa.data.clip_sets.unlabelled import OF_A_FOLDER, UnlabelledClips
from gansynth_isa.data.recordings.finding import data_folder, find_recordings, find_unlabelled
from gansynth_isa.data.recordings.give_aways import Observed
from gansynth_isa.data.recordings.paper import paper_differences
from gansynth_isa.data.recordings.pitfalls import pitfall_lines
from gansynth_isa.data.recordings.recording import Recording, RecordingList, side_of
from gansynth_isa.derived import clip_samples, resolve_features
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.transform import make_transform
from gansynth_isa.validation import known

FEATURE_BATCH_SAMPLES = 2**20  # waveform samples per batch of features, about 24 s: keeps memory flat


def resolve_clip_seconds(data: DataConfig) -> DataConfig:
    """Fills in `dataset_name` (the folder's name) and `clip_seconds` (the longest recording's duration)."""
    root = data_folder(data)
    name = data.dataset_name or root.resolve().name
    clip_seconds = data.clip_seconds
    if clip_seconds is None:
        clip_seconds = max(_durations(root, find_recordings(data).recordings, data.skip_bad_files))
    resolved = replace(data, dataset_name=name, clip_seconds=clip_seconds)
    check_clip_length(resolved)
    return resolved


def load_clips(
    data: DataConfig,
    features: FeatureConfig,
    report: Callable[[str], None] | None = None,
    feature_cache_dir: Path | str | None = None,
    on_recording: Callable[[int, int], None] | None = None,
) -> ClipSet:
    """Reads, cuts and transforms all recordings, those of both sides.

    Args:
      data: what to read and how to cut it; `clip_seconds` None means the longest recording.
      features: `frames` None means as many as cover a clip.
      report: is given one line or table for each thing that a user should know: what differs from the
        paper, recordings that were resampled, short ones that were padded, quiet clips left out, and what would
        make a result worthless; the last are the clips' `warnings` too.
      feature_cache_dir: where features are kept and looked for; they are then read from disk as they are
        used. None computes them in memory.
      on_recording: called with (recordings read, of all) where features are computed.

    Raises:
      InputError: whatever is wrong with the folder or one of its recordings, by name; a class of which no
        clip is left; or a cache that cannot be written.
    """
    data = resolve_clip_seconds(data)
    features = resolve_features(data, features)
    found = find_recordings(data)
    spectrograms, record = _read(found, data, features, feature_cache_dir, on_recording)
    warnings = tuple(pitfall_lines(_observed(data, found, record), data))
    if report is not None:
        for line in (*_lines(data, found, record), *(f"warning: {line}" for line in warnings)):
            report(line)
    return replace(_clip_set(found, spectrograms, record), warnings=warnings)


def load_unlabelled(
    folder: Path | str,
    data: DataConfig,
    features: FeatureConfig,
    report: Callable[[str], None] | None = None,
    feature_cache_dir: Path | str | None = None,
    on_recording: Callable[[int, int], None] | None = None,
) -> UnlabelledClips:
    """Reads, cuts and transforms all recordings below a folder; what their names and folders say does not count.

    Args:
      folder: holds the recordings.
      data: how to cut them, nothing left open.
      features: what becomes of a clip, nothing left open.
      report, feature_cache_dir, on_recording: see `load_clips`.

    Raises:
      InputError: whatever is wrong with the folder or one of its recordings, by name.
    """
    data = replace(data, data_dir=str(folder))
    found = find_unlabelled(Path(folder))
    spectrograms, record = _read(found, data, features, feature_cache_dir, on_recording)
    if report is not None:
        for line in record["notices"]:
            report(f"unlabelled: {line}")
        if found.num_ignored:
            report(f"unlabelled: ignored: {found.ignored_text()}")
    recordings = tuple(found.recordings[index].path for index, _ in record["clips"])
    names = tuple(clip_id for _, clip_id in record["clips"])
    digests = {found.recordings[index].path: digest for index, digest, _ in record["read"]}
    return UnlabelledClips(spectrograms, names, recordings, digests, OF_A_FOLDER)


def _read(
    found: RecordingList,
    data: DataConfig,
    features: FeatureConfig,
    feature_cache_dir: Path | str | None,
    on_recording: Callable[[int, int], None] | None,
) -> tuple[np.ndarray, dict]:
    """(features, record) of recordings, from the cache where there is one."""
    reader = ClipReader(data, found.recordings, on_recording)
    if feature_cache_dir is None:
        return _join(list(_batches(reader, data, features)), features), _record(reader)
    return _from_cache(FeatureCache(feature_cache_dir), reader, found, data, features)


def _from_cache(
    cache: FeatureCache, reader: ClipReader, found: RecordingList, data: DataConfig, features: FeatureConfig
) -> tuple[np.ndarray, dict]:
    """(features, record) of the cache's entry, which is made where it is missing."""
    files = [Path(known(data.data_dir)) / recording.location for recording in found.recordings]
    digests: dict[str, str] = {}
    for recording, digest in zip(found.recordings, list(map_in_order(digest_of_file, files)), strict=True):
        if isinstance(digest, InputError) and not data.skip_bad_files:
            raise digest
        digests[recording.path] = f"unreadable: {digest}" if isinstance(digest, InputError) else digest
    key = cache_key(data, features, digests)
    entry = cache.read(key)
    if entry is not None and _leaves_out_too_much(entry[1], found, data):
        cache.discard(key)
        entry = None
    if entry is None:
        cache.write(key, _batches(reader, data, features), lambda: _unchanged_record(reader, found, digests))
        entry = cache.read(key)
    if entry is None:
        raise InputError(f"feature_cache_dir: the entry {key} vanished while it was made")
    spectrograms, record = entry
    if _lacks_measures(record):
        record = {**record, "signals": _measured(record, found, data)}
        cache.amend(key, record)
    return spectrograms, record


def _lacks_measures(record: dict) -> bool:
    """Whether an entry is of an earlier version, which measured less."""
    names = {item.name for item in fields(SignalFacts)}
    return any(signal.keys() != names for signal in record.get("signals", [{}]))


def _leaves_out_too_much(record: dict, found: RecordingList, data: DataConfig) -> bool:
    """Whether an earlier version could not read a recording that is read now."""
    if not _lacks_measures(record):
        return False
    for index, _ in record["bad"]:
        recording = found.recordings[index]
        with contextlib.suppress(InputError):
            read_recording(Path(known(data.data_dir)) / recording.location, recording, data)
            return True
    return False


def _measured(record: dict, found: RecordingList, data: DataConfig) -> list[dict]:
    """What entries of earlier versions lack: the measures of the recordings that were read."""
    files = [Path(known(data.data_dir)) / found.recordings[index].location for index, *_ in record["read"]]

    def measure(file: Path) -> SignalFacts:
        samples, info = decode_audio(file, read_contents(file))
        return measure_signal(samples, info.sample_rate)

    return [asdict(signal) for signal in map_in_order(measure, files)]


def _unchanged_record(reader: ClipReader, found: RecordingList, digests: dict[str, str]) -> dict:
    for index, digest, _ in reader.read:
        path = found.recordings[index].path
        if digest != digests[path]:
            raise InputError(f"{path}: the recording changed while it was read")
    return _record(reader)


def _batches(reader: ClipReader, data: DataConfig, features: FeatureConfig) -> Iterator[np.ndarray]:
    batch_size = max(1, FEATURE_BATCH_SAMPLES // clip_samples(data))
    return feature_batches(reader.waveforms(), make_transform(features, data.sample_rate), batch_size)


def _record(reader: ClipReader) -> dict:
    """What a reader found out, as it is kept beside the features."""
    return {
        "clips": reader.clips,
        "read": [(index, digest, asdict(info)) for index, digest, info in reader.read],
        "signals": [asdict(signal) for signal in reader.signals],
        "bad": reader.bad,
        "notices": list(reader.notices()),
    }


def _observed(data: DataConfig, found: RecordingList, record: dict) -> list[Observed]:
    read = zip(record["read"], record["signals"], strict=True)
    return [
        Observed(recording, side_of(recording, data.test_groups), AudioInfo(**info), SignalFacts(**signal))
        for (index, _, info), signal in read
        for recording in [found.recordings[index]]
    ]


def _lines(data: DataConfig, found: RecordingList, record: dict) -> Iterator[str]:
    readable = [(found.recordings[index], AudioInfo(**info)) for index, _, info in record["read"]]
    if readable and (table := paper_differences(data.dataset, readable)):
        yield table
    yield from record["notices"]
    yield from found.notices
    if found.num_ignored:
        yield f"ignored: {found.ignored_text()}"


def _clip_set(found: RecordingList, spectrograms: np.ndarray, record: dict) -> ClipSet:
    class_names = tuple(sorted({recording.label for recording in found.recordings}))
    index_of = {name: index for index, name in enumerate(class_names)}
    owners: list[Recording] = [found.recordings[index] for index, _ in record["clips"]]
    clips = ClipSet(
        spectrograms=spectrograms,
        labels=np.array([index_of[recording.label] for recording in owners], np.int32),
        class_names=class_names,
        recordings=tuple(recording.path for recording in owners),
        groups=tuple(recording.group for recording in owners),
        splits=tuple(recording.split for recording in owners),
        digests={found.recordings[index].path: digest for index, digest, _ in record["read"]},
        num_ignored=found.num_ignored,
        clip_ids=tuple(clip_id for _, clip_id in record["clips"]),
    )
    for name, count in clips.counts().items():
        if count == 0:
            raise InputError(_no_clip_of(name, record))
    return clips


def _no_clip_of(name: str, record: dict) -> str:
    if record["bad"]:
        return (
            f"data_dir: expected clips of every class, but no clip of class {name!r} is usable; "
            f"{len(record['bad'])} recordings are bad, the first: {record['bad'][0][1]}"
        )
    return f"min_clip_dbfs: expected clips of every class, but no clip of class {name!r} is loud enough"


def _join(batches: list[np.ndarray], features: FeatureConfig) -> np.ndarray:
    """One array of all batches; each is let go as soon as it is copied, so that memory does not double."""
    joined = np.empty((sum(len(batch) for batch in batches), *features.shape), np.float32)
    end = len(joined)
    while batches:
        batch = batches.pop()
        joined[end - len(batch) : end] = batch
        end -= len(batch)
    return joined


def _durations(root: Path, recordings: tuple[Recording, ...], skip_bad_files: bool) -> Iterator[float]:
    num_good = 0
    refusal: InputError | None = None
    for recording in recordings:
        try:
            yield duration_seconds(root / recording.location)
            num_good += 1
        except InputError as error:
            refusal = error
            if not skip_bad_files:
                raise
    if not num_good and refusal is not None:
        raise refusal
