"""What a training of a critic and a generator has come to, read from its folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from gansynth_isa.errors import InputError
from gansynth_isa.generators.adversarial.networks import ConvolutionalGenerator
from gansynth_isa.generators.adversarial.settings import Stage
from gansynth_isa.generators.adversarial.state import GENERATOR
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.runs.checkpoints import latest_checkpoint
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.variables import restore_variables

Described = TypeVar("Described", bound=FittedDescription)
CONSTANT = "constant"  # begins the names of what was measured in the training clips


def finished_arrays(
    folder: Path, stages: tuple[Stage, ...], warn: Callable[[str], None]
) -> list[dict[str, np.ndarray]]:
    """The arrays at the end of every stage.

    Raises:
      InputError: a stage is not finished.
    """
    found = []
    for stage in stages:
        checkpoint = latest_checkpoint(RunFolder(folder).stage_dir(stage.name), warn)
        if checkpoint is None or checkpoint[0] < stage.end_image:
            raise InputError(f"{folder}: training is not finished; run gansynth_isa_train again with the same flags")
        found.append(checkpoint[1])
    return found


def constants_in(folder: Path, arrays: dict[str, np.ndarray], shapes: dict[str, tuple[int, ...]]) -> dict:
    """What was measured in the training clips: {name: float32 array}.

    Raises:
      InputError: an array is missing or has another shape.
    """
    found = {}
    for name, shape in shapes.items():
        array = arrays.get(f"{CONSTANT}/{name}")
        if array is None or array.shape != shape:
            received = "nothing" if array is None else array.shape
            raise InputError(f"{folder}: damaged (array {CONSTANT}/{name}: expected shape {shape}, got {received})")
        found[name] = array
    return found


def restore_generator(generator: ConvolutionalGenerator, arrays: dict[str, np.ndarray]) -> None:
    """Puts a checkpoint's weights into a generator.

    Raises:
      InputError: an array is missing or has another shape.
    """
    restore_variables({f"{GENERATOR}/{name}": variable for name, variable in generator.named_weights().items()}, arrays)
