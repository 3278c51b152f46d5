"""Trained classifiers and generators to export folders."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gansynth_isa.classifiers.folder import StoredClassifier
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.errors import InputError
from gansynth_isa.export.deployable import deployable_classifier
from gansynth_isa.export.folder import ExportedModel, export_folder
from gansynth_isa.export.litert import PRECISIONS, Comparison, compare, comparison_table, convert, save_files
from gansynth_isa.export.model_card import classifier_card, generator_card
from gansynth_isa.export.saved_model import save_classifier, save_generator
from gansynth_isa.files import write_json
from gansynth_isa.generators.base import TrainedGenerator

COMPARISON_FILE = "comparison.json"
CLASSIFIER_KERAS_FILE, GENERATOR_KERAS_FILE = "classifier.keras", "generator.keras"


def export_classifier(stored: StoredClassifier, export_format: str, export_dir: Path) -> None:
    """Writes a classifier as a SavedModel or a Keras file.

    Raises:
      InputError: the folder holds something already, or cannot be written; or a classifier of embeddings as something
        else than a Keras file.
    """
    _refuse_embedding(stored, export_format)
    exported = _describe(stored, export_format)
    with export_folder(export_dir, exported, classifier_card(stored)) as folder:
        takes = "embeddings" if stored.config.classifier == EMBEDDING else stored.features.data_type
        model = deployable_classifier(stored.network.model, takes)
        if export_format == "keras":
            exported.write_assets(folder)
            model.save(folder / CLASSIFIER_KERAS_FILE)
        else:
            _with_assets(exported, lambda assets: save_classifier(model, stored.data, stored.features, folder, assets))


def export_litert(
    stored: StoredClassifier,
    export_dir: Path,
    keras_bytes: int,
    train_spectrograms: np.ndarray,
    test_spectrograms: np.ndarray,
    test_labels: np.ndarray,
) -> list[Comparison]:
    """Writes a classifier as LiteRT files of every precision and compares them with Keras on the test clips.

    Args:
      stored: the classifier.
      export_dir: the folder to make.
      keras_bytes: size of the classifier's Keras file.
      train_spectrograms: (clips, frames, mel_bins, channels), real training clips, for the ranges of int8.
      test_spectrograms, test_labels: the test clips, perhaps none.

    Raises:
      InputError: clips of another shape; the folder holds something already, or cannot be written.
    """
    _refuse_embedding(stored, "litert")
    shape = tuple(stored.network.model.input_shape[1:])
    if tuple(train_spectrograms.shape[1:]) != shape:
        raise InputError(f"data_dir: expected clips of shape {shape}, got {tuple(train_spectrograms.shape[1:])}")
    model = deployable_classifier(stored.network.model, stored.features.data_type)
    contents = {precision: convert(model, precision, train_spectrograms) for precision in PRECISIONS}
    rows = compare(model, keras_bytes, contents, test_spectrograms, test_labels)
    exported = _describe(stored, "litert")
    with export_folder(export_dir, exported, classifier_card(stored, comparison_table(rows))) as folder:
        exported.write_assets(folder)
        save_files(contents, folder)
        write_json(folder / COMPARISON_FILE, {"models": [row.to_dict() for row in rows]})
    return rows


def export_generator(trained: TrainedGenerator, export_format: str, export_dir: Path) -> None:
    """Writes a generator, loaded for export, as a SavedModel or a Keras file.

    Raises:
      InputError: LiteRT; a kind that cannot be exported; the folder holds something already, or cannot be written.
    """
    if export_format == "litert":
        raise InputError("format: litert is for classifiers; expected saved_model or keras for a generator")
    origin, model = trained.provenance, trained.keras_model()
    exported = ExportedModel("generator", export_format, origin.class_names, origin.data, origin.features)
    with export_folder(export_dir, exported, generator_card(trained)) as folder:
        if export_format == "keras":
            exported.write_assets(folder)
            model.save(folder / GENERATOR_KERAS_FILE)
        else:
            _with_assets(exported, lambda assets: save_generator(model, origin.features.data_type, folder, assets))


def _refuse_embedding(stored: StoredClassifier, export_format: str) -> None:
    """What runs without this project would have to hold the model of embeddings, which belongs to others."""
    if stored.config.classifier == EMBEDDING and export_format != "keras":
        raise InputError(
            f"format: expected keras for a classifier of embeddings, which runs beside its model, got {export_format}"
        )


def _describe(stored: StoredClassifier, export_format: str) -> ExportedModel:
    embedding = stored.config if stored.config.classifier == EMBEDDING else None
    return ExportedModel("classifier", export_format, stored.class_names, stored.data, stored.features, embedding)


def _with_assets(exported: ExportedModel, save: Callable[[Path], None]) -> None:
    """Calls `save` with a folder that holds the assets; TensorFlow copies them into the SavedModel."""
    with tempfile.TemporaryDirectory() as assets:
        exported.write_assets(Path(assets))
        save(Path(assets))
