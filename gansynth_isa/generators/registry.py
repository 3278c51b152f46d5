"""Kinds of generators by name: those of this package, and those that other installed packages bring.

A package brings a kind by an entry point of the group `gansynth_isa.generators` that names a `GeneratorKind`, a program
by `register`.
"""

import dataclasses
import json
from importlib.metadata import entry_points
from pathlib import Path

from gansynth_isa.errors import InputError, nearest
from gansynth_isa.generators.base import GeneratorKind
from gansynth_isa.generators.gansynth.kind import GansynthKind
from gansynth_isa.generators.gaussian.kind import GaussianKind
from gansynth_isa.validation import groups_of

DESCRIPTION_FILE = "experiment.json"  # as in `runs.run_folder`
ENTRY_POINTS = "gansynth_isa.generators"
DEFAULT_KIND = GansynthKind.name

_registered: dict[str, GeneratorKind] = {kind.name: kind for kind in (GansynthKind(), GaussianKind())}


def register(kind: GeneratorKind) -> None:
    """Adds a kind to those that commands and experiments of this process know.

    Raises:
      ValueError: there is another kind of that name, or a setting does not begin with it.
    """
    for group in groups_of(kind.config_class):
        for item in dataclasses.fields(group):
            if not item.name.startswith(f"{kind.name}_"):
                raise ValueError(f"{item.name}: expected a setting that begins with {kind.name}_, the name of its kind")
    known = _registered.get(kind.name)
    if known is not None and type(known) is not type(kind):
        raise ValueError(f"generator kind {kind.name!r}: expected a new name, but there is a kind of that name")
    _registered[kind.name] = kind


def kinds() -> dict[str, GeneratorKind]:
    """All kinds by name, in the order of registration."""
    for point in entry_points(group=ENTRY_POINTS):
        if point.name not in _registered:
            register(point.load()())
    return dict(_registered)


def kind_named(name: str, setting: str = "generator") -> GeneratorKind:
    """The kind of that name.

    Args:
      name: of the kind.
      setting: the setting that holds the name, for the message.

    Raises:
      InputError: there is none; the nearest name is offered.
    """
    known = kinds()
    if name not in known:
        raise InputError(f"{setting}: expected one of {', '.join(known)}, got {name!r}{nearest(name, list(known))}")
    return known[name]


def kind_in(folder: Path | str) -> GeneratorKind:
    """The kind whose training a folder holds.

    Raises:
      InputError: the folder holds no training, or one of a kind that is not installed.
    """
    path = Path(folder) / DESCRIPTION_FILE
    if not path.is_file():
        raise InputError(f"{folder}: expected the folder of a trained generator, but it has no {DESCRIPTION_FILE}")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        name = values.get("generator", DEFAULT_KIND)  # the original GANSynth and earlier versions do not say it
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: damaged ({error})") from error
    if not isinstance(name, str):
        raise InputError(f"{path}: generator: expected the name of a kind, got {str(name)[:60]!r}")
    return kind_named(name, str(path))


def check_kind_of(folder: Path | str, name: str) -> None:
    """Refuses to train a kind where a training of another kind lies.

    Raises:
      InputError: the folder holds a training of another kind.
    """
    if (Path(folder) / DESCRIPTION_FILE).exists() and (found := kind_in(folder).name) != name:
        raise InputError(f"train_root_dir: {folder} holds a training of the kind {found}, expected {name} or none")
