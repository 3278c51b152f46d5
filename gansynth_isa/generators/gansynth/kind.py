"""The kind `gansynth`: the progressive GAN with a class head, a port of Magenta's GANSynth."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.gansynth.config import GanConfig, GansynthConfig
from gansynth_isa.generators.gansynth.resolution import resolve_network, resolve_training


class GansynthKind(GeneratorKind):
    """The progressive GAN."""

    name = "gansynth"
    title = "GAN"
    config_class = GansynthConfig
    starts_from_weights = True
    shares_devices = True

    def resolve(self, config: GansynthConfig, features: FeatureConfig) -> GansynthConfig:
        return GansynthConfig(resolve_network(features, config.network), resolve_training(config.training))

    def plan(self, config: GansynthConfig, features: FeatureConfig) -> list[str]:
        from gansynth_isa.generators.gansynth.cost import cost_line
        from gansynth_isa.generators.gansynth.stages import plan_table, stage_plan, total_warning

        stages = stage_plan(config.training, config.network)
        warning = total_warning(config.training, config.network)
        lines = [plan_table(stages, config.network), cost_line(stages, config.network)]
        return [*lines, warning] if warning else lines

    def check(self, config: GansynthConfig, surroundings: Surroundings) -> None:
        from gansynth_isa.generators.gansynth.stages import stage_plan
        from gansynth_isa.generators.gansynth.training.sharing import check_shares

        replicas = surroundings.replicas
        num_replicas = 1 if replicas is None else replicas.num_replicas
        stages = stage_plan(config.training, config.network)
        check_shares(stages, config.training.minibatch_groups or num_replicas, num_replicas)

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
        )

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.gansynth.trained_generator import TrainedGansynth

        # What a bfloat16 convolution returns depends on the batch size and on what a graph fuses: no two programs
        # would agree.
        return TrainedGansynth(folder, warn, "float32" if for_export else None)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.gansynth.trained_run import read_description

        return read_description(folder).class_names
