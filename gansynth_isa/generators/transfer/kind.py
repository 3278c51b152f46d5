"""The kind `transfer`: a training clip plus a share of the difference of two clips of one class."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.transfer.config import ANY, MEAN_SPECTRUM, TransferConfig

SMOOTHED_SHARE = 1 / 32  # of the mel bins


class TransferKind(GeneratorKind):
    """Transfer of differences between clips."""

    name = "transfer"
    title = "transfer"
    config_class = TransferConfig

    def resolve(self, config: TransferConfig, features: FeatureConfig) -> TransferConfig:
        if config.transfer_smoothing is not None:
            return config
        return dataclasses.replace(config, transfer_smoothing=SMOOTHED_SHARE * features.mel_bins)

    def plan(self, config: TransferConfig, features: FeatureConfig) -> list[str]:
        shape = ", ".join(map(str, features.shape))
        if config.transfer_over == MEAN_SPECTRUM:
            over = f"mean spectra smoothed over {config.transfer_smoothing:g} mel bins"
        else:
            over = "whole clips"
        chosen, largest = "a largest share chosen by left-out recordings", config.transfer_largest_share
        share = chosen if largest is None else f"at most {largest:g}"
        whose = "any class" if config.transfer_from == ANY else "its class"
        return [
            f"transfer: clips of shape ({shape}), a training clip plus {share} of the difference of two clips of "
            f"{whose}, over {over}; fitted at once"
        ]

    def fit(
        self, config: TransferConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.transfer.trained import fit_transfer_in_folder

        fit_transfer_in_folder(config, training, seed, folder, surroundings)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.transfer.trained import load_transfer

        return load_transfer(folder, warn)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.transfer.trained import read_description

        return read_description(folder).class_names
