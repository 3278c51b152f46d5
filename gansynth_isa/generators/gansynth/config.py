"""Settings of the kind `gansynth`, in two groups under the original's names."""

from dataclasses import dataclass, field

from gansynth_isa.config import NetworkConfig, TrainingConfig
from gansynth_isa.validation import Validated


@dataclass(frozen=True)
class GansynthConfig(Validated):
    """All settings of the progressive GAN; `training.seed` follows the seed that a training is given."""

    network: NetworkConfig = field(default_factory=NetworkConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
