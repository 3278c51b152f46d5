"""Reports and pictures of a training: rows of metrics.jsonl, curves, lines, and clips beside real ones."""

import numpy as np

from gansynth_isa.console import Console, Progress
from gansynth_isa.files import replace_file
from gansynth_isa.generators.diffusion.cost import training_flops
from gansynth_isa.generators.diffusion.layout import Layout
from gansynth_isa.generators.diffusion.stages import Stage
from gansynth_isa.generators.diffusion.training.samples import Samples
from gansynth_isa.generators.diffusion.training.state import StageState
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.clip_pictures import encode_png
from gansynth_isa.runs.pace import Pace, clock
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.training_loop import Listener


class Reports:
    """Where the reports and pictures of a run go.

    Args:
      folder: of the run.
      board: of the run.
      console: where lines go.
      show_all: print every report where there is no progress bar; else the last one of each stage.
    """

    def __init__(self, folder: RunFolder, board: Board, console: Console, show_all: bool):
        self._folder, self._board, self._console, self._show_all = folder, board, console, show_all

    def write(self, row: dict, ended: bool, has_bar: bool) -> None:
        """Writes a report; `ended` where it is the stage's last, `has_bar` where a progress bar is on the screen."""
        self._folder.append_metrics(row)
        self._board.scalars(row["image"], board_scalars(row))
        is_shown = ended or (self._show_all and not has_bar)
        (self._console.line if is_shown else self._console.log)(report_line(row))

    def show(self, stage: Stage, image: int, tag: str, pixels: np.ndarray) -> None:
        """Shows a picture, uint8 (height, width, 3), and makes it a file."""
        png = encode_png(pixels)
        replace_file(self._folder.samples_path(stage.name, image), lambda file: file.write(png))
        self._board.images(image, {tag: pixels})

    def is_shown(self, stage: Stage, image: int) -> bool:
        """Whether the picture of this image is there."""
        return self._folder.samples_path(stage.name, image).exists()


NOT_CURVES = ("stage", "image", "stage_left_s", "run_left_s")


def board_scalars(row: dict) -> dict[str, float]:
    """Tag -> value of a line of metrics.jsonl, as TensorBoard shows them."""
    rest = ("images_per_s", "gradient_norm", "latent_square")
    return {name if name in rest else f"losses/{name}": value for name, value in row.items() if name not in NOT_CURVES}


def report_line(row: dict) -> str:
    """One line with everything that a person watches; `row` is a line of metrics.jsonl."""
    losses = " | ".join(
        f"{name.replace('_', ' ')} {value:.4f}"
        for name, value in row.items()
        if name not in (*NOT_CURVES, "images_per_s")
    )
    return (
        f"stage {row['stage']} image {row['image']:>9,} | {losses} | {row['images_per_s']:6.1f} images/s, "
        f"left {clock(row['stage_left_s'])} / {clock(row['run_left_s'])}"
    )


class Reporter(Listener):
    """Makes the reports of a stage.

    Args:
      reports: where they go.
      state: what is trained.
      layout: sizes, for the time left.
      stages: all stages of the run.
      pace: of the training.
      bar: the stage's progress bar.
    """

    def __init__(
        self,
        reports: Reports,
        state: StageState,
        layout: Layout,
        stages: tuple[Stage, ...],
        pace: Pace,
        bar: Progress,
    ):
        self._reports, self._state, self._layout, self._stages = reports, state, layout, stages
        self._pace, self._bar = pace, bar

    def advanced(self, before: int, image: int, losses: dict[str, float]) -> None:
        parts = ["starting"]
        if self._pace.is_known:
            rates = self._rates(image, self._pace.images_per_s)
            left = f"left {clock(rates['stage_left_s'])} run {clock(rates['run_left_s'])}"
            parts = [left, f"{rates['images_per_s']:.3g}/s"]
        self._bar.show_parts([*parts, f"loss {next(iter(losses.values())):.3g}"])
        self._bar.update(image - before)

    def at_report(self, image: int, ended: bool) -> None:
        row = {"stage": self._state.stage.index, "image": image, **self._state.mean_losses()}
        row |= self._rates(image, self._pace.since_report(image))
        self._state.clear_losses()
        self._reports.write(row, ended, self._bar.is_shown)
        self._pace.reported(image)

    def _rates(self, image: int, images_per_s: float) -> dict[str, float]:
        """Later stages are expected to run at the same operations per second."""
        stage = self._state.stage
        stage_left = max(0, stage.end_image - image) / images_per_s
        flops_per_s = images_per_s * training_flops(self._layout, stage)
        later = sum(
            other.num_images * training_flops(self._layout, other)
            for other in self._stages
            if other.index > stage.index
        )
        return {
            "images_per_s": images_per_s,
            "stage_left_s": stage_left,
            "run_left_s": stage_left + later / flops_per_s,
        }


class Artist(Listener):
    """Draws clips when a checkpoint is due.

    Args:
      reports: where they go.
      state: what is trained.
      samples: makes and draws them.
    """

    def __init__(self, reports: Reports, state: StageState, samples: Samples):
        self._reports, self._state, self._samples = reports, state, samples

    def resumed(self, image: int) -> None:
        if not self._reports.is_shown(self._state.stage, image):  # a signal came before it was drawn
            self.at_checkpoint(image, ended=False)

    def at_checkpoint(self, image: int, ended: bool) -> None:
        stage = self._state.stage
        title = f"stage {stage.index}, image {image:,}"
        self._reports.show(stage, image, self._samples.tag, self._samples.draw(title))
