"""What a run of the progressive GAN is about."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gansynth_isa import validation
from gansynth_isa.config.identity import FREE_IN_RUN, changes
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.runs.description import check_classes, check_fingerprint, clip_changes
from gansynth_isa.spectral.normalizers import Normalizer
from gansynth_isa.validation import known

_MOST_CLIPS = 2**63 - 1


@dataclass(frozen=True)
class RunDescription:
    """What the folder's `experiment.json` holds: configuration, class names, fingerprint of the data, normaliser.

    `normalizer` is None for a run of the original GANSynth that does not hold it; `initialised_from` identifies the
    weights that a run started from, where those were another's.
    """

    kind: ClassVar[str] = "gansynth"
    noun: ClassVar[str] = "a trained GAN"

    config: GanConfig
    class_names: tuple[str, ...]
    class_counts: tuple[int, ...]
    data: dict
    normalizer: Normalizer | None
    num_channels: int
    initialised_from: dict | None = None

    @property
    def class_shares(self) -> np.ndarray:
        """(classes,) shares of the classes among what a training shows and asks for."""
        if self.config.training.is_balanced:
            return np.full(len(self.class_names), 1 / len(self.class_names))
        counts = np.array(self.class_counts, np.float64)
        return counts / counts.sum()

    def to_dict(self) -> dict:
        """The values that `from_dict` takes, ready for JSON."""
        values = {
            "generator": self.kind,
            "configuration": validation.to_dict(self.config),
            "class_names": list(self.class_names),
            "class_counts": list(self.class_counts),
            "num_channels": self.num_channels,
            "data": self.data,
            "normalizer": known(self.normalizer).to_dict(),
        }
        return values if self.initialised_from is None else {**values, "initialised_from": self.initialised_from}

    @classmethod
    def from_dict(cls, values: dict) -> "RunDescription":
        """The description that gave `values`.

        Raises:
          InputError: the configuration has a name that is not known, or a value out of range.
          KeyError: a name is missing.
        """
        check_classes(values["class_names"])
        check_fingerprint(values["data"])
        _check_counts(values["class_counts"], len(values["class_names"]))
        _check_origin(values.get("initialised_from"))
        config = validation.from_dict(GanConfig, values["configuration"])
        _check_channels(values["num_channels"], config)
        return cls(
            config=config,
            class_names=tuple(values["class_names"]),
            class_counts=tuple(values["class_counts"]),
            data=values["data"],
            normalizer=Normalizer.from_dict(values["normalizer"]),
            num_channels=values["num_channels"],
            initialised_from=values.get("initialised_from"),
        )

    def changes(self, new: "RunDescription") -> list[str]:
        """What makes `new` another run than this one, a line each."""
        changed = changes(self.config, new.config, FREE_IN_RUN) + clip_changes(self, new)
        if self.initialised_from != new.initialised_from:
            old, other = (run.initialised_from and run.initialised_from["sha256"][:12] for run in (self, new))
            changed.append(f"init_from: weights {old} -> {other}")
        return changed


def _check_counts(counts: object, num_classes: int) -> None:
    if not isinstance(counts, list) or len(counts) != num_classes:
        raise InputError(f"class_counts: expected {num_classes}, got {str(counts)[:60]!r}")
    if not all(type(count) is int and 0 <= count <= _MOST_CLIPS for count in counts) or not any(counts):
        raise InputError(f"class_counts: expected numbers of clips, got {str(counts)[:60]!r}")


def _check_channels(num_channels: object, config: GanConfig) -> None:
    expected = config.features.num_channels
    if type(num_channels) is not int or num_channels != expected:
        data_type = config.features.data_type
        raise InputError(f"num_channels: expected {expected} of {data_type}, got {str(num_channels)[:60]!r}")


def _check_origin(origin: object) -> None:
    if origin is not None and not (isinstance(origin, dict) and isinstance(origin.get("sha256"), str)):
        raise InputError(f"initialised_from: expected the sha256 of weights, got {str(origin)[:60]!r}")
