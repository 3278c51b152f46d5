"""What the settings of classifiers were in results and experiments of earlier versions."""

import dataclasses

from gansynth_isa.config import ClassifierConfig
from gansynth_isa.validation import to_dict, todays_value

_REAL_SHARE_OF_THE_UNION = 0.0


def former_decision(dataset: str) -> str:
    """What `accuracy` counted before `decide_per` was a setting: it followed from the layout of the recordings."""
    return "recording" if dataset == "pucks" else "clip"


def completed(stored: dict, dataset: str) -> dict:
    """Stored settings of a classifier in today's words, with those that there were not yet by the effect of that time.

    Args:
      stored: `ClassifierConfig` as a dictionary, perhaps of an earlier version.
      dataset: layout of the recordings that it was tested on.
    """
    metadata = {item.name: item.metadata for item in dataclasses.fields(ClassifierConfig)}
    known = {name: todays_value(value, metadata.get(name, {})) for name, value in stored.items()}
    return {**to_dict(ClassifierConfig()), "decide_per": former_decision(dataset), **known}


def as_hashed(changes: list[str], config: ClassifierConfig, dataset: str) -> list[str]:
    """Lines about changed settings as `experiment_id` hashes them, so that published rows keep their names.

    The share of the union is spelt as its number; a decision is named only where it is not the former one.

    Args:
      changes: lines `name: reference -> value`, see `validation.differences`.
      config: the changed settings.
      dataset: layout of the recordings.
    """
    kept = [line for line in changes if not line.startswith("decide_per: ")]
    if config.real_share == "union":
        kept = [
            f"real_share: None -> {_REAL_SHARE_OF_THE_UNION}" if line.startswith("real_share: ") else line
            for line in kept
        ]
    former = former_decision(dataset)
    return kept if config.decide_per == former else [*kept, f"decide_per: {former} -> {config.decide_per}"]
