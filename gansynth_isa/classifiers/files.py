"""The files of a trained classifier: Keras files, which run no code, and JSON of a known version."""

import hashlib
import importlib
import json
import zipfile
from pathlib import Path

import keras
import numpy as np
from keras import ops

from gansynth_isa.environment import check_keras
from gansynth_isa.errors import InputError

FORMAT_VERSION = 1
MODEL_FILE, RESULT_FILE = "model.keras", "result.json"
MODEL_SHA256 = "model_sha256"  # of the model's file, in its result
FOLDER_MEANING = "the folder of a trained classifier"
# Keras finds layers of this project by a name that their module registers when it is imported.
MODULES_OF_LAYERS = ("gansynth_isa.classifiers.networks", "gansynth_isa.classifiers.discriminant")


def load_keras_file(path: Path) -> keras.Model:
    """The model of a Keras file, which is never allowed to run code of its own.

    Raises:
      InputError: the file is missing, damaged, or asks for what the safe mode refuses; or see `check_keras`.
    """
    check_keras()
    if not path.is_file():
        raise InputError(f"{path}: expected a Keras file, found none")
    if not zipfile.is_zipfile(path):
        raise InputError(f"{path}: damaged (expected a whole Keras file)")
    for module in MODULES_OF_LAYERS:
        importlib.import_module(module)
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras, HDF5 and TensorFlow raise all kinds where a file is damaged
        # The first sentence: Keras goes on with how to switch the safe mode off.
        reason = " ".join(str(error).split()).split(". ")[0]
        raise InputError(f"{path}: expected a whole and safe Keras file ({reason[:300]})") from error
    if not all(np.isfinite(ops.convert_to_numpy(variable)).all() for variable in model.variables):
        raise InputError(f"{path}: damaged (expected finite weights)")
    return model


def load_model_of(folder: Path, result: dict) -> keras.Model:
    """The model of the classifier in `folder`, whose result is given; results of earlier versions do not vouch for it.

    Raises:
      InputError: it is another file than the one that was written with the result; or see `load_keras_file`.
    """
    check_model_of(folder, result)
    return load_keras_file(folder / MODEL_FILE)


def check_model_of(folder: Path, result: dict) -> None:
    """Refuses a model that is not the one of the result; one that is not there is no other.

    Raises:
      InputError: see `load_model_of`; or it cannot be read.
    """
    path = folder / MODEL_FILE
    if MODEL_SHA256 not in result or not path.is_file():
        return
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    if digest != result[MODEL_SHA256]:
        raise InputError(f"{path}: damaged (its checksum differs from {RESULT_FILE})")


def read_json(path: Path, meaning: str) -> dict:
    """The JSON object in a file.

    Raises:
      InputError: the file is missing, which `meaning` explains, or holds none.
    """
    if not path.is_file():
        raise InputError(f"{path.parent}: expected {meaning}, but it has no {path.name}")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: damaged ({error})") from error
    if not isinstance(values, dict):
        raise InputError(f"{path}: damaged (expected a JSON object)")
    return values


def check_version(path: Path, values: dict) -> None:
    """Refuses a file of another format version; one from before there were versions is of the first.

    Raises:
      InputError: names both versions.
    """
    version = values.get("format_version", FORMAT_VERSION)
    if version != FORMAT_VERSION:
        raise InputError(f"{path}: expected format_version {FORMAT_VERSION}, got {version!r}")
