"""What follows from the settings of the progressive GAN that were given: start resolution, half-life, intervals."""

import dataclasses
import math

from gansynth_isa.config import FeatureConfig
from gansynth_isa.derived import resolve_features
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig, TrainingConfig
from gansynth_isa.validation import known

ORIGINAL_HALF_LIFE_STEPS = math.log(0.5) / math.log(0.999)  # the original's moving average: decay 0.999 a step


def resolve(config: GanConfig) -> GanConfig:
    """Fills in every `None` that follows from the rest; `data.clip_seconds` must be known.

    Raises:
      InputError: the start resolution does not grow into (frames, mel_bins).
    """
    features = resolve_features(config.data, config.features)
    return dataclasses.replace(
        config,
        features=features,
        network=resolve_network(features, config.network),
        training=resolve_training(config.training),
    )


def resolve_network(features: FeatureConfig, network: NetworkConfig) -> NetworkConfig:
    """Derives the number of resolutions (log2 of the frames, Table 2) and the start resolution."""
    frames, blocks = known(features.frames), network.num_resolutions
    if blocks is None:
        halvings = int(math.log2(frames))
        if network.start_height:
            halvings = int(math.log2(max(1, frames // network.start_height))) + 1
        widest = int(math.log2(features.mel_bins & -features.mel_bins)) + 1
        blocks = max(1, min(halvings, widest) if network.scale_mode == "ALL" else halvings)
    height_scale = 2 ** (blocks - 1)
    width_scale = height_scale if network.scale_mode == "ALL" else 1
    start = (
        network.start_height or max(1, frames // height_scale),
        network.start_width or max(1, features.mel_bins // width_scale),
    )
    final = (start[0] * height_scale, start[1] * width_scale)
    if final != (frames, features.mel_bins):
        raise InputError(
            f"num_resolutions: start resolution {start} grows over {blocks} resolutions to {final}, "
            f"but the clips have (frames, mel_bins) = {(frames, features.mel_bins)}"
        )
    return dataclasses.replace(network, num_resolutions=blocks, start_height=start[0], start_width=start[1])


def resolve_training(training: TrainingConfig) -> TrainingConfig:
    """Derives the moving average's half-life and the intervals of reports and checkpoints.

    The original's decay of 0.999 a step is kept where the stages are long enough for it; under a short
    schedule it would still hold mostly the initial weights, so the half-life is then an eighth of a stage.
    """
    shorter = min(training.stable_stage_num_images, training.transition_stage_num_images)
    original = ORIGINAL_HALF_LIFE_STEPS * training.batch_size_schedule[-1]
    return dataclasses.replace(
        training,
        moving_average_half_life_images=training.moving_average_half_life_images
        or min(original, training.stable_stage_num_images / 8),
        save_summaries_num_images=training.save_summaries_num_images or max(1, shorter // 10),
        save_checkpoints_num_images=training.save_checkpoints_num_images or max(1, shorter // 2),
    )
