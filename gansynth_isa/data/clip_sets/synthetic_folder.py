"""Folders of labelled synthetic clips: sharded TFRecords and a metadata file that vouches for them."""

import contextlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError

from gansynth_isa.data.clip_sets.synthetic_clips import DEFAULT_DATA_TYPE, IMPORTED, SyntheticClips, as_stored
from gansynth_isa.data.clip_sets.synthetic_metadata import FORMAT_VERSION, METADATA_NAME, SHARD_NAME, read_metadata
from gansynth_isa.data.recordings.names import in_one_form
from gansynth_isa.errors import InputError
from gansynth_isa.files import check_no_folders, check_own_folder, write_json, writing

UNFINISHED_SUFFIX = ".unfinished"
CLIPS_PER_SHARD = 512
DIGEST_SHOWN = 12  # hexadecimal digits


class SyntheticWriter:
    """Writes a folder of synthetic clips; a context manager.

    Shards are written under another name and renamed when all are complete; `metadata.json` comes last, so
    a folder without it is unfinished. Clips of the same origin that the folder held before are replaced at that moment,
    and stay as they were when writing fails. The shards depend only on the clips, not on time or place.

    Example: `with SyntheticWriter(folder, {"class_names": ["a", "b"]}) as writer: writer.write(spectrograms, labels)`.

    Args:
      output_dir: made if it does not exist.
      metadata: JSON-able; must hold 'class_names', and 'data_type' where it is not log_mel. Shapes, counts and shard
        sizes are added.
      clips_per_shard: clips in every shard but the last.

    Raises:
      InputError: the folder cannot be made or written, or holds something else, such as clips of another generator.
    """

    def __init__(self, output_dir: Path | str, metadata: dict, clips_per_shard: int = CLIPS_PER_SHARD):
        self._folder = Path(output_dir)
        check_own_folder(self._folder, "output_dir", METADATA_NAME, "clips")
        self._metadata = {"data_type": DEFAULT_DATA_TYPE, **metadata}
        self._class_names = tuple(metadata["class_names"])
        self._clips_per_shard = clips_per_shard
        self._shape: tuple[int, ...] | None = None
        self._counts: Counter[str] = Counter()
        self._shard_sizes: list[int] = []
        self._writer: tf.io.TFRecordWriter | None = None

    def __enter__(self) -> "SyntheticWriter":
        _refuse_other_clips(self._folder, self._metadata)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            check_no_folders(self._old_shards())
            self._remove(self._unfinished())
        except OSError as error:
            raise InputError(f"output_dir: cannot write to {self._folder} ({error.strerror})") from error
        return self

    def write(self, spectrograms: np.ndarray, labels: np.ndarray) -> None:
        """Appends clips.

        Args:
          spectrograms: (clips, frames, mel_bins, channels), finite, not normalised.
          labels: (clips,) integers, index into the class names.

        Raises:
          ValueError: values that are not finite in float16, another shape than before, or an unknown label.
        """
        if self._shape is None:
            self._shape = tuple(spectrograms.shape[1:])
        if spectrograms.shape != (len(labels), *self._shape):
            raise ValueError(f"spectrograms: expected shape {(len(labels), *self._shape)}, got {spectrograms.shape}")
        for clip, label in zip(as_stored(spectrograms), labels, strict=True):
            self._write_clip(clip, int(label))

    def add_metadata(self, values: dict) -> None:
        """Adds to the metadata what is known when the clips have been written, ready for JSON."""
        self._metadata.update(values)

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            with contextlib.nullcontext() if error_type is None else contextlib.suppress(InputError):
                self._close_shard()
            if error_type is None:
                self._replace_old_clips()
        finally:
            self._remove(self._unfinished())

    def _replace_old_clips(self) -> None:
        metadata_path = self._folder / METADATA_NAME
        check_no_folders([metadata_path, *self._old_shards()])
        with writing(self._folder):
            metadata_path.unlink(missing_ok=True)
            self._remove(self._old_shards())
            for shard in range(len(self._shard_sizes)):
                self._unfinished_path(shard).replace(self._folder / SHARD_NAME.format(shard))
        write_json(metadata_path, self._finished_metadata())

    def _write_clip(self, clip: np.ndarray, label: int) -> None:
        if not 0 <= label < len(self._class_names):
            raise ValueError(f"labels: expected 0 to {len(self._class_names) - 1}, got {label}")
        name = self._class_names[label]
        example = _example(clip, label, name, self._metadata["data_type"])
        with self._writing():
            if self._writer is None:
                self._writer = tf.io.TFRecordWriter(str(self._unfinished_path(len(self._shard_sizes))))
                self._shard_sizes.append(0)
            self._writer.write(example)
        self._counts[name] += 1
        self._shard_sizes[-1] += 1
        if self._shard_sizes[-1] == self._clips_per_shard:
            self._close_shard()

    def _close_shard(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with self._writing():
                writer.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Turns what TensorFlow says of a full disk, or one that cannot be written, into an `InputError`."""
        try:
            yield
        except tf.errors.OpError as error:
            raise InputError(f"{self._folder}: cannot be written: {error.message}") from error

    def _finished_metadata(self) -> dict:
        return {
            **self._metadata,
            "format_version": FORMAT_VERSION,
            "shape": list(self._shape or ()),
            "num_clips": sum(self._shard_sizes),
            "counts": {name: self._counts[name] for name in self._class_names},
            "shards": {SHARD_NAME.format(shard): size for shard, size in enumerate(self._shard_sizes)},
        }

    def _unfinished_path(self, shard: int) -> Path:
        return self._folder / (SHARD_NAME.format(shard) + UNFINISHED_SUFFIX)

    def _old_shards(self) -> list[Path]:
        return list(self._folder.glob(SHARD_NAME.replace("{:05d}", "*")))

    def _unfinished(self) -> list[Path]:
        return list(self._folder.glob(f"*{UNFINISHED_SUFFIX}"))

    @staticmethod
    def _remove(paths: Iterable[Path]) -> None:
        for path in paths:
            path.unlink()


def read_synthetic(folder: Path | str) -> SyntheticClips:
    """All clips of a folder that `SyntheticWriter` finished.

    Raises:
      InputError: no such folder, an unfinished one, or a shard that is missing, damaged or not the one
        that the metadata tell of.
    """
    folder = Path(folder)
    metadata = read_metadata(folder)
    class_names = tuple(metadata["class_names"])
    shape = tuple(metadata["shape"])
    _check_sizes(folder, metadata)
    spectrograms = np.empty((metadata["num_clips"], *shape), np.float32)
    labels = np.empty(metadata["num_clips"], np.int32)
    start = 0
    for name, size in metadata["shards"].items():
        end = start + size
        _read_shard(folder / name, class_names, spectrograms[start:end], labels[start:end])
        start = end
    return SyntheticClips(spectrograms, labels, tuple(map(in_one_form, class_names)), metadata)


def count_synthetic(folder: Path | str) -> int:
    """How many clips a finished folder holds, without reading them.

    Raises:
      InputError: no such folder, an unfinished or damaged one.
    """
    return read_metadata(Path(folder))["num_clips"]


def _refuse_other_clips(folder: Path, metadata: dict) -> None:
    """Clips are replaced only by clips of the same origin, of any number and seed: others may have taken hours.

    Raises:
      InputError: names what is different.
    """
    if not (folder / METADATA_NAME).exists():
        return
    try:
        before, after = _origin(read_metadata(folder)), _origin(metadata)
    except InputError as error:
        raise InputError(f"output_dir: expected a folder of its own for clips, but {error}") from error
    changes = [f"{name}: {before[name]} -> {after[name]}" for name in after if before[name] != after[name]]
    if changes:
        raise InputError(f"output_dir: {folder} holds other clips ({'; '.join(changes)}); choose another --output_dir")


def _origin(metadata: dict) -> dict:
    """What decides which clips there are, but for seed and number. Earlier versions knew one kind of generator only."""
    kind = metadata.get("generator", "gansynth")
    digest = metadata.get("weights_sha256", metadata.get("gan_sha256"))
    return {
        "generator": kind,
        "source": metadata.get("source"),
        # Imported clips are told apart by their source alone: files may be added.
        "weights": None if kind == IMPORTED else str(digest)[:DIGEST_SHOWN],
        "classes": None if kind == IMPORTED else ", ".join(metadata.get("generated_classes", ())),
        "match_moments": metadata.get("match_moments", "none"),
        "keep": metadata.get("keep", "none"),
    }


def _check_sizes(folder: Path, metadata: dict) -> None:
    """Refuses shards that are too small for their clips, before memory is taken for these."""
    for name, size in metadata["shards"].items():
        path, least = folder / name, 2 * size * math.prod(metadata["shape"])  # bytes of float16
        if path.exists() and path.stat().st_size < least:
            raise InputError(f"{path}: the synthetic clips are damaged (expected at least {least} bytes)")


def _read_shard(path: Path, class_names: tuple[str, ...], spectrograms: np.ndarray, labels: np.ndarray) -> None:
    """Fills `spectrograms` and `labels` from one shard."""
    if not path.exists():
        raise InputError(f"{path}: expected {len(labels)} synthetic clips, but the file is missing")
    count = 0
    try:
        for serialized in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            if count < len(labels):
                spectrograms[count], labels[count] = _parse(serialized, spectrograms.shape[1:], class_names)
            count += 1
    except (tf.errors.OpError, DecodeError, ValueError, KeyError, IndexError) as error:
        raise InputError(f"{path}: the synthetic clips are damaged at clip {count}") from error
    if count != len(labels):
        raise InputError(f"{path}: expected {len(labels)} synthetic clips, found {count}")


def _example(clip: np.ndarray, label: int, name: str, data_type: str) -> bytes:
    features = {
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label])),
        "label_name": tf.train.Feature(bytes_list=tf.train.BytesList(value=[name.encode("utf-8")])),
        "log_mel": tf.train.Feature(bytes_list=tf.train.BytesList(value=[clip.tobytes()])),
        "data_type": tf.train.Feature(bytes_list=tf.train.BytesList(value=[data_type.encode()])),
        "shape": tf.train.Feature(int64_list=tf.train.Int64List(value=clip.shape)),
    }
    example = tf.train.Example(features=tf.train.Features(feature=features))
    # The order of a protobuf map is left open; the same clips are to give the same bytes.
    return example.SerializeToString(deterministic=True)


def _parse(serialized: bytes, shape: tuple[int, ...], class_names: tuple[str, ...]) -> tuple[np.ndarray, int]:
    feature = tf.train.Example.FromString(serialized).features.feature
    label = feature["label"].int64_list.value[0]
    if feature["label_name"].bytes_list.value[0].decode("utf-8") != class_names[label]:
        raise ValueError("the label's name is another one than the metadata's")
    return np.frombuffer(feature["log_mel"].bytes_list.value[0], "<f2").reshape(shape), label
