"""The kind `diffusion`: latent diffusion after EDM."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.diffusion.config import AUTOENCODER, DiffusionConfig
from gansynth_isa.generators.diffusion.layout import make_layout, reduction_of

PLANNED_CLASSES = 3  # a plan knows no clips yet; classes and clips hardly change what a training costs
MANY_CLIPS = 1_000_000


class DiffusionKind(GeneratorKind):
    """Noise is taken step by step from latents of clips."""

    name = "diffusion"
    title = "diffusion"
    config_class = DiffusionConfig
    saves_checkpoints = True

    def resolve(self, config: DiffusionConfig, features: FeatureConfig) -> DiffusionConfig:
        if config.diffusion_latents != AUTOENCODER:
            return config
        return dataclasses.replace(config, diffusion_reduction=reduction_of(config, features))

    def plan(self, config: DiffusionConfig, features: FeatureConfig) -> list[str]:
        from gansynth_isa.generators.diffusion.cost import plan_lines

        return plan_lines(config, make_layout(config, features, PLANNED_CLASSES, MANY_CLIPS))

    def fit(
        self, config: DiffusionConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.diffusion.training.run import train_diffusion

        train_diffusion(config, training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.diffusion.trained import load_diffusion

        return load_diffusion(folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.diffusion.description import DiffusionDescription

        return DiffusionDescription.in_folder(folder).class_names
