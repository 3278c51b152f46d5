"""How the batches of a run are shared among replicas: groups of the minibatch statistic, and what can be shared."""

import dataclasses

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.stages import Stage


def with_fixed_groups(config: GanConfig, stored: GanConfig | None, num_replicas: int) -> GanConfig:
    """The configuration with `minibatch_groups` filled in: as the run was started, or one per replica."""
    training = config.training
    if training.minibatch_groups is not None:
        return config
    groups = stored.training.minibatch_groups if stored else num_replicas
    return dataclasses.replace(config, training=dataclasses.replace(training, minibatch_groups=groups))


def check_shares(stages: tuple[Stage, ...], groups: int, num_replicas: int) -> None:
    """Checks that every batch can be shared out.

    Raises:
      InputError: it cannot.
    """
    if groups % num_replicas:
        raise InputError(f"minibatch_groups: expected a multiple of the {num_replicas} replicas, got {groups}")
    for stage in stages:
        if stage.batch_size % groups or stage.batch_size < 2 * groups:
            raise InputError(
                f"batch_size_schedule: expected multiples of {groups}, at least {2 * groups}, to share each batch "
                f"among {num_replicas} replicas in {groups} groups of two or more images, got {stage.batch_size}"
            )
