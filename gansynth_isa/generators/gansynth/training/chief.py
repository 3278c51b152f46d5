"""The process of a training that writes; it may be the only one."""

import contextlib
from collections.abc import Iterator

import numpy as np

from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.pipeline import Images
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.latents import NUM_FIXED
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.stages import Stage, plan_table, stage_plan
from gansynth_isa.generators.gansynth.training.artist import Artist, Gallery
from gansynth_isa.generators.gansynth.training.initial_weights import InitialWeights
from gansynth_isa.generators.gansynth.training.listening import Listening
from gansynth_isa.generators.gansynth.training.progressive import Attendance
from gansynth_isa.generators.gansynth.training.reporter import Reporter, Reports
from gansynth_isa.generators.gansynth.training.stage_instruments import StageInstruments
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.clip_pictures import real_examples
from gansynth_isa.runs.resuming import resume
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.saver import CheckpointSaver
from gansynth_isa.runs.trainer import Trainer
from gansynth_isa.validation import known


class Chief:
    """Goes back to the newest checkpoint of a folder, which is this process' own, and writes what comes from there on.

    Args:
      folder: of the run, with its description.
      description: what the run is about.
      train: the training clips.
      console: where lines and progress go.
      show_reports: see `Reports`.
      initial: weights to start from, where they are another run's.

    Attributes:
      first_stage: index of the first stage to train.
    """

    def __init__(
        self,
        folder: RunFolder,
        description: RunDescription,
        train: ClipSet,
        console: Console,
        show_reports: bool = True,
        initial: InitialWeights | None = None,
    ):
        config = description.config
        self._folder, self._description, self._train = folder, description, train
        self._console, self._initial = console, initial
        self._stages = stage_plan(config.training, config.network)
        self.first_stage, self._arrays = resume(folder, self._stages, console.line)
        self._board, listening = Board(folder.path), self._listening()
        if self._arrays is None:
            self._board.describe(config, plan_table(self._stages, config.network))
            if listening:
                self._board.audio(0, listening.real(train), listening.sample_rate)
        self._reports = Reports(folder, self._board, console, config, show_reports)
        self._gallery = Gallery(folder, self._board, listening)

    def _listening(self) -> Listening | None:
        try:
            return Listening(self._description)
        except InputError as error:
            self._console.line(f"TensorBoard has no audio: {error}")
            return None

    def stopped_before(self, stage: Stage) -> str:
        return f"before stage {stage.index}; all that was trained is saved"

    def fill(self, state: GanState) -> None:
        if self._initial:
            state.initialise(self._initial.arrays)
        if self._arrays and int(self._arrays["stage"]) == state.stage.index:
            state.restore(self._arrays)
        elif self._arrays:
            state.adopt(self._arrays)

    @contextlib.contextmanager
    def attend(self, state: GanState, images: np.ndarray | Images, trainer: Trainer) -> Iterator[Attendance]:
        stage, class_names = state.stage, self._description.class_names
        saver = CheckpointSaver(
            f"stage {stage.index}",
            [self._folder.stage_dir(planned.name) for planned in self._stages[: stage.index + 1]],
            lambda: state.arrays() | {"stage": np.array(stage.index)},
            trainer.boundaries.is_regular,
        )
        real = real_examples(images, self._train.labels, len(class_names), NUM_FIXED)
        artist = Artist(self._gallery, self._description, state, real)
        instruments = self._instruments(images)
        kind = "growing" if stage.growing else "stable"
        title = f"{stage.index + 1}/{len(self._stages)} {kind} {stage.resolution[0]}x{stage.resolution[1]}"
        with self._console.progress(stage.num_images, title, shows_rate=False) as bar:
            bar.update(int(state.image) - stage.first_image)
            reporter = Reporter(self._reports, state, self._stages, trainer.pace, bar, instruments)
            yield Attendance((reporter, artist), saver)
        self._arrays = saver.arrays

    def _instruments(self, images: np.ndarray | Images) -> StageInstruments:
        train, run = self._train, self._description
        return StageInstruments(images, train.labels, train.recordings, run.class_names, known(run.normalizer))

    def end(self) -> None:
        self._board.close()
        self._console.line(f"{self._folder.path}: finished, {int(known(self._arrays)['image']):,} images")
