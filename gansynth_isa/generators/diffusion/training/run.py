"""The training run, from its settings to the end; started again, it goes on where it stopped."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from gansynth_isa.data.clip_sets.pipeline import ReadByBatch, gan_batches
from gansynth_isa.environment import check_keras
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.cost import plan_lines
from gansynth_isa.generators.diffusion.description import DiffusionDescription
from gansynth_isa.generators.diffusion.fitting import fit_codec, fit_standardisation
from gansynth_isa.generators.diffusion.networks.codec import Codec
from gansynth_isa.generators.diffusion.networks.sampler import DiffusionSampler, sampling_of
from gansynth_isa.generators.diffusion.stages import AUTOENCODING, Stage, intervals, stage_plan
from gansynth_isa.generators.diffusion.training.autoencoding import AutoencoderState
from gansynth_isa.generators.diffusion.training.denoising import DenoiserState
from gansynth_isa.generators.diffusion.training.reporting import Artist, Reporter, Reports
from gansynth_isa.generators.diffusion.training.samples import Samples, generated_samples, returned_samples
from gansynth_isa.generators.diffusion.training.state import StageState
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
from gansynth_isa.runs.variables import restore_variables

BYTES_IN_MEMORY = 2**31  # clips that take more are read anew for every batch


def train_diffusion(
    config: DiffusionConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
) -> None:
    """Trains a generator, or goes on where an earlier call with the same arguments stopped.

    Raises:
      InputError, UnfitClips, TrainingDiverged, Interrupted: see `GeneratorKind.fit`.
    """
    check_keras()
    description = DiffusionDescription.of(config, seed, training)
    description.layout()  # refuses clips that do not fit before anything is written
    run, stages = RunFolder(folder), stage_plan(config)
    run.check(description)
    if is_finished(run, stages[-1]):
        surroundings.console.line(f"{run.path}: finished, nothing to do")
        return
    with locked(run.path):
        if surroundings.open_log:
            surroundings.open_log(run.log_path)
        run.open(description)
        with StopSignals() as signals:
            _Run(run, description, training, surroundings).train(SharedStop(signals, Replicas()))


class _Prepared(NamedTuple):
    """A stage that is about to be trained."""

    state: StageState
    samples: Samples


class _Run:
    """A folder, which is this process' own, from its newest checkpoint on."""

    def __init__(
        self, run: RunFolder, description: DiffusionDescription, training: TrainingData, surroundings: Surroundings
    ):
        self._folder, self._description, self._training = run, description, training
        self._config, self._layout, self._console = description.config, description.layout(), surroundings.console
        self._stages = stage_plan(self._config)
        self._first_stage, self._arrays = resume(run, self._stages, self._console.line)
        self._board = Board(run.path)
        if self._arrays is None:
            self._board.describe(self._config, "\n".join(plan_lines(self._config, self._layout)))
        self._reports = Reports(run, self._board, self._console, surroundings.show_reports)

    def train(self, stop: SharedStop) -> None:
        for stage in self._stages[self._first_stage :]:
            if stop.is_asked():
                raise stop.interruption(f"before stage {stage.index}; all that was trained is saved")
            self._train(stage, stop)
        self._board.close()
        self._console.line(f"{self._folder.path}: finished, {self._stages[-1].end_image:,} images")

    def _train(self, stage: Stage, stop: SharedStop) -> None:
        state, samples = self._prepare(stage)
        image, batch_size = int(state.image), self._config.diffusion_batch_size
        state.batches = iter(self._batches(stage, image))
        boundaries = Boundaries(stage.first_image, stage.end_image, batch_size, *intervals(self._config, stage))
        trainer = Trainer(state, boundaries, Replicas())
        saver = CheckpointSaver(
            f"stage {stage.index}",
            [self._folder.stage_dir(planned.name) for planned in self._stages[: stage.index + 1]],
            state.arrays,
            boundaries.is_regular,
        )
        title = f"{stage.index + 1}/{len(self._stages)} {stage.kind}"
        with self._console.progress(stage.num_images, title, shows_rate=False) as bar:
            bar.update(image - stage.first_image)
            reporter = Reporter(self._reports, state, self._layout, self._stages, trainer.pace, bar)
            TrainingLoop(trainer, saver, stop, (reporter, Artist(self._reports, state, samples))).run(image)
        self._arrays = saver.arrays

    def _prepare(self, stage: Stage) -> _Prepared:
        """Networks of a stage, as they were left in it or as the stage before left them."""
        config, layout, seed = self._config, self._layout, self._description.seed
        codec = Codec(layout, seed)
        fit_standardisation(codec, self._training.clips.spectrograms)
        own = self._arrays_of(stage)
        if stage.kind == AUTOENCODING:
            state: StageState = AutoencoderState(config, layout, stage, seed, codec)
            samples = returned_samples(self._training, codec)
        else:
            if own is None:
                self._adopt_autoencoder(codec)
                fit_codec(codec, config, self._training.clips)
            state = DenoiserState(config, layout, stage, seed, codec)
            sampler = DiffusionSampler(layout, sampling_of(config), seed, denoiser=state.average, codec=codec)
            samples = generated_samples(self._training, sampler)
        if own is not None:
            state.restore(own)
        return _Prepared(state, samples)

    def _arrays_of(self, stage: Stage) -> dict[str, np.ndarray] | None:
        """The newest arrays, where they are of this stage and not of the end of the one before."""
        if self._arrays is None or int(self._arrays["image"]) <= stage.first_image:
            return None
        return self._arrays

    def _adopt_autoencoder(self, codec: Codec) -> None:
        """Takes over the moving average of the autoencoder that the stage before trained, if there was one."""
        if self._arrays is not None:
            names = {f"average/{variable.path}": variable for variable in codec.map.trainable_variables}
            restore_variables(names, self._arrays)

    def _batches(self, stage: Stage, image: int) -> tf.data.Dataset:
        """Endless batches of (clips, one-hot labels) from an image on."""
        clips = self._training.clips
        one_hot = np.eye(len(clips.class_names), dtype=np.float32)[clips.labels]
        spectrograms = clips.spectrograms
        images = spectrograms if spectrograms.nbytes <= BYTES_IN_MEMORY else ReadByBatch(spectrograms)
        seed = self._description.seed + stage.index
        return gan_batches(images, one_hot, self._config.diffusion_batch_size, seed, image - stage.first_image)
