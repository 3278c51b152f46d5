"""The kind `wavegan`: a GAN whose networks make waveforms."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.derived import clip_samples
from gansynth_isa.generators.adversarial.settings import affordable_images, cost_of, plan_lines
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.wavegan.config import WaveganConfig
from gansynth_isa.generators.wavegan.geometry import layout_of, network_length
from gansynth_isa.validation import known


class WaveganKind(GeneratorKind):
    """WaveGAN, and EnvGAN as one of its architectures."""

    name = "wavegan"
    title = "WaveGAN"
    reads_recordings = True
    saves_checkpoints = True
    config_class = WaveganConfig

    def resolve_for(self, config: WaveganConfig, data: DataConfig, features: FeatureConfig) -> WaveganConfig:
        num_samples = clip_samples(data)
        length = network_length(config, num_samples, data.sample_rate)
        config = dataclasses.replace(config, wavegan_num_samples=length)
        if config.wavegan_num_images is None:
            settings = config.settings(num_images=1)
            cost = cost_of(layout_of(config, length, num_samples), settings)
            config = dataclasses.replace(config, wavegan_num_images=affordable_images(cost, settings.images_per_step))
        return config

    def plan(self, config: WaveganConfig, features: FeatureConfig) -> list[str]:
        length, settings = known(config.wavegan_num_samples), config.settings()
        what = f"{config.wavegan_architecture} of {length:,} samples, model size {config.wavegan_model_size}"
        return plan_lines(self.name, what, settings, cost_of(layout_of(config, length, length), settings))

    def fit(
        self, config: WaveganConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.wavegan.trained import fit_wavegan

        fit_wavegan(self.resolve_for(config, training.data, training.features), training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.wavegan.trained import load_wavegan

        return load_wavegan(folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.wavegan.trained import WaveganDescription

        return WaveganDescription.in_folder(folder).class_names
