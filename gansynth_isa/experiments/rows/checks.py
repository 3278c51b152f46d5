"""Refuses rows that nothing can be made of: carried, merged and edited files hold what no runner wrote."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeGuard

from gansynth_isa.config.unlabelled import LEARNERS
from gansynth_isa.errors import InputError, is_utf8
from gansynth_isa.experiments.rows.cells import generator_of, is_of_lda
from gansynth_isa.experiments.rows.choices import are_settings, candidate_settings, is_choice
from gansynth_isa.experiments.rows.instruments import are_instruments
from gansynth_isa.methods import METHODS_BY_NAME

_LARGEST = 2**63 - 1  # of what is counted and drawn; JSON has whole numbers that are no float
_MOST_CLIPS = 10**12  # in a place of a confusion matrix, so that sums of them stay in 64 bits
_MOST_MINUTES = 1e9  # so that sums of them stay finite
_Check = tuple[str, Callable[[object], bool]]  # what is expected, and whether a value is that


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


def _is_name_of_a_kind(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and value not in ("", *METHODS_BY_NAME)


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a finite number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= _LARGEST if isinstance(value, int) else math.isfinite(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and is_utf8(value)  # files could not hold the halves of letters that JSON can


def _is_matrix(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, list) and len(row) == len(value) and all(_is_count(n) and n <= _MOST_CLIPS for n in row)
        for row in value
    )


_TEXT: _Check = ("a text", _is_text)
_COUNT: _Check = (f"a whole number from 0 to {_LARGEST}", _is_count)
_NUMBER: _Check = ("a finite number", is_number)
_MINUTES: _Check = (
    f"a finite number up to {_MOST_MINUTES:g}",
    lambda value: is_number(value) and abs(value) <= _MOST_MINUTES,
)

_RESULT_CHECKS: dict[str, _Check] = {
    "dataset": _TEXT,
    "level": _COUNT,
    "method": (f"one of {', '.join(METHODS_BY_NAME)}", lambda value: value in tuple(METHODS_BY_NAME)),
    "fold": _TEXT,
    "subset_seed": _COUNT,
    "gan": ("a whole number or null", lambda value: value is None or _is_count(value)),
    "trial": _COUNT,
    "accuracy": ("a number from 0 to 1", lambda value: is_number(value) and 0 <= value <= 1),
    "recall": (
        "a number per class",
        lambda value: isinstance(value, dict) and len(value) > 0 and all(map(_is_text, value)),
    ),
    "confusion_matrix": (f"a square matrix of counts up to {_MOST_CLIPS}", _is_matrix),
    "minutes": _MINUTES,
}
_GAN_CHECKS: dict[str, _Check] = {
    "level": _COUNT,
    "fold": _TEXT,
    "subset_seed": _COUNT,
    "gan": _COUNT,
    "class_agreement": _NUMBER,
    "relative_spread": _NUMBER,
    "nearest_real_distance": _NUMBER,
    "minutes": _MINUTES,
}
_PLACE = ("fold", "level", "subset_seed", "method", "gan", "trial")
_VALUE: _Check = ("a number", lambda value: isinstance(value, float) or is_number(value))
_REPORT_CHECKS: dict[str, _Check] = {
    "stage": _COUNT,
    "image": _COUNT,
    **dict.fromkeys(("real_score", "fake_score", "real_class_accuracy", "fake_class_accuracy"), _VALUE),
}
# Rows of older experiments lack them. Kinds that this version does not know may have been made elsewhere.
_OPTIONAL_CHECKS: dict[str, _Check] = {
    "generator": (
        "the name of a kind of generator, which is no method's, or null",
        lambda value: value is None or _is_name_of_a_kind(value),
    ),
    "generator_settings": ("a text or null", lambda value: value is None or isinstance(value, str)),
    "candidate_settings": ("a text per kind of generator", are_settings),
    "choice": ("what was chosen, the default and the reason as texts", is_choice),
    "learner": (f"one of {', '.join(LEARNERS)}", lambda value: value in LEARNERS),
    "init_sha256": _TEXT,
    "classifier_init_sha256": _TEXT,
    "decide_per": ("clip or recording", lambda value: value in ("clip", "recording")),
    "clips_of_class": (
        "a whole number per class",
        lambda value: isinstance(value, dict) and all(map(_is_text, value)) and all(map(_is_count, value.values())),
    ),
    "instruments": ("numbers of the sides train and test", are_instruments),
}


def check_results(path: Path, rows: Sequence[dict]) -> None:
    """Checks the rows of `results.jsonl`, one by one and against each other.

    Raises:
      InputError: names the file, and the row where it is one.
    """
    for number, row in enumerate(rows, start=1):
        _check_row(path, number, row, "a classifier's result", _RESULT_CHECKS)
    _check_one(path, "dataset", rows)
    for of_lda in (False, True):  # which has a name of its own in an experiment, see `config.lda_id`
        _check_one(path, "experiment", [row for row in rows if is_of_lda(row) == of_lda])
    _check_settings(path, [row for row in rows if METHODS_BY_NAME[row["method"]].synthetic])
    _check_candidates(path, rows)
    if len({tuple(row["recall"]) for row in rows}) > 1:
        raise InputError(f"{path}: expected the same classes in all rows, got several lists of classes")
    for number, row in enumerate(rows, start=1):
        if foreign := row.get("clips_of_class", {}).keys() - row["recall"].keys():
            raise InputError(f"{path}: row {number}: clips_of_class: expected classes of recall, got {min(foreign)!r}")
        if len(row["confusion_matrix"]) != len(row["recall"]):
            raise InputError(
                f"{path}: row {number}: expected a confusion_matrix of {len(row['recall'])} classes, "
                f"got {len(row['confusion_matrix'])}"
            )


def _check_one(path: Path, key: str, rows: Sequence[dict]) -> None:
    names = sorted({str(row.get(key)) for row in rows})
    if len(names) > 1:
        raise InputError(f"{path}: expected the results of one {key}, got {len(names)}: {', '.join(names[:3])}")


def check_gan_rows(path: Path, rows: Sequence[dict]) -> None:
    """Checks the rows of `gans.jsonl`.

    Raises:
      InputError: names the file and the row.
    """
    for number, row in enumerate(rows, start=1):
        _check_row(path, number, row, "a generator's measures", _GAN_CHECKS)
    _check_settings(path, rows)


def check_places(path: Path, rows: Sequence[dict], are_results: bool) -> None:
    """Checks what tells the place in the grid of rows of `results.jsonl`, or else of `gans.jsonl`.

    Raises:
      InputError: names the file and the row.
    """
    checks, what = (_RESULT_CHECKS, "a classifier's result") if are_results else (_GAN_CHECKS, "a GAN's measures")
    places = {key: checks[key] for key in _PLACE if key in checks}
    for number, row in enumerate(rows, start=1):
        _check_row(path, number, row, what, places)


def check_reports(path: Path, rows: Sequence[dict]) -> None:
    """Checks the rows of a training's `metrics.jsonl`; a kind reports what it likes, but curves are of numbers.

    Raises:
      InputError: names the file and the row.
    """
    for number, row in enumerate(rows, start=1):
        for key, check in _REPORT_CHECKS.items():
            if key in row:
                _check_value(path, number, key, row[key], check)


def _check_settings(path: Path, rows: Sequence[dict]) -> None:
    """Refuses rows of one kind of generator with several settings: nothing else tells their trials apart."""
    named = [(generator_of(row), row["generator_settings"]) for row in rows if row.get("generator_settings")]
    _check_one_per_kind(path, "generator_settings", named)


def _check_candidates(path: Path, rows: Sequence[dict]) -> None:
    """The same of rows of the method that chooses, by the settings of all its candidates."""
    named = [item for row in rows for item in candidate_settings(row).items()]
    _check_one_per_kind(path, "candidate_settings", named)


def _check_one_per_kind(path: Path, name: str, named: Sequence[tuple[str, str]]) -> None:
    settings_of = defaultdict(set)
    for kind, settings in named:
        settings_of[kind].add(settings)
    for kind, found in settings_of.items():
        if len(found) > 1:
            raise InputError(
                f"{path}: expected one {name} of the kind {kind}, got {len(found)}: {', '.join(sorted(found)[:3])}"
            )


def _check_row(path: Path, number: int, row: dict, what: str, checks: dict[str, _Check]) -> None:
    for key, check in checks.items():
        if key not in row:
            raise InputError(f"{path}: row {number}: expected {what}, but it has no {key!r}")
        _check_value(path, number, key, row[key], check)
    for key, check in _OPTIONAL_CHECKS.items():
        if key in row:
            _check_value(path, number, key, row[key], check)


def _check_value(path: Path, number: int, key: str, value: object, check: _Check) -> None:
    expected, is_right = check
    if not is_right(value):
        raise InputError(f"{path}: row {number}: {key}: expected {expected}, got {str(value)[:60]!r}")
