"""Settings that a choice fills in where they were left open. Nothing here loads TensorFlow or NumPy."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# What development sets name for settings that are left open: the likelihood of left-out clips, by which the kind itself
# chooses, prefers a covariance of each class, whose errors a classifier learns.
NAMED_SETTINGS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"gaussian": MappingProxyType({"gaussian_sharing": 1.0, "gaussian_smoothing": 1000.0})}
)


def filled_in(kind: str, given: Any) -> Any:
    """Settings of a kind; those that were left open are as development sets name them.

    Args:
      kind: of a generator.
      given: its settings.
    """
    named = NAMED_SETTINGS.get(kind, {})
    return dataclasses.replace(given, **{name: named[name] for name in named if getattr(given, name) is None})
