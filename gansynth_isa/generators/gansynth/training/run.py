"""The training run, from its settings to the end; started again, it goes on where it stopped."""

from collections.abc import Callable
from pathlib import Path

import keras

from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.networks.base_images import base_images
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.training.chief import Chief
from gansynth_isa.generators.gansynth.training.following import announce, follow_chief
from gansynth_isa.generators.gansynth.training.initial_weights import InitialWeights
from gansynth_isa.generators.gansynth.training.precision import with_fixed_precision
from gansynth_isa.generators.gansynth.training.progressive import ProgressiveTraining
from gansynth_isa.generators.gansynth.training.sharing import check_shares, with_fixed_groups
from gansynth_isa.runs.folder_lock import locked
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.resuming import is_finished
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.shared_stop import SharedStop
from gansynth_isa.runs.stop_signals import StopSignals
from gansynth_isa.spectral.normalizers import fit_normalizer
from gansynth_isa.validation import known


def train_gan(
    config: GanConfig,
    train: ClipSet,
    train_root_dir: str | Path,
    console: Console,
    show_reports: bool = True,
    open_log: Callable[[Path], None] | None = None,
    init_from: str | Path | None = None,
    replicas: Replicas | None = None,
    base: keras.Model | None = None,
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
      base: of the fitted generator that the configuration names to start from, see `TrainedGenerator.keras_model`.

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
        config = _with_fixed_settings(config, folder, replicas.num_replicas)
        initial = _read_initial(config, train, init_from, console)
        description = describe_run(config, train, initial)
        training = ProgressiveTraining(description, train, replicas, base_images(base, known(description.normalizer)))
        check_shares(training.stages, config.training.minibatch_groups or 1, replicas.num_replicas)
        folder.check(description)
        announce(description, replicas)
        if replicas.from_chief(is_finished(folder, training.stages[-1])):
            console.line(f"{folder.path}: finished, nothing to do")
            return
        with locked(folder.path):
            if open_log:
                open_log(folder.log_path)
            folder.open(description)
            with StopSignals() as signals:
                chief = Chief(folder, description, train, console, show_reports, initial)
                training.run(chief, SharedStop(signals, replicas))


def _with_fixed_settings(config: GanConfig, folder: RunFolder, num_replicas: int) -> GanConfig:
    """The configuration with what is fixed when a run starts: as it started, or as this machine has it."""
    stored = folder.read_description(RunDescription).config if folder.description_path.exists() else None
    return with_fixed_groups(with_fixed_precision(config, stored), stored, num_replicas)


def _read_initial(
    config: GanConfig, train: ClipSet, init_from: str | Path | None, console: Console
) -> InitialWeights | None:
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
        initialised_from=initial.description() if initial else None,
    )
