"""The kind `transfer`: a training clip plus a share of the difference of two clips of one class."""

import dataclasses

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.fitted_kind import FittedKind, FittedModule
from gansynth_isa.generators.transfer.config import ANY, MEAN_SPECTRUM, TransferConfig

SMOOTHED_SHARE = 1 / 32  # of the mel bins


class TransferKind(FittedKind):
    """Transfer of differences between clips."""

    name = "transfer"
    title = "transfer"
    config_class = TransferConfig

    def resolve(self, config: TransferConfig, features: FeatureConfig) -> TransferConfig:
        if config.transfer_smoothing is not None:
            return config
        return dataclasses.replace(config, transfer_smoothing=SMOOTHED_SHARE * features.mel_bins)

    def recipe(self, config: TransferConfig) -> str:
        if config.transfer_over == MEAN_SPECTRUM:
            over = f"mean spectra smoothed over {config.transfer_smoothing:g} mel bins"
        else:
            over = "whole clips"
        chosen, largest = "a largest share chosen by left-out recordings", config.transfer_largest_share
        share = chosen if largest is None else f"at most {largest:g}"
        whose = "any class" if config.transfer_from == ANY else "its class"
        return f"a training clip plus {share} of the difference of two clips of {whose}, over {over}"

    def trained(self) -> FittedModule:
        from gansynth_isa.generators.transfer import trained

        return trained
