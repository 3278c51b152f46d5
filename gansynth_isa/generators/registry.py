"""Kinds of generators by name: those of this package, and those that other installed packages bring.

A package brings a kind by an entry point of the group `gansynth_isa.generators` that names a `GeneratorKind`, a program
by `register`.
"""

import dataclasses
import json
import re
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GenerationConfig, GridConfig, SeedConfig
from gansynth_isa.errors import InputError, nearest
from gansynth_isa.generators.base import DESCRIPTION_FILE, GeneratorKind
from gansynth_isa.generators.copies.kind import CopiesKind
from gansynth_isa.generators.diffusion.kind import DiffusionKind
from gansynth_isa.generators.events.kind import EventsKind
from gansynth_isa.generators.gansynth.kind import GansynthKind
from gansynth_isa.generators.gaussian.kind import GaussianKind
from gansynth_isa.generators.imported.kind import ImportedKind
from gansynth_isa.generators.smote.kind import SmoteKind
from gansynth_isa.generators.specgan.kind import SpecganKind
from gansynth_isa.generators.transfer.kind import TransferKind
from gansynth_isa.generators.wavegan.kind import WaveganKind
from gansynth_isa.methods import METHODS_BY_NAME
from gansynth_isa.validation import groups_of

ENTRY_POINTS = "gansynth_isa.generators"
DEFAULT_KIND = GansynthKind.name

_NAME = re.compile("[a-z][a-z0-9]*")
_COMMON_GROUPS = (SeedConfig, DataConfig, FeatureConfig, ClassifierConfig, GridConfig, GenerationConfig)

_FITTED = (GaussianKind(), TransferKind(), SmoteKind())
_BY_NAME = {kind.name: kind for kind in _FITTED}
_OWN = (
    GansynthKind(_BY_NAME),
    *_FITTED,
    EventsKind(_BY_NAME),
    CopiesKind(),
    DiffusionKind(),
    WaveganKind(),
    SpecganKind(),
    ImportedKind(),
)
_registered: dict[str, GeneratorKind] = {kind.name: kind for kind in _OWN}
_broken: dict[str, str] = {}  # name of an installed kind -> why it cannot be loaded


def register(kind: GeneratorKind) -> None:
    """Adds a kind to those that commands and experiments of this process know.

    Other processes, such as those of `--jobs`, know a kind by the entry point of its package alone.

    Raises:
      ValueError: the name is none, or another's, or that of a method; or a setting does not begin with it, or is taken.
    """
    if not _NAME.fullmatch(kind.name) or any(name in METHODS_BY_NAME for name in (kind.name, f"{kind.name}_augmented")):
        raise ValueError(f"{kind.name!r}: expected a name of small letters and digits that is no method's")
    taken = {item.name for group in _COMMON_GROUPS for item in dataclasses.fields(group)}
    for group in groups_of(kind.config_class):
        for item in dataclasses.fields(group):
            if not item.name.startswith(f"{kind.name}_") or item.name in taken:
                raise ValueError(
                    f"{item.name}: expected a setting that begins with {kind.name}_, the name of its kind, and is no "
                    "other's"
                )
    known = _registered.get(kind.name)
    if known is not None and type(known) is not type(kind):
        raise ValueError(f"generator kind {kind.name!r}: expected a new name, but there is a kind of that name")
    _registered[kind.name] = kind


def kinds() -> dict[str, GeneratorKind]:
    """All kinds by name, in the order of registration; installed ones that cannot be loaded are left out."""
    for point in entry_points(group=ENTRY_POINTS):
        if point.name not in _registered and point.name not in _broken:
            _load(point)
    return dict(_registered)


def _load(point: EntryPoint) -> None:
    """Whatever a foreign package raises must not break commands that do without it."""
    try:
        kind = point.load()()
        if kind.name != point.name:
            raise ValueError(f"it calls itself {kind.name!r}")
        register(kind)
    except Exception as error:
        _broken[point.name] = f"{point.value}: {type(error).__name__}: {error}"


def kind_named(name: str, setting: str = "generator") -> GeneratorKind:
    """The kind of that name.

    Args:
      name: of the kind.
      setting: the setting that holds the name, for the message.

    Raises:
      InputError: there is none, or it cannot be loaded; the nearest name is offered.
    """
    known = kinds()
    if name in _broken:
        raise InputError(f"{setting}: the kind {name!r} cannot be loaded ({_broken[name]})")
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
        raise InputError(
            f"train_root_dir: {folder} holds a training of the kind {found}; expected {name}, or another folder"
        )
