"""Stage after stage, in every process that takes part: the chief, which writes, and the others."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.pipeline import Images
from gansynth_isa.generators.gansynth.networks.base_images import BaseImages
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.stages import Stage, stage_plan
from gansynth_isa.generators.gansynth.training.real_clips import RealClips
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.runs.boundaries import Boundaries
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.saver import Saver
from gansynth_isa.runs.shared_stop import SharedStop
from gansynth_isa.runs.trainer import Trainer
from gansynth_isa.runs.training_loop import Listener, TrainingLoop
from gansynth_isa.validation import known


class Attendance(NamedTuple):
    """What attends to the training of a stage."""

    listeners: Sequence[Listener]
    saver: Saver


class Role(Protocol):
    """What a process does beside training.

    Attributes:
      first_stage: index of the first stage to train; the chief's counts.
    """

    first_stage: int

    def stopped_before(self, stage: Stage) -> str:
        """What to say where a signal stops the run before `stage`."""

    def fill(self, state: GanState) -> None:
        """Puts the weights into the state of a new stage, where this process has them."""

    def attend(
        self, state: GanState, images: np.ndarray | Images, trainer: Trainer
    ) -> AbstractContextManager[Attendance]:
        """What attends to a stage, whose real clips are `images`, while it is trained."""

    def end(self) -> None:
        """All stages are trained."""


class ProgressiveTraining:
    """The training of a run.

    Args:
      description: of the run.
      train: the training clips.
      replicas: the devices that share the training.
      base: images that the generator starts from, where the configuration names any.

    Attributes:
      stages: all stages.
    """

    def __init__(self, description: RunDescription, train: ClipSet, replicas: Replicas, base: BaseImages | None = None):
        self.stages = stage_plan(description.config.training, description.config.network)
        self._description, self._replicas, self._base = description, replicas, base
        self._clips = RealClips(description, train)

    def run(self, role: Role, stop: SharedStop) -> None:
        """Trains all stages that are not finished yet.

        Raises:
          TrainingDiverged, Interrupted, InputError: see `TrainingLoop.run`.
        """
        for stage in self.stages[self._replicas.from_chief(role.first_stage) :]:
            if stop.is_asked():
                raise stop.interruption(role.stopped_before(stage))
            self._train(stage, role, stop)
        role.end()

    def _train(self, stage: Stage, role: Role, stop: SharedStop) -> None:
        run, settings = self._description, self._description.config.training
        state = GanState(run.config, stage, run.class_shares, run.num_channels, self._replicas, self._base)
        role.fill(state)
        state.synchronize()
        images, image = self._clips.at(stage), int(state.image)
        batches = self._clips.batches(images, stage, image - stage.first_image)
        boundaries = Boundaries(
            stage.first_image,
            stage.end_image,
            stage.batch_size,
            report_every=known(settings.save_summaries_num_images),
            save_every=known(settings.save_checkpoints_num_images),
        )
        trainer = Trainer(_Fed(state, batches), boundaries, self._replicas)
        with role.attend(state, images, trainer) as (listeners, saver):
            TrainingLoop(trainer, saver, stop, listeners).run(image)


class _Fed:
    """A state with the batches that it is trained on."""

    def __init__(self, state: GanState, batches: Iterator):
        self._state, self._batches = state, batches

    def train(self, num_steps: int) -> int:
        self._state.train(self._batches, num_steps)
        return int(self._state.image)

    def mean_losses(self) -> dict[str, float]:
        return self._state.mean_losses()
