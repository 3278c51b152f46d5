"""The plan of progressive training as a list that can be printed and tested without TensorFlow.

The clock counts images shown. Stage 2k is stable with k + 1 blocks, stage 2k + 1 fades block k + 2 in.
"""

from dataclasses import dataclass

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import NetworkConfig, TrainingConfig
from gansynth_isa.tables import text_line
from gansynth_isa.validation import known

PLAN_WIDTHS = {
    "stage": 5,
    "kind": -10,
    "blocks": 6,
    "frames x mel bins": 17,
    "filters": 7,
    "batch": 5,
    "images": 22,
}


@dataclass(frozen=True)
class Stage:
    """One stage: `num_blocks` blocks from image `first_image` up to, but not including, `end_image`."""

    index: int
    num_blocks: int
    growing: bool
    batch_size: int
    first_image: int
    end_image: int
    resolution: tuple[int, int]
    transition_num_images: int

    @property
    def num_images(self) -> int:
        return max(0, self.end_image - self.first_image)

    @property
    def num_steps(self) -> int:
        """Optimizer steps of the stage; the last batch may reach past its end."""
        return -(-self.num_images // self.batch_size)

    @property
    def name(self) -> str:
        """Name of the stage's folder."""
        return f"stage_{self.index:05d}"

    def progress(self, image: int) -> float:
        """Growth progress at an image of this stage: p while block p + 1 is stable, p .. p + 1 in a transition."""
        if not self.growing:
            return float(self.num_blocks - 1)
        return self.num_blocks - 2 + min(1.0, (image - self.first_image) / self.transition_num_images)


def planned_images(training: TrainingConfig, network: NetworkConfig) -> int:
    """What the stages add up to."""
    if not training.train_progressive:
        return training.stable_stage_num_images
    resolutions = known(network.num_resolutions)
    return resolutions * training.stable_stage_num_images + (resolutions - 1) * training.transition_stage_num_images


def stage_plan(training: TrainingConfig, network: NetworkConfig) -> tuple[Stage, ...]:
    """All stages of a resolved configuration; the last one ends at `total_num_images` where that is given.

    A total that ends before the last stage starts leaves the stages behind it empty, as in the original.

    Raises:
      InputError: the schedule has more batch sizes than resolutions.
    """
    resolutions = known(network.num_resolutions)
    if len(training.batch_size_schedule) > resolutions:
        raise InputError(
            f"batch_size_schedule: expected at most {resolutions} batch sizes, one per resolution, "
            f"got {len(training.batch_size_schedule)}"
        )
    total = training.total_num_images or planned_images(training, network)
    if not training.train_progressive:
        return (_stage(0, resolutions, False, 0, total, training, network),)
    stages = []
    first = 0
    for index in range(2 * resolutions - 1):
        end = (index // 2 + 1) * training.stable_stage_num_images
        end += (index + 1) // 2 * training.transition_stage_num_images
        end = total if index == 2 * resolutions - 2 else min(end, total)
        stages.append(_stage(index, (index + 1) // 2 + 1, index % 2 == 1, first, end, training, network))
        first = end
    return tuple(stages)


def _stage(
    index: int, num_blocks: int, growing: bool, first: int, end: int, training: TrainingConfig, network: NetworkConfig
) -> Stage:
    (frames, mel_bins), scale = network.start_resolution, network.scale
    return Stage(
        index=index,
        num_blocks=num_blocks,
        growing=growing,
        batch_size=_batch_size(num_blocks, training, network),
        first_image=first,
        end_image=end,
        transition_num_images=training.transition_stage_num_images,
        resolution=(frames * scale[0] ** (num_blocks - 1), mel_bins * scale[1] ** (num_blocks - 1)),
    )


def _batch_size(num_blocks: int, training: TrainingConfig, network: NetworkConfig) -> int:
    """The schedule's entry for a number of blocks, the schedule being padded in front with its first entry."""
    schedule = training.batch_size_schedule
    return schedule[max(0, len(schedule) - known(network.num_resolutions) + num_blocks - 1)]


def total_warning(training: TrainingConfig, network: NetworkConfig) -> str | None:
    """A line that says that the given total is not what the stages add up to, or None."""
    planned = planned_images(training, network)
    if training.total_num_images in (None, planned):
        return None
    return (
        f"warning: total_num_images = {training.total_num_images:,}, but the stages add up to {planned:,}: "
        f"the last stage ends at {training.total_num_images:,}"
    )


def plan_table(stages: tuple[Stage, ...], network: NetworkConfig) -> str:
    """The plan as a printable table with the total of images and the final resolution."""
    lines = [text_line(PLAN_WIDTHS, PLAN_WIDTHS.values())]
    for stage in stages:
        kind = "transition" if stage.growing else "stable"
        size = f"{stage.resolution[0]} x {stage.resolution[1]}"
        images = f"{stage.first_image:,} - {stage.end_image:,}"
        filters = network.num_filters(stage.num_blocks)
        cells = (stage.index, kind, stage.num_blocks, size, filters, stage.batch_size, images)
        lines.append(text_line(cells, PLAN_WIDTHS.values()))
    frames, mel_bins = stages[-1].resolution
    lines.append(f"total {stages[-1].end_image:,} images, final (frames, mel_bins) = ({frames}, {mel_bins})")
    return "\n".join(lines)
