"""Kinds that are fitted at once: all that they have in common. Loads no TensorFlow, Keras or NumPy, see `base`."""

from __future__ import annotations

import abc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData

if TYPE_CHECKING:
    from gansynth_isa.generators.fitted import FittedDescription


class FittedModule(Protocol):
    """What the module `trained` of such a kind holds: its generator in a folder, see `fitted`."""

    def fit_and_keep(
        self, config: Any, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        """Fits the generator and keeps it in a folder, see `GeneratorKind.fit`."""

    def load_kept(self, folder: Path, warn: Callable[[str], None]) -> TrainedGenerator:
        """The generator that was fitted in a folder, see `GeneratorKind.load`."""

    @property
    def DESCRIPTION(self) -> type[FittedDescription]:
        """What its folder is about."""


class FittedKind(GeneratorKind):
    """A kind that is fitted at once: a name, settings, a module, and what it does in words."""

    @abc.abstractmethod
    def recipe(self, config: Any) -> str:
        """What clips of a resolved configuration are, in words, without a full stop: a part of the plan."""

    @abc.abstractmethod
    def trained(self) -> FittedModule:
        """The kind's module `trained`, which is imported here alone: it loads TensorFlow."""

    def plan(self, config: Any, features: FeatureConfig) -> list[str]:
        shape = ", ".join(map(str, features.shape))
        return [f"{self.name}: clips of shape ({shape}), {self.recipe(config)}; fitted at once"]

    def fit(self, config: Any, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings) -> None:
        self.trained().fit_and_keep(config, training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        return self.trained().load_kept(folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        return self.trained().DESCRIPTION.in_folder(folder).class_names
