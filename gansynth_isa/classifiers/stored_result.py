"""Whether a result that was read from a folder is one: types and ranges of all that is asked of it later."""

from collections.abc import Callable, Mapping
from typing import Any

from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.errors import InputError
from gansynth_isa.runs.description import check_classes


def check_result(result: Mapping[str, Any]) -> None:
    """Refuses what the writer of results does not write. A name that is missing is not asked for here.

    Raises:
      InputError: names the first value that is not of its type or out of its range.
    """
    for name, (is_right, expected) in _RULES.items():
        if name in result and not is_right(result[name]):
            raise InputError(f"{name}: expected {expected}, got {str(result[name])[:60]!r}")
    if "class_names" in result:
        check_classes(result["class_names"])


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_share(value: Any) -> bool:
    return value is None or (type(value) in (int, float) and 0 <= value <= 1)


def _each(is_right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Whether something is a dictionary all of whose values are right."""
    return lambda values: isinstance(values, dict) and all(map(is_right, values.values()))


def _are_counts(value: Any) -> bool:
    return _each(_each(_is_count))(value) and {"train", "test"} <= value.keys()


def _is_configuration(value: Any) -> bool:
    """With what model cards tell of it; other settings may be missing, as in results of earlier versions."""
    if not isinstance(value, dict) or "method" not in value or "classifier" not in value:
        return False
    return value["classifier"] != EMBEDDING or ("embedding_head" in value and "embedding_sha256" in value)


def _are_sources(value: Any) -> bool:
    paths = value.get("test_recordings", []) if isinstance(value, dict) else None
    return isinstance(paths, list) and all(map(_is_text, paths))


def _is_choice(value: Any) -> bool:
    return isinstance(value, dict) and _is_text(value.get("chosen"))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_SHARE = (_is_share, "a number from 0 to 1, or null")
_COUNT = (_is_count, "a whole number from 0")
_SETTINGS = (_each(lambda _: True), "settings by name")
_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "accuracy": _SHARE,
    "accuracy_per_clip": _SHARE,
    "accuracy_per_file": _SHARE,
    "recall": (_each(_is_share), "a number from 0 to 1, or null, per class"),
    "counts": (_are_counts, "whole numbers per class, for train and test"),
    "num_test_files": _COUNT,
    "steps": _COUNT,
    "configuration": (_is_configuration, "settings by name, method and classifier and what an embedding is among them"),
    "data": _SETTINGS,
    "features": _SETTINGS,
    "sources": (_are_sources, "checksums and the paths of test recordings"),
    "choice": (_is_choice, "what was chosen"),
    "imported_clips": _SETTINGS,
}
