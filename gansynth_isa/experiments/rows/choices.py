"""What rows of the method that chooses bear besides its scores; older rows have no `candidate_settings`."""

from collections.abc import Mapping

from gansynth_isa.errors import is_utf8

_TEXTS = ("chosen", "default", "reason")


def candidate_settings(row: dict) -> Mapping[str, str]:
    """What tells the settings of every kind that the choice of a row could take, and of the choice; perhaps empty."""
    settings = row.get("candidate_settings", {})
    return settings if are_settings(settings) else {}


def are_settings(value: object) -> bool:
    """Whether what a row bears under 'candidate_settings' is what `candidate_settings` gives."""
    return isinstance(value, dict) and all(_is_text(item) for pair in value.items() for item in pair)


def is_choice(value: object) -> bool:
    """Whether what a row bears under 'choice' says what was chosen, what the default was, and why."""
    return isinstance(value, dict) and all(_is_text(value.get(name)) for name in _TEXTS)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and is_utf8(value)
