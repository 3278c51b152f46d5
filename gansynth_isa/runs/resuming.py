"""Where a run stands, by the checkpoints in its folder."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from gansynth_isa.runs.checkpoints import latest_checkpoint
from gansynth_isa.runs.run_folder import RunFolder


class PlannedStage(Protocol):
    """A stage of a run."""

    @property
    def index(self) -> int:
        """Its number."""

    @property
    def name(self) -> str:
        """Of its folder of checkpoints."""

    @property
    def end_image(self) -> int:
        """The image at which it is over."""


def is_finished(folder: RunFolder, last: PlannedStage) -> bool:
    """Whether the folder holds the end of the last stage: then nothing in it may change, not even its log."""
    found = latest_checkpoint(folder.stage_dir(last.name), warn=lambda line: None)
    return found is not None and found[0] >= last.end_image


def resume(
    folder: RunFolder, stages: Sequence[PlannedStage], print_line: Callable[[str], None]
) -> tuple[int, dict[str, np.ndarray] | None]:
    """Goes back to the newest checkpoint: all that was reported behind it is dropped.

    Args:
      folder: of the run; this process' own.
      stages: all stages.
      print_line: is given what a person must know.

    Returns:
      Index of the first stage to train, and the newest arrays: of that stage, or of the one before; 0 and None where
      there is no whole checkpoint.
    """
    for stage in reversed(stages):
        found = latest_checkpoint(folder.stage_dir(stage.name), print_line, set_aside=True)
        if found:
            image, arrays = found
            folder.rewind(stage.index, image)
            has_ended = image >= stage.end_image
            place = f"{'after' if has_ended else 'in'} stage {stage.index} at image {image:,}"
            print_line(f"resuming {place}; reports above of later images are void")
            return stage.index + has_ended, arrays
    if folder.has_reports():
        print_line("warning: no checkpoint is left; the training begins anew, what was reported goes")
    folder.rewind(stage=0, image=-1)
    return 0, None
