"""One way to ask any classifier, trained or exported: clips in, probabilities out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.classifier import NetworkClassifier
from gansynth_isa.classifiers.files import RESULT_FILE, load_keras_file
from gansynth_isa.classifiers.folder import read_classifier
from gansynth_isa.config import ClassifierConfig, DataConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.errors import InputError
from gansynth_isa.export.exporting import CLASSIFIER_KERAS_FILE
from gansynth_isa.export.folder import EXPORT_FILE, ExportedModel, read_export
from gansynth_isa.export.litert import PRECISIONS, LiteRTClassifier
from gansynth_isa.export.recording_classifier import RecordingClassifier
from gansynth_isa.export.saved_model import classify_with, num_classes_of
from gansynth_isa.tensorflow_paths import literal_path

LITERT_SUFFIX = ".tflite"
_Loaded = tuple[Callable[[np.ndarray], np.ndarray], int]  # clips to probabilities, and the number of classes


def load_classifier(path: Path, embedding_model: str | None = None) -> RecordingClassifier:
    """The classifier in a folder of `gansynth_isa_classify` or `gansynth_isa_export`, or in a .tflite file there.

    Args:
      path: the folder or file.
      embedding_model: of a classifier of embeddings; None: where it was.

    Raises:
      InputError: no classifier there, or one that is damaged, unsafe or of another version.
    """
    folder = path.parent if path.suffix == LITERT_SUFFIX else path
    if (folder / EXPORT_FILE).is_file():
        return _exported(folder, path, embedding_model)
    if (folder / RESULT_FILE).is_file() and folder == path:
        stored = read_classifier(folder)
        return RecordingClassifier(
            stored.class_names,
            stored.data,
            stored.features,
            stored.network.probabilities,
            stored.result,
            embedding_transform(stored.config, stored.data, embedding_model),
        )
    raise InputError(
        f"{path}: expected the folder of a trained or exported classifier, with {RESULT_FILE} or {EXPORT_FILE}"
    )


def embedding_transform(
    config: ClassifierConfig | None, data: DataConfig, embedding_model: str | None = None
) -> Callable[[np.ndarray], np.ndarray] | None:
    """What maps waveforms of clips to the embeddings that a classifier of embeddings takes; None for all others.

    Args:
      config: of the classifier, None where it is none of embeddings.
      data: how recordings are cut.
      embedding_model: where the model is; None: where it was.

    Raises:
      InputError: the model is not there, or is another one; or see `Embedder`.
    """
    if config is None or config.classifier != EMBEDDING:
        return None
    from gansynth_isa.classifiers.embedding.embedder import Embedder

    if embedding_model is not None:
        config = replace(config, embedding_model=embedding_model)
    return Embedder(config, data.sample_rate).transform


def _exported(folder: Path, path: Path, embedding_model: str | None) -> RecordingClassifier:
    exported = read_export(folder)
    if exported.kind != "classifier":
        raise InputError(f"{folder}: expected a classifier, got a {exported.kind}")
    loaders = {"saved_model": _saved_model, "keras": _keras, "litert": _litert}
    probabilities, num_classes = loaders[exported.format](folder, path, exported)
    if num_classes != len(exported.class_names):
        raise InputError(
            f"{folder / EXPORT_FILE}: damaged (expected {num_classes} class_names, as the model has, "
            f"got {len(exported.class_names)})"
        )
    transform = embedding_transform(exported.embedding, exported.data, embedding_model)
    return RecordingClassifier(
        exported.class_names, exported.data, exported.features, probabilities, transform=transform
    )


def _saved_model(folder: Path, path: Path, exported: ExportedModel) -> _Loaded:
    data_type = exported.features.data_type
    try:
        with literal_path(folder) as literal:
            loaded = tf.saved_model.load(str(literal))
        num_classes = num_classes_of(loaded, data_type)
    except (OSError, ValueError, KeyError, tf.errors.OpError) as error:
        raise InputError(f"{folder}: the SavedModel cannot be loaded ({' '.join(str(error).split())})") from error
    return lambda clips: classify_with(loaded, data_type, clips), num_classes


def _keras(folder: Path, path: Path, exported: ExportedModel) -> _Loaded:
    model = load_keras_file(folder / CLASSIFIER_KERAS_FILE)
    return NetworkClassifier(model, exported.class_names).probabilities, model.output_shape[-1]


def _litert(folder: Path, path: Path, exported: ExportedModel) -> _Loaded:
    """The file that was named, or the most precise one of the folder."""
    file = path if path != folder else folder / f"classifier_{PRECISIONS[0]}{LITERT_SUFFIX}"
    try:
        classifier = LiteRTClassifier(file.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: expected a LiteRT file ({' '.join(str(error).split())})") from error
    return classifier, classifier.num_classes
