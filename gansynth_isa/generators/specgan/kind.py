"""The kind `specgan`: a GAN whose networks make linear spectrograms."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.generators.adversarial.settings import affordable_images, cost_of, plan_lines
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.specgan.geometry import check_frames, layout_of
from gansynth_isa.validation import known


class SpecganKind(GeneratorKind):
    """SpecGAN."""

    name = "specgan"
    title = "SpecGAN"
    reads_recordings = True
    saves_checkpoints = True
    config_class = SpecganConfig

    def resolve(self, config: SpecganConfig, features: FeatureConfig) -> SpecganConfig:
        if features.data_type != "log_mel":
            raise InputError(f"data_type: expected log_mel for specgan, which has no phase, got {features.data_type}")
        frames = known(features.frames)
        check_frames(frames)
        if config.specgan_num_images is not None:
            return config
        settings = config.settings(num_images=1)
        cost = cost_of(layout_of(config.specgan_model_size, frames, features.fft_length // 2), settings)
        return dataclasses.replace(config, specgan_num_images=affordable_images(cost, settings.images_per_step))

    def plan(self, config: SpecganConfig, features: FeatureConfig) -> list[str]:
        frames, num_bins, settings = known(features.frames), features.fft_length // 2, config.settings()
        what = f"spectrograms of ({frames}, {num_bins}) linear bins, model size {config.specgan_model_size}"
        cost = cost_of(layout_of(config.specgan_model_size, frames, num_bins), settings)
        return plan_lines(self.name, what, settings, cost)

    def fit(
        self, config: SpecganConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.specgan.trained import fit_specgan

        fit_specgan(self.resolve(config, training.features), training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.specgan.trained import SpecganDescription, TrainedSpecgan

        return TrainedSpecgan(SpecganDescription.in_folder(folder), folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.specgan.trained import SpecganDescription

        return SpecganDescription.in_folder(folder).class_names
