"""Weights of another run to start from: what fits is taken, what does not is listed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig
from gansynth_isa.generators.gansynth.networks.building import build_discriminator, build_generator
from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.trained_run import TrainedRun, read_run
from gansynth_isa.spectral.normalizers import Normalizer
from gansynth_isa.validation import known

WHOLE_KERNEL = "discriminator/block_1_conv1/kernel"  # flattened over the start resolution


class InitialWeights:
    """Weights and moving averages of another run that fit the networks of this one.

    Args:
      run: the other run.
      network: this run's resolved configuration.
      class_names: this run's classes.
      clip_shape: (frames, mel_bins, channels) of this run's clips.
      data_type: of this run's clips.

    Attributes:
      arrays: what fits, named as in checkpoints.
      normalizer: the other run's where it fits the clips and their data type, or None.
    """

    def __init__(
        self,
        run: TrainedRun,
        network: NetworkConfig,
        class_names: tuple[str, ...],
        clip_shape: tuple[int, ...],
        data_type: str = FeatureConfig.data_type,
    ):
        self._run = run
        self._class_names = class_names
        shapes = _shapes(network, len(class_names), clip_shape[-1])
        if run.description.config.network.start_resolution != network.start_resolution:
            shapes[WHOLE_KERNEL] = None  # the same numbers may stand at other places
        self.arrays = {name: array for name, array in run.arrays.items() if shapes.get(name) == array.shape}
        self._misfits = [
            f"{name} {array.shape}, {_expectation(name, shapes)}"
            for name, array in sorted(run.arrays.items())
            if name not in self.arrays
        ]
        is_alike = run.description.config.features.data_type == data_type
        self.normalizer = _fitting(run.description.normalizer, clip_shape) if is_alike else None

    @classmethod
    def read(
        cls,
        folder: Path,
        config: GanConfig,
        class_names: tuple[str, ...],
        clip_shape: tuple[int, ...],
        warn: Callable[[str], None],
    ) -> "InitialWeights":
        """From a run's folder, of this project or of the original.

        Raises:
          InputError: see `trained_run.read_run`.
        """
        run = read_run(folder, warn, all_images=True)
        return cls(run, config.network, class_names, clip_shape, config.features.data_type)

    def description(self) -> dict:
        """What identifies the weights, ready for JSON."""
        return {"sha256": self._run.sha256(), "image": self._run.image}

    def files(self) -> dict[str, list[str]]:
        """Path -> SHA-256s of the recordings that these weights have seen, also before their own run."""
        data = self._run.description.data
        seen = {path: list(digests) for path, digests in data.get("files_before", {}).items()}
        for path, digest in data["files"].items():
            seen.setdefault(path, []).append(digest)
        return seen

    def lines(self) -> list[str]:
        """What was taken and what was not, a line each."""
        lines = [f"init_from: {len(self.arrays)} of {len(self._run.arrays)} arrays fit and are taken"]
        lines += [f"  not taken: {misfit}" for misfit in self._misfits]
        theirs = self._run.description.class_names
        if theirs != self._class_names and len(theirs) == len(self._class_names):
            pairs = ", ".join(f"{old} -> {new}" for old, new in zip(theirs, self._class_names, strict=True))
            lines.append(f"  the classes bear other names and are taken in order: {pairs}")
        lines.append(f"  normalizer: {'taken' if self.normalizer else 'not taken, fitted to the clips'}")
        return lines


def _expectation(name: str, shapes: dict[str, tuple[int, ...] | None]) -> str:
    if name not in shapes:
        return "expected no such array"
    return f"expected {shapes[name]}" if shapes[name] else "laid out for another start resolution"


def _shapes(network: NetworkConfig, num_classes: int, num_channels: int) -> dict[str, tuple[int, ...] | None]:
    """Name -> shape of the weights of all stages."""
    shapes: dict[str, tuple[int, ...] | None] = {}
    for num_blocks in range(1, known(network.num_resolutions) + 1):
        arguments = (network, num_classes, num_blocks, False, num_channels)
        parts: dict[str, Generator | Discriminator] = {
            "generator": build_generator(*arguments),
            "average": build_generator(*arguments, name="average"),
            "discriminator": build_discriminator(*arguments),
        }
        for part, built in parts.items():
            shapes |= {f"{part}/{variable.path}": tuple(variable.shape) for variable in built.trainable_variables}
    return shapes


def _fitting(normalizer: Normalizer | None, clip_shape: tuple[int, ...]) -> Normalizer | None:
    if normalizer is None or np.shape(normalizer.scale) not in (clip_shape[-1:], clip_shape[-2:]):
        return None
    return normalizer
