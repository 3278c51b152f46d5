"""How many optimizer steps a classifier gets, so that methods can be compared."""

import dataclasses
import math

from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.methods import NETWORK, method_named


def epoch_steps(config: ClassifierConfig, num_clips: int) -> int:
    """Optimizer steps of `classifier_epochs` passes through `num_clips` clips; a last batch may be smaller."""
    return config.classifier_epochs * math.ceil(num_clips / config.classifier_batch_size)


def with_equal_steps(config: ClassifierConfig, num_real: int, num_synthetic: int) -> ClassifierConfig:
    """`config` with the steps filled in that every method of one cell gets under the equal budget.

    They are those of the longest method: what the union of real and synthetic clips needs for
    `classifier_epochs`. Steps that were given stay, and so does a configuration of the paper's budget.

    Args:
      config: of any method.
      num_real: real training clips of the cell.
      num_synthetic: synthetic clips that the methods with synthetic clips train on, whether this one does or not.
    """
    if config.budget == "paper" or config.classifier_steps is not None:
        return config
    return dataclasses.replace(config, classifier_steps=epoch_steps(config, num_real + num_synthetic))


def num_steps(config: ClassifierConfig, num_clips: int) -> int:
    """Optimizer steps of a classifier that trains on `num_clips` clips.

    Under the equal budget `classifier_steps`; under the paper's, or where those are open and nothing else is
    compared with, `classifier_epochs` of its own clips. None where the method learns without steps.
    """
    if method_named(config.method).learner != NETWORK or config.classifier == EMBEDDING:
        return 0
    if config.budget == "equal" and config.classifier_steps is not None:
        return config.classifier_steps
    return epoch_steps(config, num_clips)


def batch_size(config: ClassifierConfig, num_clips: int) -> int:
    """Clips per step: under the paper's budget never more than there are, since a batch lies within an epoch."""
    return min(config.classifier_batch_size, num_clips) if config.budget == "paper" else config.classifier_batch_size


def budget_text(config: ClassifierConfig) -> str:
    """What `num_steps` follows from, for what is printed before the clips are known."""
    if config.classifier == EMBEDDING:
        return "fitted at once"
    if config.budget == "equal" and config.classifier_steps is not None:
        return f"{config.classifier_steps:,} steps"
    return f"{config.classifier_epochs:,} epochs"
