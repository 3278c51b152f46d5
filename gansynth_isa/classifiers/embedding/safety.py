"""Looks into the files of a model before anything of it is loaded: no Python code, and nothing that touches files.

A SavedModel is a program of TensorFlow operations. Some of these call Python, read and write files or use the network.
A model that maps a waveform to vectors needs none of them, see `operations`.
"""

import hashlib
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gansynth_isa.classifiers.embedding.flatbuffer import Table
from gansynth_isa.classifiers.embedding.saved_model_graph import refused_operations
from gansynth_isa.errors import InputError
from gansynth_isa.files import sha256_of_files

SAVED_MODEL, KERAS, LITERT = "SavedModel", "Keras file", "LiteRT file"
KERAS_SUFFIX, LITERT_SUFFIX = ".keras", ".tflite"
SAVED_MODEL_FILE = "saved_model.pb"
OTHER_SAVED_MODEL_FILES = ("saved_model.cpb", "saved_model.pbtxt")  # TensorFlow may read these in its place
LITERT_MAGIC, LITERT_MAGIC_PLACE = b"TFL3", 4
# Places of fields in the tables of a LiteRT file (schema.fbs), and the code of what is no built-in operation.
MODEL_OPERATOR_CODES = 1
OPERATOR_FORMER_CODE, OPERATOR_CUSTOM_CODE, OPERATOR_CODE = 0, 1, 3
CUSTOM = 32
MAX_SAVED_MODEL_BYTES = 2**31


def kind_of_model(path: Path) -> str:
    """SAVED_MODEL, KERAS or LITERT.

    Raises:
      InputError: there is nothing, or something else.
    """
    if not path.exists():
        raise InputError(
            f"embedding_model: expected a SavedModel, a .tflite or a .keras file, but {path} does not exist"
        )
    if path.is_dir():
        if not (path / SAVED_MODEL_FILE).is_file():
            raise InputError(f"embedding_model: expected a SavedModel, but {path} has no {SAVED_MODEL_FILE}")
        return SAVED_MODEL
    kinds = {KERAS_SUFFIX: KERAS, LITERT_SUFFIX: LITERT}
    if path.suffix not in kinds:
        raise InputError(
            f"embedding_model: expected the folder of a SavedModel, a .tflite or a .keras file, got {path}"
        )
    return kinds[path.suffix]


def model_sha256(path: Path) -> str:
    """What tells a model from any other: SHA-256 of its bytes, hexadecimal, of a folder those of all its files.

    Raises:
      InputError: no model, see `kind_of_model`, or one that cannot be read.
    """
    kind = kind_of_model(path)
    try:
        if kind != SAVED_MODEL:
            return hashlib.sha256(path.read_bytes()).hexdigest()
        # TensorFlow writes the time and a number of its own into fingerprint.pb.
        files = {name: digest for name, digest in sha256_of_files(path).items() if name != "fingerprint.pb"}
    except OSError as error:
        raise InputError(f"embedding_model: cannot read {path} ({error.strerror or error})") from error
    return hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()


def check_safe(path: Path) -> None:
    """Refuses a model that holds code.

    Raises:
      InputError: no model, a damaged one, or one with operations or layers that do more than calculate.
    """
    {SAVED_MODEL: _check_saved_model, KERAS: _check_keras_file, LITERT: _check_litert}[kind_of_model(path)](path)


def _check_saved_model(path: Path) -> None:
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    for name in OTHER_SAVED_MODEL_FILES:
        if (path / name).exists():
            raise InputError(f"embedding_model: expected {SAVED_MODEL_FILE} alone in {path}, found {name} too")
    file = path / SAVED_MODEL_FILE
    try:
        if file.stat().st_size > MAX_SAVED_MODEL_BYTES:
            raise InputError(f"embedding_model: {file}: expected at most {MAX_SAVED_MODEL_BYTES:,} bytes")
        saved = SavedModel.FromString(file.read_bytes())
    except (OSError, DecodeError) as error:
        raise InputError(
            f"embedding_model: {file}: expected a SavedModel, found something damaged ({error})"
        ) from error
    if not saved.meta_graphs:
        raise InputError(f"embedding_model: {file}: expected a SavedModel, found one without a graph")
    refused = sorted({operation for meta_graph in saved.meta_graphs for operation in refused_operations(meta_graph)})
    if refused:
        raise InputError(
            "embedding_model: expected a model that calculates and touches nothing outside, such as Python, files or "
            f"the network, but {path} has {', '.join(refused)}"
        )


def _check_keras_file(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise InputError(f"embedding_model: expected a Keras file, but {path} is damaged ({error})") from error
    for name in _class_names(config):
        if "lambda" in name.lower():
            raise InputError(f"embedding_model: expected a model without Python code, but {path} has the layer {name}")


def _class_names(config: Any) -> Iterator[str]:
    """Names of all classes in the configuration of a Keras model, `__lambda__` of functions included."""
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if isinstance(name := part.get("class_name"), str):
                yield name
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _check_litert(path: Path) -> None:
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise InputError(f"embedding_model: cannot read {path} ({error.strerror or error})") from error
    if contents[LITERT_MAGIC_PLACE : LITERT_MAGIC_PLACE + len(LITERT_MAGIC)] != LITERT_MAGIC:
        raise InputError(f"embedding_model: expected a LiteRT file, but {path} is none, or damaged")
    try:
        own = _own_operations(contents)
    except (struct.error, IndexError) as error:
        raise InputError(f"embedding_model: expected a LiteRT file, but {path} is damaged ({error})") from error
    if own:
        raise InputError(
            f"embedding_model: expected a LiteRT file of built-in operations alone, but {path} has {', '.join(own)}"
        )


def _own_operations(contents: bytes) -> list[str]:
    """Names of operations that are not LiteRT's own: custom ones, and Flex ones, which are TensorFlow's."""
    found = []
    for code in Table.root(contents).tables(MODEL_OPERATOR_CODES):
        name = code.content(OPERATOR_CUSTOM_CODE).decode(errors="replace")
        numbers = (code.number(OPERATOR_FORMER_CODE, "<b"), code.number(OPERATOR_CODE, "<i"))
        if name or CUSTOM in numbers:
            found.append(name or "a custom operation without a name")
    return found
