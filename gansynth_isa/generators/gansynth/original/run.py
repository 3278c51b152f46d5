"""Run folders of the original GANSynth: experiment.json and stage_*/model.ckpt-*, read as a run of this project."""

import dataclasses
import hashlib
import json
import re
from pathlib import Path
from typing import TypeVar

import numpy as np
import tensorflow as tf

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig, TrainingConfig
from gansynth_isa.generators.gansynth.networks.building import build_discriminator, build_generator
from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.original.names import CLASS_HEAD, GENERATOR_SCOPE, set_original_arrays
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.spectral.normalizers import Normalizer
from gansynth_isa.tensorflow_paths import literal_path
from gansynth_isa.validation import known

AVERAGE_SUFFIX = "/ExponentialMovingAverage"
STEP_NAME = "progressive_gan_train_ops/global_step"
FIXED_NORMALIZER = "specgrams_prespecified_normalizer"
Settings = TypeVar("Settings", NetworkConfig, TrainingConfig)
ARCHITECTURE = {"g_fn": "specgram", "d_fn": "specgram", "simple_arch": False}  # what this project rebuilds


def is_original_run(folder: Path) -> bool:
    """Whether experiment.json is one of the original, a flat list of hyperparameters without a version."""
    try:
        values = json.loads((folder / "experiment.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(values, dict) and "fmap_base" in values and "format_version" not in values


class OriginalRun:
    """The last stage of an original run.

    Args:
      folder: the run's folder.

    Attributes:
      description: configuration, numbered classes (the original keeps no names), and the fixed normaliser; None
        where the original took the range from its data, which the folder does not hold.
      num_blocks: blocks of the networks.
      is_finished: whether the last stage has been reached.
      image: images shown.

    Raises:
      InputError: settings that this project does not know, no checkpoint, or a damaged one.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._hparams = json.loads((folder / "experiment.json").read_text(encoding="utf-8"))
        network = self._network()
        stage, self._checkpoint = self._last_checkpoint()
        self._tensors = _read_tensors(self._checkpoint)
        self.num_blocks = (stage + 1) // 2 + 1
        self.is_finished = stage >= 2 * known(network.num_resolutions) - 2
        self.image = int(self._tensor(STEP_NAME))
        self.description = self._describe(network)

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights and moving averages under the names of this project's checkpoints, of all blocks' images too.

        Raises:
          InputError: the checkpoint lacks variables, or one has another shape than the settings say.
        """
        averages = {
            name.removesuffix(AVERAGE_SUFFIX): tensor
            for name, tensor in self._tensors.items()
            if name.endswith(AVERAGE_SUFFIX)
        }
        found: dict[str, np.ndarray] = {}
        for num_blocks in range(1, self.num_blocks + 1):
            shape = (self.description.config.network, len(self.description.class_names), num_blocks, False)
            channels = self.description.num_channels
            found |= self._set("generator", build_generator(*shape, channels), self._tensors)
            found |= self._set("average", build_generator(*shape, channels, name="average"), averages)
            found |= self._set("discriminator", build_discriminator(*shape, channels), self._tensors)
        return found

    def _set(
        self, part: str, network: Generator | Discriminator, tensors: dict[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        try:
            set_original_arrays(network, tensors)
        except KeyError as error:
            raise InputError(f"{self._checkpoint}: the checkpoint lacks the {part} variable {error}") from error
        except ValueError as error:
            raise InputError(f"{self._checkpoint}: a variable does not fit experiment.json ({error})") from error
        return {f"{part}/{variable.path}": variable.numpy() for variable in network.trainable_variables}

    def _tensor(self, name: str) -> np.ndarray:
        if name not in self._tensors:
            raise InputError(f"{self._checkpoint}: the checkpoint lacks the variable {name!r}")
        return self._tensors[name]

    def _last_checkpoint(self) -> tuple[int, str]:
        """Index of the last stage that has a checkpoint, and the newest checkpoint's path without suffix."""
        found = []
        for path in self._folder.glob("stage_*/model.ckpt-*.index"):
            names = re.fullmatch(r"stage_(\d+)/model\.ckpt-(\d+)\.index", path.relative_to(self._folder).as_posix())
            if names:
                found.append((int(names[1]), int(names[2]), str(path).removesuffix(".index")))
        if not found:
            raise InputError(f"{self._folder}: expected checkpoints stage_*/model.ckpt-* of the original, found none")
        stage, _, checkpoint = max(found)
        return stage, checkpoint

    def _network(self) -> NetworkConfig:
        for name, expected in ARCHITECTURE.items():
            if self._hparams.get(name, expected) != expected:
                raise InputError(
                    f"{self._folder}: {name}: expected {expected!r}, the one this project rebuilds, "
                    f"got {self._hparams[name]!r}"
                )
        network = self._settings(NetworkConfig)
        missing = [name for name in ("num_resolutions", "start_height", "start_width") if not getattr(network, name)]
        if missing:
            raise InputError(f"{self._folder}: expected {missing[0]} in experiment.json, got nothing")
        return network

    def _settings(self, kind: type[Settings]) -> Settings:
        """The settings of class `kind` that the original knows too; its names are the same."""
        known = {item.name for item in dataclasses.fields(kind)}
        given = {name: value for name, value in self._hparams.items() if name in known and value is not None}
        try:
            return kind(**given)
        except InputError as error:
            raise InputError(f"{self._folder / 'experiment.json'}: {error}") from error

    def _describe(self, network: NetworkConfig) -> RunDescription:
        growth = [step ** (known(network.num_resolutions) - 1) for step in network.scale]
        frames, bins = (start * by for start, by in zip(network.start_resolution, growth, strict=True))
        num_classes = len(self._tensor(f"{CLASS_HEAD}/bias"))
        num_channels = len(self._tensor(f"{GENERATOR_SCOPE}/progressive_gan_block_1/to_rgb/bias"))
        return RunDescription(
            config=GanConfig(
                data=self._data(),
                features=self._features(frames, bins, num_channels),
                network=network,
                training=self._settings(TrainingConfig),
            ),
            class_names=tuple(f"class_{index:0{len(str(num_classes - 1))}d}" for index in range(num_classes)),
            class_counts=(0,) * num_classes,
            data={"sha256": self._digest(), "files": {}, "clips": [], "counts": {}, "origin": "original GANSynth"},
            normalizer=self._normalizer(num_channels),
            num_channels=num_channels,
        )

    def _features(self, frames: int, bins: int, num_channels: int) -> FeatureConfig:
        data_type = self._hparams.get("data_type", "mel") if num_channels > 1 else "log_mel"
        try:
            return FeatureConfig(
                data_type=data_type, fft_length=2 * bins, hop_length=bins // 2, mel_bins=bins, frames=frames
            )
        except InputError as error:
            raise InputError(f"{self._folder / 'experiment.json'}: {error}") from error

    def _data(self) -> DataConfig:
        sample_rate = self._hparams.get("sample_rate", 16000)
        name = self._hparams.get("dataset_name")
        seconds = self._hparams.get("audio_length", 64000) / sample_rate
        return DataConfig(dataset_name=name, sample_rate=sample_rate, clip_seconds=seconds)

    def _normalizer(self, num_channels: int) -> Normalizer | None:
        if self._hparams.get("data_normalizer") != FIXED_NORMALIZER:
            return None
        try:
            scale, offset = (
                np.array([float(self._hparams[f"{part}_normalizer_{letter}"]) for part in ("mag", "p")])
                for letter in "ab"
            )
        except (KeyError, TypeError, ValueError) as error:
            path = self._folder / "experiment.json"
            raise InputError(f"{path}: expected the numbers of the normalizer ({error})") from error
        return Normalizer(scale[:num_channels], offset[:num_channels], np.zeros(num_channels))

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for name, tensor in sorted(self._tensors.items()):
            digest.update(f"{name}{tensor.shape}".encode() + np.ascontiguousarray(tensor).tobytes())
        return digest.hexdigest()


def _read_tensors(checkpoint: str) -> dict[str, np.ndarray]:
    """All tensors but the optimizers' slots, which do not carry over."""
    path = Path(checkpoint)
    try:
        with literal_path(path.parent) as literal:
            reader = tf.train.load_checkpoint(str(literal / path.name))
            names = [name for name in reader.get_variable_to_shape_map() if not re.search(r"/Adam(_1)?$", name)]
            return {name: np.asarray(reader.get_tensor(name)) for name in names}
    except (tf.errors.OpError, ValueError, IndexError, RuntimeError, OSError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{checkpoint}: not a whole checkpoint ({reason[:200]})") from error
