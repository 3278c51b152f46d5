"""The files of a trained classifier: Keras files, which run no code, and JSON of a known version."""

import importlib
import json
import zipfile
from pathlib import Path

import keras

from gansynth_isa.environment import check_keras
from gansynth_isa.errors import InputError

FORMAT_VERSION = 1
MODEL_FILE, RESULT_FILE = "model.keras", "result.json"
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
    for module in MODULES_OF_LAYERS:
        importlib.import_module(module)
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, KeyError, AttributeError, OSError, ImportError, zipfile.BadZipFile) as error:
        # The first sentence: Keras goes on with how to switch the safe mode off.
        reason = " ".join(str(error).split()).split(". ")[0]
        raise InputError(f"{path}: expected a whole and safe Keras file ({reason[:300]})") from error


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
