"""Reports of a training: rows of metrics.jsonl, curves, lines, and what stands beside the progress bar."""

from gansynth_isa.console import Console, Progress
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.cost import seconds_left
from gansynth_isa.generators.gansynth.stages import Stage, stage_plan
from gansynth_isa.generators.gansynth.training.board_scalars import board_scalars
from gansynth_isa.generators.gansynth.training.report_lines import bar_parts, report_line
from gansynth_isa.generators.gansynth.training.stage_instruments import StageInstruments, board_instruments
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.measures.per_class import PerClass
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.pace import Pace
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.training_loop import Listener


class Reports:
    """Where the reports of a run go.

    Args:
      folder: of the run.
      board: of the run.
      console: where lines go.
      config: of the run.
      show_all: print every report where there is no progress bar; else the last one of each stage.
    """

    def __init__(self, folder: RunFolder, board: Board, console: Console, config: GanConfig, show_all: bool):
        self._folder, self._board, self._console = folder, board, console
        self._config, self._show_all = config, show_all
        self._grows = len(stage_plan(config.training, config.network)) > 1

    def write(self, row: dict, ended: bool, has_bar: bool, instruments: dict[str, PerClass] | None = None) -> None:
        """Writes a report; `ended` where it is the stage's last, `has_bar` where a progress bar is on the screen."""
        measures = instruments or {}
        described = {"instruments": {name: values.to_dict() for name, values in measures.items()}} if measures else {}
        self._folder.append_metrics({**row, **described})
        scalars = board_scalars(row, self._config.training) | board_instruments(measures)
        self._board.scalars(row["image"], scalars)
        is_shown = ended or (self._show_all and not has_bar)
        line = report_line(row, self._grows, self._config.network.names_classes)
        (self._console.line if is_shown else self._console.log)(line)


class Reporter(Listener):
    """Makes the reports of a stage.

    Args:
      reports: where they go.
      state: what is trained.
      stages: all stages of the run, for the time left.
      pace: of the training.
      bar: the stage's progress bar.
      instruments: of the stage.
    """

    def __init__(
        self,
        reports: Reports,
        state: GanState,
        stages: tuple[Stage, ...],
        pace: Pace,
        bar: Progress,
        instruments: StageInstruments,
    ):
        self._reports, self._state, self._stages, self._pace, self._bar = reports, state, stages, pace, bar
        self._instruments = instruments

    def advanced(self, before: int, image: int, losses: dict[str, float]) -> None:
        shown = losses | self._rates(image, self._pace.images_per_s) if self._pace.is_known else losses
        self._bar.show_parts(bar_parts(shown, self._state.config.network.names_classes))
        self._bar.update(image - before)

    def at_report(self, image: int, ended: bool) -> None:
        row = {"stage": self._state.stage.index, "image": image, "progress": float(self._state.progress())}
        row |= self._state.mean_losses() | self._rates(image, self._pace.since_report(image))
        self._state.clear_losses()
        measures = self._instruments.measure(self._state.step.average, self._state.progress()) if ended else None
        self._reports.write(row, ended, self._bar.is_shown, measures)
        self._pace.reported(image)

    def _rates(self, image: int, images_per_s: float) -> dict[str, float]:
        network, stage = self._state.config.network, self._state.stage
        stage_left, run_left = seconds_left(self._stages, network, stage, image, images_per_s)
        return {"images_per_s": images_per_s, "stage_left_s": stage_left, "run_left_s": run_left}
