"""The training of a critic against a generator, from its settings to the end; it goes on where it stopped."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gansynth_isa.data.clip_sets.pipeline import ReadByBatch, gan_batches
from gansynth_isa.generators.adversarial.artist import Artist
from gansynth_isa.generators.adversarial.description import CONSTANT
from gansynth_isa.generators.adversarial.design import Design, Examples, passed_through
from gansynth_isa.generators.adversarial.reporter import Reporter
from gansynth_isa.generators.adversarial.settings import (
    CHECKPOINTS_PER_STAGE,
    REPORTS_PER_STAGE,
    Stage,
    stages_of,
)
from gansynth_isa.generators.adversarial.state import WganState
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.boundaries import Boundaries
from gansynth_isa.runs.folder_lock import locked
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.resuming import is_finished, resume
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.saver import CheckpointSaver
from gansynth_isa.runs.shared_stop import SharedStop
from gansynth_isa.runs.stop_signals import StopSignals
from gansynth_isa.runs.trainer import Trainer
from gansynth_isa.runs.training_loop import TrainingLoop

BYTES_IN_GRAPH = 2**30  # of examples; more are read for every batch


def train_wgan(
    description: FittedDescription,
    design: Design,
    training: TrainingData,
    folder: Path,
    surroundings: Surroundings,
) -> None:
    """Trains the networks, or goes on where an earlier call with the same arguments stopped.

    Raises:
      InputError: the folder holds another training, is in use, or cannot be written; or the recordings are not there.
      UnfitClips: see `Design.examples`.
      TrainingDiverged: a loss or a weight is not finite.
      Interrupted: a signal asked to stop; the state is saved.
    """
    run, console = RunFolder(folder), surroundings.console
    stages = stages_of(design.settings, len(description.class_names))
    run.check(description)
    if is_finished(run, stages[-1]):
        console.line(f"{run.path}: finished, nothing to do")
        return
    examples = design.examples(training)
    with locked(run.path):
        if surroundings.open_log:
            surroundings.open_log(run.log_path)
        run.open(description)
        with StopSignals() as signals:
            _Run(description, design, training, examples, run, surroundings).train(stages, signals)
    console.line(f"{run.path}: finished, {stages[-1].end_image:,} images")


def stage_seed(seed: int, stage: int) -> int:
    """Seed of all that is drawn in a stage, from 0 to below 2^63.

    Repeats have seeds that follow each other, so that a sum of both would give stage 1 of one repeat the weights and
    draws of stage 0 of the next.

    Args:
      seed: of the training.
      stage: its index.
    """
    return int(np.random.SeedSequence(seed, spawn_key=(stage,)).generate_state(1, np.uint64)[0]) >> 1


class _Run:
    """A training whose folder is this process' own."""

    def __init__(
        self,
        description: FittedDescription,
        design: Design,
        training: TrainingData,
        examples: Examples,
        folder: RunFolder,
        surroundings: Surroundings,
    ):
        self._description, self._design, self._training = description, design, training
        self._examples, self._folder, self._surroundings = examples, folder, surroundings
        self._layers = design.layers(examples.constants)

    def _as_clips(self, values: np.ndarray) -> np.ndarray:
        return np.asarray(passed_through(self._layers, values))

    def train(self, stages: tuple[Stage, ...], signals: StopSignals) -> None:
        """Trains the stages that are not finished."""
        stop, console = SharedStop(signals, Replicas()), self._surroundings.console
        first, arrays = resume(self._folder, stages, console.line)  # before the board is made: it cuts the old events
        board = Board(self._folder.path)
        if arrays is None:
            board.describe(self._description.config, "\n".join(f"{stage}" for stage in stages))
        for stage in stages[first:]:
            if stop.is_asked():
                raise stop.interruption(f"before stage {stage.index}; all that was trained is saved")
            state = self._state(stage)
            if arrays is not None and stage.first_image < int(arrays["image"]):
                state.restore(arrays)
            self._train_stage(stage, state, board, stop)
            arrays = None
        board.close()

    def _state(self, stage: Stage) -> WganState:
        settings, seed = self._design.settings, stage_seed(self._description.seed, stage.index)
        counts = np.bincount(self._training.clips.labels, minlength=len(self._description.class_names))
        num_labels = settings.num_labels(len(counts))
        shares = counts / counts.sum() if num_labels else np.zeros(0)
        networks = self._design.generator(num_labels, seed), self._design.critic(num_labels, seed)
        return WganState(*networks, settings, stage, seed, shares)

    def _train_stage(self, stage: Stage, state: WganState, board: Board, stop: SharedStop) -> None:
        settings, image = self._design.settings, int(state.image)
        step = settings.images_per_step
        intervals = [
            max(1, stage.num_images // (step * count)) * step for count in (REPORTS_PER_STAGE, CHECKPOINTS_PER_STAGE)
        ]
        boundaries = Boundaries(stage.first_image, stage.end_image, step, *intervals)
        trainer = Trainer(_Fed(state, self._batches(stage, image)), boundaries, Replicas())
        constants = {f"{CONSTANT}/{name}": array for name, array in self._examples.constants.items()}
        saver = CheckpointSaver(
            f"stage {stage.index}",
            [self._folder.stage_dir(stage.name)],
            lambda: state.arrays() | constants,
            boundaries.is_regular,
        )
        artist = Artist(self._folder, board, self._description, state, self._training.clips, self._as_clips)
        with self._surroundings.console.progress(stage.num_images, stage.name, shows_rate=False) as bar:
            bar.update(image - stage.first_image)
            reporter = Reporter(self._folder, board, self._surroundings, state, trainer.pace, bar)
            TrainingLoop(trainer, saver, stop, (reporter, artist)).run(image)

    def _batches(self, stage: Stage, image: int) -> Iterator:
        labels = self._training.clips.labels
        members = stage.members(labels)
        num_labels = self._design.settings.num_labels(len(self._description.class_names))
        one_hot = np.eye(num_labels, dtype=np.float32)[labels[members]] if num_labels else np.zeros((len(members), 0))
        values = self._examples.values if stage.label is None else self._examples.values[members]
        held = values if values.nbytes <= BYTES_IN_GRAPH else ReadByBatch(values)
        seed, shown = stage_seed(self._description.seed, stage.index), image - stage.first_image
        return iter(gan_batches(held, one_hot.astype(np.float32), self._design.settings.batch_size, seed, shown))


class _Fed:
    """A state with the batches that it is trained on."""

    def __init__(self, state: WganState, batches: Iterator):
        self._state, self._batches = state, batches

    def train(self, num_steps: int) -> int:
        return self._state.train(self._batches, num_steps)

    def mean_losses(self) -> dict[str, float]:
        return self._state.mean_losses()
