"""Sound files of classes, made elsewhere, to synthetic clips that say where they come from."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.audio.opening import AudioInfo, audio_info
from gansynth_isa.data.clip_sets.clip_reader import ClipReader
from gansynth_isa.data.clip_sets.pipeline import feature_batches
from gansynth_isa.data.clip_sets.synthetic_clips import IMPORTED, MAKER_HEARD, SyntheticClips, as_stored
from gansynth_isa.data.recordings.finding import recordings_in_folders
from gansynth_isa.data.recordings.recording import RecordingList
from gansynth_isa.derived import clip_samples, resolve_features
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.transform import make_transform
from gansynth_isa.validation import known, to_dict

FEATURE_BATCH_SAMPLES = 2**20  # waveform samples per batch of features
MIN_SHARE_OF_BAND = 0.9  # of half the sample rate: files that stop below have an upper band that is empty


@dataclass(frozen=True)
class ImportPlan:
    """What will be imported, and how it is cut; see `plan_import`.

    Attributes:
      found: the files, each labelled by its folder.
      data: as for recordings, `data_dir` being the folder of the files; nothing left open.
      features: nothing left open.
    """

    found: RecordingList
    data: DataConfig
    features: FeatureConfig

    @property
    def class_names(self) -> tuple[str, ...]:
        """Sorted names of the folders."""
        return tuple(sorted({recording.label for recording in self.found.recordings}))

    def text(self) -> str:
        """One line."""
        counts = Counter(recording.label for recording in self.found.recordings)
        files = ", ".join(f"{count} of {name}" for name, count in sorted(counts.items()))
        shape = ", ".join(map(str, self.features.shape))
        return f"{files}; clips of {known(self.data.clip_seconds):g} s at {self.data.sample_rate} Hz, shape ({shape})"


def plan_import(
    input_dir: Path, data: DataConfig, features: FeatureConfig, wanted_seconds: float | None = None
) -> ImportPlan:
    """Finds the files and checks their headers.

    Args:
      input_dir: a folder per class with WAV, FLAC or Ogg files.
      data: how the recordings are cut with which the clips will be used; with `clip_seconds` longer files are cut,
        without all must be of one length.
      features: as for those recordings.
      wanted_seconds: without `clip_seconds`, the length that all files must have; None: that of the first file.

    Raises:
      InputError: no folder, an empty one, a file that cannot be read, one of another length, or one of a lower sample
        rate than the clips.
    """
    found = recordings_in_folders(input_dir, "input_dir")
    infos = list(_infos(input_dir, found, data.skip_bad_files))
    seconds = data.clip_seconds
    if seconds is None:
        seconds = infos[0][1].duration_s if wanted_seconds is None else wanted_seconds
    cut = replace(data, data_dir=str(input_dir), clip_seconds=seconds)
    if clip_samples(cut) < 1:
        raise InputError(f"clip_seconds: expected a clip of one sample at least, got {seconds:g} s")
    for path, info in infos:
        _check_rate(path, info, cut)
        _check_length(path, info, cut, is_cut=data.clip_seconds is not None)
    return ImportPlan(found, cut, resolve_features(cut, features))


def read_imports(
    plan: ImportPlan,
    source: str,
    report: Callable[[str], None] | None = None,
    on_recording: Callable[[int, int], None] | None = None,
) -> SyntheticClips:
    """Reads, cuts and transforms the files of a plan.

    Args:
      plan: see `plan_import`.
      source: what made them, in words.
      report: is given a line for everything that a user should know.
      on_recording: called with (files read, of all) after each.

    Returns:
      The clips, with the metadata that `SyntheticWriter` takes.

    Raises:
      InputError: a file that cannot be read, by name; a class of which no clip is left.
      UnfitClips: features that are not finite.
    """
    reader = ClipReader(plan.data, plan.found.recordings, on_recording)
    batch_size = max(1, FEATURE_BATCH_SAMPLES // clip_samples(plan.data))
    transform = make_transform(plan.features, plan.data.sample_rate)
    batches = [as_stored(batch) for batch in feature_batches(reader.waveforms(), transform, batch_size)]
    if report is not None:
        for line in _lines(plan, reader):
            report(line)
    index_of = {name: index for index, name in enumerate(plan.class_names)}
    labels = np.array([index_of[plan.found.recordings[owner].label] for owner, _ in reader.clips], np.int32)
    _check_counts(plan, reader, labels)
    return SyntheticClips(
        np.concatenate(batches).astype(np.float32), labels, plan.class_names, _metadata(plan, reader, source, labels)
    )


def _infos(input_dir: Path, found: RecordingList, skip_bad_files: bool) -> Iterator[tuple[str, AudioInfo]]:
    """(name, header) of every file that can be read."""
    num_good, refusal = 0, None
    for recording in found.recordings:
        try:
            yield recording.path, audio_info(input_dir / recording.location)
            num_good += 1
        except InputError as error:
            refusal = error
            if not skip_bad_files:
                raise
    if not num_good and refusal is not None:
        raise refusal


def _check_rate(path: str, info: AudioInfo, data: DataConfig) -> None:
    if info.sample_rate < data.sample_rate:
        raise InputError(
            f"sample_rate: expected files of {data.sample_rate} Hz or more, got {info.sample_rate} Hz ({path}); the "
            f"empty band above {info.sample_rate / 2:g} Hz would mark them: use --sample_rate={info.sample_rate} for "
            "the recordings too"
        )


def _check_length(path: str, info: AudioInfo, data: DataConfig, is_cut: bool) -> None:
    wanted, got = clip_samples(data), round(info.duration_s * data.sample_rate)
    if got == wanted or (is_cut and got > wanted):
        return
    if is_cut:
        raise InputError(f"clip_seconds: expected files of {data.clip_seconds:g} s or more, got {_length(path, info)}")
    raise InputError(
        f"clip_seconds: expected files of {data.clip_seconds:g} s, got {_length(path, info)}; give --clip_seconds to "
        "cut longer ones"
    )


def _length(path: str, info: AudioInfo) -> str:
    return f"{info.duration_s:g} s ({path})"


def _check_counts(plan: ImportPlan, reader: ClipReader, labels: np.ndarray) -> None:
    for name, count in zip(plan.class_names, np.bincount(labels, minlength=len(plan.class_names)), strict=True):
        if count == 0:
            reason = f"; the first bad file: {reader.bad[0][1]}" if reader.bad else ""
            raise InputError(f"input_dir: expected clips of every class, but none of {name!r} is left{reason}")


def _lines(plan: ImportPlan, reader: ClipReader) -> Iterator[str]:
    yield from reader.notices()
    if plan.found.num_ignored:
        yield f"ignored: {plan.found.ignored_text()}"
    least_hz = MIN_SHARE_OF_BAND * plan.data.sample_rate / 2
    limits = [signal.band_limit_hz for signal in reader.signals if signal.band_limit_hz is not None]
    limits = [limit for limit in limits if limit < least_hz]
    if limits:
        yield (
            f"warning: {len(limits)} of {len(reader.signals)} files hold nothing above {min(limits):g} Hz or a little "
            "more; where real recordings do, that marks the clips as synthetic"
        )


def _metadata(plan: ImportPlan, reader: ClipReader, source: str, labels: np.ndarray) -> dict:
    files = {plan.found.recordings[index].path: digest for index, digest, _ in reader.read}
    clip_ids = [clip_id for _, clip_id in reader.clips]
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\n{content}\n".encode(errors="surrogateescape"))
    return {
        "generator": IMPORTED,
        "source": source,
        "maker_heard": MAKER_HEARD,
        "class_names": list(plan.class_names),
        "generated_classes": [plan.class_names[label] for label in np.unique(labels)],
        "data_type": plan.features.data_type,
        "weights_sha256": digest.hexdigest(),
        "configuration": {"data": to_dict(plan.data), "features": to_dict(plan.features)},
        "imported": {"files": files, "clips": clip_ids},
    }
