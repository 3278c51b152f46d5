"""A number for every class, and their mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PerClass:
    """One number per class; None for a class that cannot be measured.

    Attributes:
      mean: over the classes that were measured; None without one.
      per_class: class name -> number.
      why_not: what classes lack that were not measured; empty where none was left out.
    """

    mean: float | None
    per_class: dict[str, float | None]
    why_not: str = ""

    @classmethod
    def of(cls, class_names: Sequence[str], measure: Callable[[str], float | None], why_not: str = "") -> "PerClass":
        """Measures every class.

        Args:
          class_names: of all classes.
          measure: class name -> number, None where it cannot be measured.
          why_not: what a class lacks that cannot be measured.
        """
        values = {name: measure(name) for name in class_names}
        known = [value for value in values.values() if value is not None]
        return cls(float(np.mean(known)) if known else None, values, why_not if len(known) < len(values) else "")

    @classmethod
    def nothing(cls, class_names: Sequence[str], why_not: str) -> "PerClass":
        """No class was measured, for one reason."""
        return cls.of(class_names, lambda name: None, why_not)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the classes that were not measured."""
        return tuple(name for name, value in self.per_class.items() if value is None)

    def to_dict(self) -> dict:
        """The mean and the classes' numbers, ready for JSON."""
        return {"mean": self.mean, "per_class": dict(self.per_class)}


def root_mean_square(values: np.ndarray) -> float | None:
    """None where there are no values, or one of them is not finite."""
    if not len(values) or not np.isfinite(values).all():
        return None
    return float(np.sqrt(np.mean(np.square(values))))


def ratio(value: float | None, reference: float | None) -> float | None:
    """`value / reference`; None where either is, or where the reference is 0."""
    return value / reference if value is not None and reference else None
