"""How a classifier uses synthetic clips: what follows from the settings, and what does not fit together."""

from gansynth_isa.classifiers.batches import ClassifierBatches
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.unlabelled import SUPERVISED
from gansynth_isa.errors import InputError

# Of fewer clips batch normalisation after the statistics over time would see no deviation.
MIN_CLIPS_APART = 2


def synthetic_steps(config: ClassifierConfig, steps: int, has_synthetic: bool) -> int | None:
    """How many steps, the first ones, are on synthetic clips alone.

    Args:
      config: use of synthetic clips, and the share of the steps.
      steps: of the whole training.
      has_synthetic: there are synthetic clips.

    Returns:
      At least 1 and less than `steps`; None where batches are mixed, or all real.

    Raises:
      InputError: one step cannot be divided.
    """
    if not has_synthetic or config.synthetic_use != "pretrain":
        return None
    if steps < 2:
        raise InputError(f"classifier_steps: expected at least 2 for --synthetic_use=pretrain, got {steps}")
    return min(max(1, round(config.synthetic_steps_share * steps)), steps - 1)


def check_apart(config: ClassifierConfig, batches: ClassifierBatches) -> None:
    """Refuses statistics of real and synthetic clips apart where a batch may hold hardly any of one.

    Raises:
      InputError: names the share and the size of a batch.
    """
    if not is_apart(config, batches):
        return
    num_real = batches.batch_size * batches.real_share
    if min(num_real, batches.batch_size - num_real) < MIN_CLIPS_APART:
        raise InputError(
            f"synthetic_statistics: expected at least {MIN_CLIPS_APART} real and {MIN_CLIPS_APART} synthetic clips in "
            f"each batch for 'apart', got batches of {batches.batch_size} with a real share of {batches.real_share:.3g}"
        )


def is_apart(config: ClassifierConfig, batches: ClassifierBatches) -> bool:
    """Whether the real and the synthetic clips of a batch are normalised apart."""
    return config.synthetic_statistics == "apart" and batches.real_share < 1.0


def use_text(config: ClassifierConfig) -> str:
    """How synthetic clips are used, to read; empty for the default."""
    parts = []
    if config.synthetic_use == "pretrain":
        parts.append(f"the first {config.synthetic_steps_share:.0%} of the steps on synthetic clips, then real ones")
    if config.synthetic_use == "weighted":
        parts.append(f"synthetic clips weigh {config.synthetic_weight:g} in the loss")
    if config.synthetic_statistics == "apart":
        parts.append("batch statistics apart")
    if config.augmented_clips == "real":
        parts.append("real clips augmented alone")
    return ", ".join(parts)


def learner_text(config: ClassifierConfig) -> str:
    """What is said of a learner and of weights to start from; empty for labelled clips and random weights."""
    learner = f"; learner {config.learner}" if config.learner != SUPERVISED else ""
    return learner + (f"; from the weights in {config.classifier_init_from}" if config.classifier_init_from else "")
