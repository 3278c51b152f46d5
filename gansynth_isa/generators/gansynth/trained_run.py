"""What a training has come to, read from its folder: one of this project, or one of the original GANSynth."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.original.run import OriginalRun, is_original_run
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.stages import Stage, stage_plan
from gansynth_isa.runs.checkpoints import arrays_sha256, latest_checkpoint
from gansynth_isa.runs.run_folder import RunFolder

PARTS = ("generator", "average", "discriminator")


@dataclass(frozen=True)
class TrainedRun:
    """Weights and moving averages with what they are about.

    Attributes:
      description: configuration, classes, data, normaliser.
      arrays: named as in checkpoints, newest values.
      num_blocks: blocks of the networks.
      is_finished: whether the last stage has ended.
      image: images shown.
    """

    description: RunDescription
    arrays: dict[str, np.ndarray]
    num_blocks: int
    is_finished: bool
    image: int

    def sha256(self) -> str:
        """SHA-256 over names, shapes and values of all arrays."""
        return arrays_sha256(self.arrays)


def read_description(folder: Path | str) -> RunDescription:
    """What a run of either kind is about.

    Raises:
      InputError: no run in this folder, or a damaged one.
    """
    folder = Path(folder)
    if is_original_run(folder):
        return OriginalRun(folder).description
    return RunFolder(folder).read_description(RunDescription)


def read_run(folder: Path | str, warn: Callable[[str], None], all_images: bool = False) -> TrainedRun:
    """The newest state of a run of either kind.

    Args:
      folder: the run's folder.
      warn: is given a line for every damaged checkpoint that is passed over.
      all_images: read the layers between images and features of earlier stages too, which a checkpoint of this
        project does not hold.

    Raises:
      InputError: no run in this folder, one without a whole checkpoint, or a damaged one.
    """
    folder = Path(folder)
    if is_original_run(folder):
        run = OriginalRun(folder)
        return TrainedRun(run.description, run.arrays(), run.num_blocks, run.is_finished, run.image)
    return _read_own(RunFolder(folder), warn, all_images)


def _read_own(folder: RunFolder, warn: Callable[[str], None], all_images: bool) -> TrainedRun:
    description = folder.read_description(RunDescription)
    stages = stage_plan(description.config.training, description.config.network)
    arrays: dict[str, np.ndarray] = {}
    reached: tuple[Stage, int] | None = None
    for stage in reversed(stages):
        found = latest_checkpoint(folder.stage_dir(stage.name), warn)
        if not found:
            continue
        reached = reached or (stage, found[0])
        arrays = {name: array for name, array in found[1].items() if name.split("/")[0] in PARTS} | arrays
        if not all_images:
            break
    if reached is None:
        raise InputError(f"{folder.path}: training is not finished: there is no whole checkpoint yet")
    stage, image = reached
    is_finished = stage == stages[-1] and image >= stage.end_image
    return TrainedRun(description, arrays, stage.num_blocks, is_finished, image)
