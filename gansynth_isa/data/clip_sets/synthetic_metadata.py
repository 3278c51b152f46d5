"""The metadata file of a folder of synthetic clips, checked before anything is made of it."""

import json
import re
from pathlib import Path

from gansynth_isa.config import DATA_TYPES
from gansynth_isa.data.clip_sets.synthetic_clips import DEFAULT_DATA_TYPE
from gansynth_isa.errors import InputError

METADATA_NAME = "metadata.json"
SHARD_NAME = "synthetic-{:05d}.tfrecord"
FORMAT_VERSION = 1
_SHARD_NAMES = re.compile(r"synthetic-\d+\.tfrecord")


def read_metadata(folder: Path) -> dict:
    """What the metadata file of a finished folder says.

    Raises:
      InputError: no such folder, an unfinished one, or metadata that are damaged.
    """
    path = folder / METADATA_NAME
    if not folder.is_dir():
        raise InputError(f"synthetic_dir: expected a folder of synthetic clips, but {folder} does not exist")
    if not path.exists():
        raise InputError(
            f"synthetic_dir: {folder} holds no finished set of synthetic clips ({METADATA_NAME} is missing)"
        )
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))
        _check_types(metadata)
        sizes_agree = sum(metadata["shards"].values()) == metadata["num_clips"]
        readable = metadata["format_version"] == FORMAT_VERSION and len(metadata["shape"]) == 3
        readable = readable and metadata.get("data_type", DEFAULT_DATA_TYPE) in DATA_TYPES
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: the metadata of the synthetic clips are damaged ({error!r})") from error
    if not (sizes_agree and readable):
        raise InputError(
            f"{path}: expected format version {FORMAT_VERSION} with clips of one shape and of a known data_type, "
            "got something else"
        )
    return metadata


def _check_types(metadata: dict) -> None:
    """Refuses values that are not of the type that the writer gives them; ValueError names the first."""
    shards = metadata["shards"]
    for name, values in (("shape", metadata["shape"]), ("shards", list(shards.values()))):
        if not isinstance(values, list) or not all(type(value) is int and value > 0 for value in values):
            raise ValueError(f"{name}: expected positive whole numbers, got {str(values)[:60]}")
    if not all(_SHARD_NAMES.fullmatch(name) for name in shards) or type(metadata["num_clips"]) is not int:
        raise ValueError(f"shards: expected the clips of each file, got {str(shards)[:60]}")
    for name in ("class_names", "generated_classes"):
        values = metadata.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ValueError(f"{name}: expected a list of texts, got {str(values)[:60]}")
