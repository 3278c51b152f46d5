"""The kind `gansynth`: the progressive GAN with a class head, a port of Magenta's GANSynth."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError, OtherRun
from gansynth_isa.generators.base import (
    DESCRIPTION_FILE,
    GeneratorKind,
    Surroundings,
    TrainedGenerator,
    TrainingData,
)
from gansynth_isa.generators.gansynth.base_settings import base_config
from gansynth_isa.generators.gansynth.config import NO_BASE, GanConfig, GansynthConfig, NetworkConfig
from gansynth_isa.generators.gansynth.resolution import resolve_network, resolve_training
from gansynth_isa.generators.parts import fit_part

if TYPE_CHECKING:
    import keras

BASE_FOLDER = "base"  # in a run's folder, of the generator that it starts from


class GansynthKind(GeneratorKind):
    """The progressive GAN."""

    name = "gansynth"
    title = "GAN"
    config_class = GansynthConfig
    starts_from_weights = True
    shares_devices = True
    saves_checkpoints = True

    def __init__(self, bases: Mapping[str, GeneratorKind] = MappingProxyType({})):
        """`bases`: kinds by name whose clips a GAN can start from, fitted in a folder of its own folder."""
        self._bases = bases

    def resolve(self, config: GansynthConfig, features: FeatureConfig) -> GansynthConfig:
        return GansynthConfig(resolve_network(features, config.network), resolve_training(config.training))

    def plan(self, config: GansynthConfig, features: FeatureConfig) -> list[str]:
        from gansynth_isa.generators.gansynth.cost import cost_line
        from gansynth_isa.generators.gansynth.stages import plan_table, stage_plan, total_warning

        stages = stage_plan(config.training, config.network)
        warning = total_warning(config.training, config.network)
        lines = [plan_table(stages, config.network), cost_line(stages, config.network)]
        if config.network.base_generator != NO_BASE:
            kind, settings = self._base(config.network, features)
            fitted = kind.plan(settings, features)
            lines += ["every image starts from a clip of a generator that is fitted first:", *fitted]
        return [*lines, warning] if warning else lines

    def check(self, config: GansynthConfig, surroundings: Surroundings) -> None:
        base = config.network.base_generator
        if base != NO_BASE and base not in self._bases:
            raise InputError(f"base_generator: the kind {base} is not at hand; expected {NO_BASE}")
        if base != NO_BASE and (surroundings.init_from or surroundings.replicas):
            what = "init_from" if surroundings.init_from else "strategy"
            raise InputError(f"base_generator: expected {NO_BASE} with --{what}, got {base}")
        if base == NO_BASE and (settings := config.network.base_settings):
            raise InputError(f"base_settings: expected none without --base_generator, got {','.join(settings)}")
        if base != NO_BASE:
            base_config(self._bases[base].config_class, config.network.base_settings)
        from gansynth_isa.generators.gansynth.stages import stage_plan
        from gansynth_isa.generators.gansynth.training.sharing import check_shares

        replicas = surroundings.replicas
        num_replicas = 1 if replicas is None else replicas.num_replicas
        stages = stage_plan(config.training, config.network)
        check_shares(stages, config.training.minibatch_groups or num_replicas, num_replicas)
        if surroundings.init_from and replicas is None:  # several devices learn from their chief that it is not there
            from gansynth_isa.generators.gansynth.trained_run import read_run

            read_run(surroundings.init_from, warn=lambda _: None)

    def fit(
        self, config: GansynthConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.gansynth.training.run import train_gan

        seeded = dataclasses.replace(config.training, seed=seed)
        train_gan(
            GanConfig(data=training.data, features=training.features, network=config.network, training=seeded),
            training.clips,
            folder,
            surroundings.console,
            show_reports=surroundings.show_reports,
            open_log=surroundings.open_log,
            init_from=surroundings.init_from,
            replicas=surroundings.replicas,
            base=self._fitted_base(config.network, training, seed, folder, surroundings),
        )

    def _fitted_base(
        self, network: NetworkConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> "keras.Model | None":
        """Fits what the network starts from, or finds it fitted.

        Raises:
          OtherRun: the folder holds a run that starts from something else.
        """
        if (folder / DESCRIPTION_FILE).exists():
            before = self._network_in(folder)
            if (changed := _changed_base(before, network)) is not None:
                raise OtherRun(f"{folder}: holds a run that differs ({changed}); use another --train_root_dir")
        if network.base_generator == NO_BASE:
            return None
        kind, config = self._base(network, training.features)
        fit_part(kind, config, training, seed, folder, BASE_FOLDER, surroundings.console)
        return kind.load(folder / BASE_FOLDER, surroundings.console.line).keras_model()

    def _base(self, network: NetworkConfig, features: FeatureConfig) -> tuple[GeneratorKind, Any]:
        """The kind that the network starts from, and its settings with nothing left open."""
        kind = self._bases[network.base_generator]
        return kind, kind.resolve(base_config(kind.config_class, network.base_settings), features)

    def _network_in(self, folder: Path) -> NetworkConfig:
        """Network of the run in a folder."""
        from gansynth_isa.generators.gansynth.trained_run import read_description

        return read_description(folder).config.network

    def _loaded_base(self, folder: Path, warn: Callable[[str], None]) -> "keras.Model | None":
        base = self._network_in(folder).base_generator
        return None if base == NO_BASE else self._bases[base].load(folder / BASE_FOLDER, warn).keras_model()

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.gansynth.trained_generator import TrainedGansynth

        # What a bfloat16 convolution returns depends on the batch size and on what a graph fuses: no two programs
        # would agree.
        return TrainedGansynth(folder, warn, "float32" if for_export else None, self._loaded_base(folder, warn))

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.gansynth.trained_run import read_description

        return read_description(folder).class_names


def _changed_base(before: NetworkConfig, now: NetworkConfig) -> str | None:
    """What tells one base from another, if anything."""
    for name in ("base_generator", "base_settings"):
        if (old := getattr(before, name)) != (new := getattr(now, name)):
            return f"{name}: {old} -> {new}"
    return None
