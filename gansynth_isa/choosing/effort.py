"""How many trials and steps a comparison of candidates may take: an estimate by formula, not by the clock.

A clock would let the same command choose otherwise on a busy machine. The constants were measured on one busy core
with every network of `classifiers.networks`; two cores that nobody else uses need less.
"""

import math
from dataclasses import dataclass

import keras
import numpy as np

from gansynth_isa.classifiers.networks import build_classifier
from gansynth_isa.config import ClassifierConfig

SECONDS_PER_VALUE = 1e-8  # that goes into a network or comes out of a convolution
SECONDS_PER_OPERATION = 1 / 80e9  # forwards and backwards
SECONDS_TO_START = 4.0  # of each training, for its graph
MAX_TRIALS = 3
MIN_STEPS = 100  # fewer say little about a classifier of many; one that has fewer anyway keeps them


@dataclass(frozen=True)
class Effort:
    """What the comparison of candidates takes.

    Attributes:
      trials: classifiers per candidate and round.
      steps: of each.
      minutes: estimated for all of them, without the generators.
    """

    trials: int
    steps: int
    minutes: float


def affordable(
    config: ClassifierConfig, shape: tuple[int, ...], num_classes: int, steps: int, num_pairs: int
) -> Effort | None:
    """The largest effort within `auto_minutes`: all steps if possible, then as many trials as possible.

    Args:
      config: network, size of a batch, and the minutes.
      shape: of a clip.
      num_classes: of the network.
      steps: of a training on all clips.
      num_pairs: candidates that train a network, times rounds; none takes no time.

    Returns:
      None where not even one trial of `MIN_STEPS` steps fits.
    """
    if num_pairs == 0:
        return Effort(1, steps, 0.0)
    per_step = seconds_per_step(config, shape, num_classes)
    for trials, least in ((MAX_TRIALS, steps), (2, steps), (2, MIN_STEPS), (1, MIN_STEPS)):
        seconds_each = 60.0 * config.auto_minutes / (num_pairs * trials) - SECONDS_TO_START
        possible = min(steps, int(seconds_each / per_step))
        if possible >= min(least, steps):
            minutes = num_pairs * trials * (SECONDS_TO_START + possible * per_step) / 60.0
            return Effort(trials, possible, minutes)
    return None


def least_minutes(config: ClassifierConfig, shape: tuple[int, ...], num_classes: int, num_pairs: int) -> float:
    """What the least comparison takes by the estimate: a trial of `MIN_STEPS` steps, or of all; see `affordable`.

    Rounded up to a tenth, so that as many `auto_minutes` afford it.
    """
    steps = min(MIN_STEPS, config.classifier_steps or MIN_STEPS)
    minutes = num_pairs * (SECONDS_TO_START + steps * seconds_per_step(config, shape, num_classes)) / 60.0
    return math.ceil(10.0 * minutes + 1e-6) / 10.0


def seconds_per_step(config: ClassifierConfig, shape: tuple[int, ...], num_classes: int) -> float:
    """Estimated time of one optimizer step."""
    network = build_classifier(config.classifier, shape, num_classes)
    values, operations = int(np.prod(shape)), 0
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            places = int(np.prod(layer.output.shape[1:3]))
            values += places * layer.filters
            operations += 2 * int(np.prod(layer.kernel.shape)) * places
    clips = config.classifier_batch_size
    return clips * (values * SECONDS_PER_VALUE + 3 * operations * SECONDS_PER_OPERATION)
