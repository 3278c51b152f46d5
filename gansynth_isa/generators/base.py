"""What every kind of generator offers: settings, a plan, training, and labelled clips from what was trained.

Commands, experiments, evaluation and export know generators through this interface alone; `registry` finds a kind by
its name. Nothing here loads TensorFlow, Keras or NumPy: flags are read before the environment of these is settled.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.console import Console
from gansynth_isa.data.recordings.names import in_one_form
from gansynth_isa.errors import InputError, nearest

if TYPE_CHECKING:
    import keras
    import numpy as np

    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.generators.moments import Moments
    from gansynth_isa.runs.replicas import Replicas

DESCRIPTION_FILE = "experiment.json"  # as in `runs.run_folder`
# Clips that are made at once. Their latents are drawn at once too, so that another size would make other clips.
BATCH_SIZE = 32


@dataclass(frozen=True)
class TrainingData:
    """What a generator learns from.

    Attributes:
      clips: the training clips; every class has at least one.
      data: how the recordings were cut, nothing left open.
      features: how the clips became spectrograms, nothing left open.
    """

    clips: ClipSet
    data: DataConfig
    features: FeatureConfig


@dataclass(frozen=True)
class Surroundings:
    """What a training works with that does not decide what it becomes, but for the weights it starts from.

    Attributes:
      console: where lines and progress go.
      show_reports: print every report where there is no terminal, not only the last one of each stage.
      open_log: is given the path of the run's log once the folder is this process' own.
      init_from: folder of a training whose weights to start from; for kinds that can.
      replicas: the devices that share the training, None for one; for kinds that can.
    """

    console: Console
    show_reports: bool = True
    open_log: Callable[[Path], None] | None = None
    init_from: str | None = None
    replicas: Replicas | None = None


@dataclass(frozen=True)
class Provenance:
    """Where the clips of a generator come from.

    Attributes:
      kind: name of the kind of generator.
      class_names: in the order of the labels.
      class_counts: class name -> training clips; empty where that is not known.
      data: how the recordings were cut.
      features: how the clips became spectrograms.
      configuration: all settings, ready for JSON, those of data and features under 'data' and 'features'.
      recordings: `ClipSet.fingerprint` of the training clips.
      weights_sha256: what tells this generator from any other, hexadecimal.
      details: what else the kind writes into the metadata of its clips, ready for JSON.
    """

    kind: str
    class_names: tuple[str, ...]
    class_counts: dict[str, int]
    data: DataConfig
    features: FeatureConfig
    configuration: dict
    recordings: dict
    weights_sha256: str
    details: dict = field(default_factory=dict)


class TrainedGenerator(abc.ABC):
    """Makes labelled clips.

    Attributes:
      provenance: where the clips come from.
      training_moments: of the training clips; None where the folder of the training does not hold them.
    """

    provenance: Provenance
    training_moments: Moments | None = None

    @abc.abstractmethod
    def clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray:
        """Spectrograms of clips, in the units of the features.

        Clip `first + i` depends on the generator, its label, `seed` and `first + i` alone, not on the others.

        Args:
          labels: (n,) class indices.
          seed: from 0 on.
          first: number of the first clip, from 0 on.

        Returns:
          float32 (n, frames, mel_bins, channels).
        """

    def parent_clips(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray | None:
        """The training clips that each of the clips of the same call of `clips` was made from.

        What judges a clip by a model that must not have seen it needs one that saw none of its parents.

        Args:
          labels: (n,) class indices.
          seed: from 0 on.
          first: number of the first clip, from 0 on.

        Returns:
          int (n, m), indices of training clips in the order of `provenance.recordings['clips']`, which is sorted; a
          parent may be named twice. None where no training clip is a parent: what was learnt comes from all of them.
        """
        return None

    def returned_clips(self, clips: np.ndarray, seed: int = 0) -> np.ndarray | None:
        """Real clips as they come back from what this generator makes its clips of, such as latents.

        How much they have lost is a ceiling of what its own clips can be worth.

        Args:
          clips: (n, frames, mel_bins, channels), in the units of the features.
          seed: of what is drawn for what is lost.

        Returns:
          float32, the same shape. None where the generator has nothing that clips could go through.
        """
        return None

    def waveforms(self, labels: np.ndarray, seed: int, first: int = 0) -> np.ndarray | None:
        """The waveforms that the clips of the same call of `clips` are the features of, at their own levels.

        Args:
          labels: (n,) class indices.
          seed: from 0 on.
          first: number of the first clip, from 0 on.

        Returns:
          float32 (n, samples); None where this generator makes spectrograms, of which sound must be reconstructed.
        """
        return None

    @abc.abstractmethod
    def summary(self) -> str:
        """One sentence for a model card: what it is, and what it was trained for how long; without a full stop."""

    def limits(self) -> tuple[str, ...]:
        """Sentences for a model card: what this kind cannot do, beyond what none can."""
        return ()

    def keras_model(self) -> keras.Model:
        """A Keras model that makes clips of latents, for export.

        Inputs: a dictionary of `latents`, float32 (batch, latent_size), standard normal, and `class_index`, int32
        (batch,). Output: float32 (batch, frames, mel_bins, channels), as `clips` gives them.

        Raises:
          InputError: this kind has none.
        """
        raise InputError(f"train_root_dir: a generator of the kind {self.provenance.kind} cannot be exported")

    @property
    def class_names(self) -> tuple[str, ...]:
        """In the order of the labels."""
        return self.provenance.class_names

    def class_indices(self, names: Sequence[str]) -> list[int]:
        """Indices of class names; all classes where `names` is empty.

        Raises:
          InputError: a class that the generator does not know, or one that is named twice.
        """
        check_classes(names, self.class_names)
        return [self.class_names.index(in_one_form(name)) for name in names or self.class_names]


def check_classes(names: Sequence[str], known: Sequence[str]) -> None:
    """Refuses classes to generate that a generator does not know, or that are named twice.

    Raises:
      InputError: names the first one, and the nearest right name.
    """
    names = [in_one_form(name) for name in names]
    for name in names:
        if name not in known:
            raise InputError(f"classes: expected some of {', '.join(known)}, got {name!r}{nearest(name, known)}")
        if names.count(name) > 1:
            raise InputError(f"classes: expected each class once, got {name!r} twice")


class GeneratorKind(abc.ABC):
    """A kind of generator.

    Attributes:
      name: as `--generator` and rows bear it; the prefix of its settings.
      title: one or two words to read.
      config_class: frozen dataclass, whose fields are settings or dataclasses of settings.
      starts_from_weights: `Surroundings.init_from` is understood.
      reads_recordings: the recordings are read once more for their waveforms, so that all lie in one folder.
      shares_devices: `Surroundings.replicas` is understood.
      saves_checkpoints: a training has many steps, and one that was killed goes on at its last checkpoint.
      hears_training_clips_alone: its clips come from nothing else, so that left-out recordings may judge them.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    config_class: ClassVar[type]
    starts_from_weights: ClassVar[bool] = False
    reads_recordings: ClassVar[bool] = False
    shares_devices: ClassVar[bool] = False
    saves_checkpoints: ClassVar[bool] = False
    hears_training_clips_alone: ClassVar[bool] = True

    def resolve(self, config: Any, features: FeatureConfig) -> Any:
        """The configuration with nothing left open.

        Raises:
          InputError: settings that do not fit the clips.
        """
        return config

    def resolve_for(self, config: Any, data: DataConfig, features: FeatureConfig) -> Any:
        """As `resolve`, for kinds to which it matters how the recordings are cut; `data` has nothing left open.

        Raises:
          InputError: settings that do not fit the clips.
        """
        return self.resolve(config, features)

    @abc.abstractmethod
    def plan(self, config: Any, features: FeatureConfig) -> list[str]:
        """Lines that say what a training of a resolved configuration will do; needs no TensorFlow."""

    def check(self, config: Any, surroundings: Surroundings) -> None:
        """Refuses a training that its surroundings do not allow, before the recordings are read.

        Raises:
          InputError: for instance batches that the devices cannot share.
        """
        return  # most kinds work anywhere

    @abc.abstractmethod
    def fit(self, config: Any, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings) -> None:
        """Trains a generator, or goes on where an earlier call with the same arguments stopped.

        Args:
          config: resolved configuration.
          training: what to learn from.
          seed: of everything that is drawn.
          folder: of the training; `experiment.json` in it names the kind under 'generator'.
          surroundings: console, log, and the like.

        Raises:
          InputError: the folder is in use, cannot be written, or holds another training (an `OtherRun`).
          UnfitClips: this kind cannot learn from such clips.
          TrainingDiverged: a value is not finite.
          Interrupted: a signal asked to stop; the state is saved.
        """

    @abc.abstractmethod
    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        """What was trained in a folder; no recordings are needed.

        Args:
          folder: of a finished training.
          warn: gets a line for everything that is passed over.
          for_export: compute as exported models do, where that differs.

        Raises:
          InputError: there is no finished training of this kind in the folder.
        """

    @abc.abstractmethod
    def class_names(self, folder: Path) -> tuple[str, ...]:
        """Classes of the training in a folder, without loading what was trained.

        Raises:
          InputError: there is no training of this kind in the folder.
        """
