"""The instruments in rows of `gans.jsonl`; rows of older experiments have none."""

from collections.abc import Mapping
from types import MappingProxyType

# Name -> where its number lies in what `Instruments.to_dict` gives.
PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "usefulness": ("usefulness",),
        "reverse_usefulness": ("reverse_usefulness",),
        "class_means": ("class_means", "mean"),
        "spread": ("spread", "mean"),
        "grain": ("grain", "mean"),
        "deviation_over_time": ("deviation_over_time", "mean"),
        "memorisation": ("memorisation", "mean"),
        "kernel_distance": ("kernel_distance", "overall", "value"),
        "onsets": ("onsets", "number", "mean"),
    }
)
SIDES = ("train", "test")
LARGEST = 1e18  # JSON has whole numbers that are no float


def instrument_number(row: dict, side: str, name: str) -> float | None:
    """A number of a row that was checked; None where it was not measured.

    Args:
      row: of `gans.jsonl`.
      side: 'train' or 'test'.
      name: a key of `PLACES`.
    """
    value = row.get("instruments", {}).get(side)
    for key in PLACES[name]:
        if value is None:
            return None
        value = value.get(key)
    return value


def are_instruments(value: object) -> bool:
    """Whether what a row bears under 'instruments' is what `instrument_number` can read."""
    if not isinstance(value, dict):
        return False
    return all(_is_number_at(value.get(side), place) for side in SIDES for place in PLACES.values())


def _is_number_at(value: object, place: tuple[str, ...]) -> bool:
    """Whether a number lies there, or None on the way; keys that are missing are None."""
    for key in place:
        if value is None:
            return True
        if not isinstance(value, dict):
            return False
        value = value.get(key)
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST
