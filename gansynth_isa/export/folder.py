"""The folder of an export: the model in one format, class names, settings, model card, and what vouches for it."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansynth_isa.classifiers.files import FORMAT_VERSION, check_version, read_json
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.config.identity import without
from gansynth_isa.derived import check_resolved
from gansynth_isa.errors import InputError, printable
from gansynth_isa.export.formats import EXPORT_FORMATS
from gansynth_isa.export.saved_model import CLASS_NAMES_FILE, SETTINGS_FILE
from gansynth_isa.files import new_folder, sha256_of_files, write_json
from gansynth_isa.runs.description import check_classes
from gansynth_isa.validation import Decides, from_dict, to_dict

EXPORT_FILE = "export.json"
CARD_FILE = "MODEL_CARD.md"


@dataclass(frozen=True)
class ExportedModel:
    """What `export.json` says.

    Attributes:
      kind: 'classifier' or 'generator'.
      format: one of formats.EXPORT_FORMATS.
      class_names: in the order of probabilities and class indices.
      data: how recordings are cut; without the folder they came from.
      features: how log-mel clips are made of them.
      embedding: settings of a classifier of embeddings, which need its model; None for all others.
    """

    kind: str
    format: str
    class_names: tuple[str, ...]
    data: DataConfig
    features: FeatureConfig
    embedding: ClassifierConfig | None = None

    def settings(self) -> dict:
        """Ready for JSON."""
        return {
            "format_version": FORMAT_VERSION,
            "kind": self.kind,
            "format": self.format,
            "class_names": list(self.class_names),
            "data": to_dict(without(self.data, Decides.PLACE)),
            "features": to_dict(self.features),
            **({} if self.embedding is None else {"embedding": to_dict(without(self.embedding, Decides.PLACE))}),
        }

    def write_assets(self, folder: Path) -> None:
        """Writes class names, one a line, and settings to a folder that exists."""
        (folder / CLASS_NAMES_FILE).write_text(
            "".join(f"{printable(name)}\n" for name in self.class_names), encoding="utf-8"
        )
        (folder / SETTINGS_FILE).write_text(json.dumps(self.settings(), indent=1) + "\n", encoding="utf-8")


@contextlib.contextmanager
def export_folder(export_dir: Path, exported: ExportedModel, card: str) -> Iterator[Path]:
    """The folder to write an exported model to; it appears whole, with card and checksums, or not at all.

    Raises:
      InputError: the folder holds something already, or cannot be written.
    """
    with new_folder(export_dir) as folder:
        yield folder
        (folder / CARD_FILE).write_text(card, encoding="utf-8")
        write_json(folder / EXPORT_FILE, {**exported.settings(), "files": sha256_of_files(folder)})


def read_export(export_dir: Path) -> ExportedModel:
    """What an export folder holds, after its files were compared with their checksums.

    Raises:
      InputError: no export, or one that is damaged or of another version.
    """
    path = export_dir / EXPORT_FILE
    values = read_json(path, "the folder of an exported model")
    check_version(path, values)
    try:
        exported = ExportedModel(
            kind=values["kind"],
            format=values["format"],
            class_names=_class_names(values["class_names"]),
            data=from_dict(DataConfig, values["data"]),
            features=from_dict(FeatureConfig, values["features"]),
            embedding=from_dict(ClassifierConfig, values["embedding"]) if "embedding" in values else None,
        )
        if exported.kind == "classifier":
            check_resolved(exported.data, exported.features)
        files = dict(values["files"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: damaged ({type(error).__name__}: {error})") from error
    if exported.kind not in ("classifier", "generator") or exported.format not in EXPORT_FORMATS:
        raise InputError(f"{path}: damaged (a {exported.kind!r} in the format {exported.format!r})")
    _check_files(export_dir, files)
    return exported


def _check_files(export_dir: Path, files: dict[str, str]) -> None:
    found = sha256_of_files(export_dir)
    for name, digest in files.items():
        if name not in found:
            raise InputError(f"{export_dir / name}: expected a file of the exported model, found none")
        if found[name] != digest and name != CARD_FILE:
            raise InputError(f"{export_dir / name}: damaged (its checksum differs from {EXPORT_FILE})")


def _class_names(names: Any) -> tuple[str, ...]:
    check_classes(names)
    return tuple(names)
