"""The training run: stage after stage, and resume."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from gansynth_isa.config import GanConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.stages import Stage, plan_table, stage_plan
from gansynth_isa.generators.gansynth.training.following import announce, follow_chief
from gansynth_isa.generators.gansynth.training.initial_weights import InitialWeights
from gansynth_isa.generators.gansynth.training.listening import Listening
from gansynth_isa.generators.gansynth.training.precision import with_fixed_precision
from gansynth_isa.generators.gansynth.training.real_clips import RealClips
from gansynth_isa.generators.gansynth.training.sharing import check_shares, with_fixed_groups
from gansynth_isa.generators.gansynth.training.stage_loop import RunContext, StageLoop
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.checkpoints import latest_checkpoint
from gansynth_isa.runs.folder_lock import locked
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.stop_signals import StopSignals
from gansynth_isa.spectral.normalizers import fit_normalizer


def train_gan(
    config: GanConfig,
    train: ClipSet,
    train_root_dir: str | Path,
    console: Console,
    show_reports: bool = True,
    open_log: Callable[[Path], None] | None = None,
    init_from: str | Path | None = None,
    replicas: Replicas | None = None,
) -> None:
    """Trains a GAN on labelled clips, or goes on where an earlier call with the same arguments stopped.

    Args:
      config: resolved configuration.
      train: the training clips, of which every class has at least one.
      train_root_dir: folder of the run.
      console: where lines and progress go.
      show_reports: print every report where there is no terminal, not only the last one of each stage.
      open_log: is given the path of the run's log once the folder is this process' own.
      init_from: folder of a run, of this project or of the original, whose weights to start from.
      replicas: the devices that share the training; a process that is not their chief leaves the folder alone.

    Raises:
      InputError: the folder holds another run, is in use, or cannot be written; or the disk is full; or the
        replicas cannot share the batches; or workers have other clips or settings.
      TrainingDiverged: a loss or a weight is not finite.
      Interrupted: a signal asked to stop; the state is saved.
      WorkerLost: another process of the training is gone.
    """
    replicas = replicas or Replicas()
    with replicas.attended():
        if not replicas.is_chief:
            follow_chief(config, train, replicas, console)
            return
        folder = RunFolder(train_root_dir)
        _lead(config, train, folder, console, show_reports, open_log, init_from, replicas)


def _lead(config, train, folder: RunFolder, console, show_reports, open_log, init_from, replicas: Replicas) -> None:
    """Trains as the process that writes; it may be the only one."""
    stored = folder.read_description(RunDescription).config if folder.description_path.exists() else None
    config = with_fixed_groups(with_fixed_precision(config, stored), stored, replicas.num_replicas)
    initial = _read_initial(config, train, init_from, console)
    description = describe_run(config, train, initial)
    stages = stage_plan(config.training, config.network)
    check_shares(stages, config.training.minibatch_groups or 1, replicas.num_replicas)
    folder.check(description)
    announce(description, replicas)
    if replicas.from_chief(_is_finished(folder, stages[-1])):
        console.line(f"{folder.path}: finished, nothing to do")
        return
    with locked(folder.path):
        if open_log:
            open_log(folder.log_path)
        folder.open(description)
        with StopSignals() as stop:
            GanRun(folder, description, stages, train, console, stop, show_reports, replicas, initial).run()


def _read_initial(config: GanConfig, train: ClipSet, init_from, console: Console) -> InitialWeights | None:
    if init_from is None:
        return None
    shape = tuple(train.spectrograms.shape[1:])
    initial = InitialWeights.read(Path(init_from), config, train.class_names, shape, console.line)
    for line in initial.lines():
        console.line(line)
    return initial


def describe_run(config: GanConfig, train: ClipSet, initial: InitialWeights | None = None) -> RunDescription:
    """Everything that decides the run; the normaliser is that of the initial weights, or fitted to the clips."""
    counts, data = train.counts(), train.fingerprint()
    if initial and initial.files():
        data["files_before"] = initial.files()
    features = config.features
    normalizer = initial.normalizer if initial else None
    normalizer = normalizer or fit_normalizer(features.data_normalizer, train.spectrograms, features.normalizer_margin)
    return RunDescription(
        config=config,
        class_names=train.class_names,
        class_counts=tuple(counts[name] for name in train.class_names),
        data=data,
        normalizer=normalizer,
        num_channels=train.spectrograms.shape[-1],
        initialised_from=initial and initial.description(),
    )


def _is_finished(folder: RunFolder, last: Stage) -> bool:
    """Whether the folder holds the end of the last stage: then nothing in it may change, not even its log."""
    found = latest_checkpoint(folder.stage_dir(last.name), warn=lambda line: None)
    return bool(found) and found[0] >= last.end_image


class GanRun:
    """One run in its folder, which is this process' own."""

    def __init__(
        self,
        folder: RunFolder,
        description: RunDescription,
        stages: tuple[Stage, ...],
        train: ClipSet,
        console: Console,
        stop: StopSignals,
        show_reports: bool,
        replicas: Replicas,
        initial: InitialWeights | None = None,
    ):
        self.initial = initial
        self.folder, self.description, self.stages = folder, description, stages
        self.config, self.console, self.stop, self.show_reports = description.config, console, stop, show_reports
        self.replicas = replicas
        self.train, self.clips = train, RealClips(description, train)

    def run(self) -> None:
        """Trains all stages that are not finished yet."""
        index, arrays = self._where_to_start()
        self.replicas.from_chief(index)
        board, listening = Board(self.folder.path), self._listening()
        if arrays is None:
            board.describe(self.config, plan_table(self.stages, self.config.network))
            if listening:
                board.audio(0, listening.real(self.train), listening.sample_rate)
        context = RunContext(
            self.folder, self.description, self.stages, self.console, board, self.stop, self.show_reports, self.replicas,
            listening,
        )  # fmt: skip
        for stage in self.stages[index:]:
            if self.replicas.any(self.stop.requested is not None):
                raise self.stop.interruption(f"before stage {stage.index}; all that was trained is saved")
            arrays = self._train_stage(context, stage, arrays)
        board.close()
        self.console.line(f"{self.folder.path}: finished, {int(arrays['image']):,} images")

    def _listening(self) -> Listening | None:
        try:
            return Listening(self.description)
        except InputError as error:
            self.console.line(f"TensorBoard has no audio: {error}")
            return None

    def _where_to_start(self) -> tuple[int, dict[str, np.ndarray] | None]:
        """Index of the first stage to train, and the newest arrays: of that stage, or of the one before."""
        for stage in reversed(self.stages):
            found = latest_checkpoint(self.folder.stage_dir(stage.name), self.console.line, set_aside=True)
            if found:
                image, arrays = found
                self.folder.rewind(stage.index, image)
                has_ended = image >= stage.end_image
                place = "after" if has_ended else "in"
                self.console.line(
                    f"resuming {place} stage {stage.index} at image {image:,}; reports above of later images are void"
                )
                return stage.index + has_ended, arrays
        if self.folder.has_reports():
            self.console.line("warning: no checkpoint is left; the training begins anew, what was reported goes")
        self.folder.rewind(stage=0, image=-1)
        return 0, None

    def _train_stage(
        self, context: RunContext, stage: Stage, arrays: dict[str, np.ndarray] | None
    ) -> dict[str, np.ndarray]:
        """Trains one stage to its end; returns its final arrays."""
        state = GanState(
            self.config, stage, self.description.class_shares, self.description.num_channels, self.replicas
        )
        if self.initial:
            state.initialise(self.initial.arrays)
        if arrays and int(arrays["stage"]) == stage.index:
            state.restore(arrays)
        elif arrays:
            state.adopt(arrays)
        state.synchronize()
        start = int(state.image) - stage.first_image
        images = self.clips.at(stage)
        batches = self.clips.batches(images, stage, start)
        kind = "growing" if stage.growing else "stable"
        description = f"{stage.index + 1}/{len(self.stages)} {kind} {stage.resolution[0]}x{stage.resolution[1]}"
        with self.console.progress(stage.num_images, description, shows_rate=False) as bar:
            bar.update(start)
            return StageLoop(context, stage, state, images, self.clips.labels, bar).run(batches)
