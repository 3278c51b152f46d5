"""What a run is about, as its folder keeps it: each kind of training has a description of its own."""

from typing import ClassVar, Protocol, Self

from gansynth_isa.errors import InputError, is_utf8


class Description(Protocol):
    """Everything that decides what a run becomes; immutable.

    Attributes:
      kind: name of the kind of generator.
      noun: what a folder with such a description holds, with its article, as messages have it.
    """

    kind: ClassVar[str]
    noun: ClassVar[str]

    def to_dict(self) -> dict:
        """The values that `from_dict` takes, ready for JSON."""

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        """The description that gave `values`, which may hold more names; KeyError or ValueError if damaged."""

    def changes(self, new: Self) -> list[str]:
        """What makes `new` another run than this one, a line each; none where the run may go on with it."""


class LearnsFromClips(Protocol):
    """A description of a training on labelled clips."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes in order."""

    @property
    def data(self) -> dict:
        """`ClipSet.fingerprint` of the clips."""


def check_classes(names: object) -> None:
    """Refuses what are no class names, as they were read.

    Raises:
      InputError: no list of different texts.
    """
    texts = [name for name in names if isinstance(name, str) and is_utf8(name)] if isinstance(names, list) else []
    if not texts or names != list(dict.fromkeys(texts)):
        raise InputError(f"class_names: expected a list of different texts, got {str(names)[:60]!r}")


def check_fingerprint(data: object) -> None:
    """Refuses what is no `ClipSet.fingerprint`, as it was read.

    Raises:
      InputError: something is missing.
    """
    is_whole = isinstance(data, dict) and isinstance(data.get("sha256"), str) and isinstance(data.get("files"), dict)
    if not is_whole:
        raise InputError(f"data: expected a fingerprint with sha256 and files, got {str(data)[:60]!r}")


def clip_changes(stored: LearnsFromClips, new: LearnsFromClips) -> list[str]:
    """What differs in classes and clips, a line each."""
    changed = []
    if stored.class_names != new.class_names:
        changed.append(f"classes: {', '.join(stored.class_names)} -> {', '.join(new.class_names)}")
    if stored.data["sha256"] != new.data["sha256"]:
        changed.append(_data_change(stored.data, new.data))
    return changed


def _data_change(old: dict, new: dict) -> str:
    old_files, new_files = old.get("files", {}), new.get("files", {})
    names = [name for name in {**old_files, **new_files} if old_files.get(name) != new_files.get(name)]
    return f"data: {len(names)} recordings differ, {names[0]} for one" if names else "data: other clips"
