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

    `files_before`, which weights to start from add, is path -> digests of the recordings that they had seen.

    Raises:
      InputError: something is missing, or is not what it should be.
    """
    if not isinstance(data, dict) or not isinstance(data.get("sha256"), str) or not _are_texts(data.get("files")):
        raise InputError(
            f"data: expected a fingerprint with sha256 and files, a digest per path, got {str(data)[:60]!r}"
        )
    before = data.get("files_before", {})
    if not isinstance(before, dict) or not all(isinstance(digests, list) for digests in before.values()):
        raise InputError(f"data: files_before: expected a list of digests per path, got {str(before)[:60]!r}")
    for path, digests in before.items():
        if not all(isinstance(digest, str) for digest in digests):
            raise InputError(f"data: files_before: expected digests of {path!r}, got {str(digests)[:60]!r}")


def _are_texts(values: object) -> bool:
    return isinstance(values, dict) and all(isinstance(value, str) for value in values.values())


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
