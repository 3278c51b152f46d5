"""The folder of a training run: what it is about, where it stands, what it has reported."""

import json
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

from gansynth_isa import validation
from gansynth_isa.config import GanConfig
from gansynth_isa.config.identity import FREE_IN_RUN, changes
from gansynth_isa.errors import InputError
from gansynth_isa.files import UNFINISHED, append_line, replace_file
from gansynth_isa.runs.board import rewind_events
from gansynth_isa.spectral.normalizers import Normalizer

FORMAT_VERSION = 1
PACKAGES = ("gansynth_isa", "tensorflow", "keras", "numpy")


@dataclass(frozen=True)
class Experiment:
    """What `experiment.json` holds: configuration, class names, fingerprint of the data, normaliser.

    `normalizer` is None for a run of the original GANSynth that does not hold it; `initialised_from` identifies the
    weights that a run started from, where those were another's.
    """

    config: GanConfig
    class_names: tuple[str, ...]
    class_counts: tuple[int, ...]
    data: dict
    normalizer: Normalizer | None
    num_channels: int
    initialised_from: dict | None = None

    @property
    def class_shares(self) -> np.ndarray:
        """(classes,) shares of the classes in the training clips."""
        counts = np.array(self.class_counts, np.float64)
        return counts / counts.sum()

    def to_dict(self) -> dict:
        values = {
            "format_version": FORMAT_VERSION,
            "configuration": validation.to_dict(self.config),
            "class_names": list(self.class_names),
            "class_counts": list(self.class_counts),
            "num_channels": self.num_channels,
            "data": self.data,
            "normalizer": self.normalizer.to_dict(),
            "versions": {package: metadata.version(package) for package in PACKAGES},
        }
        return values if self.initialised_from is None else {**values, "initialised_from": self.initialised_from}

    @classmethod
    def from_dict(cls, values: dict) -> "Experiment":
        return cls(
            config=validation.from_dict(GanConfig, values["configuration"]),
            class_names=tuple(values["class_names"]),
            class_counts=tuple(values["class_counts"]),
            data=values["data"],
            normalizer=Normalizer.from_dict(values["normalizer"]),
            num_channels=values["num_channels"],
            initialised_from=values.get("initialised_from"),
        )


class RunFolder:
    """`train_root_dir`: experiment.json, metrics.jsonl, samples/, and a folder per stage."""

    def __init__(self, path: Path | str):
        self.path = Path(path)

    @property
    def experiment_path(self) -> Path:
        return self.path / "experiment.json"

    @property
    def metrics_path(self) -> Path:
        return self.path / "metrics.jsonl"

    @property
    def log_path(self) -> Path:
        return self.path / "log.txt"

    def samples_path(self, stage_name: str, image: int) -> Path:
        return self.path / "samples" / f"{stage_name}_{image:012d}.png"

    def stage_dir(self, stage_name: str) -> Path:
        return self.path / stage_name

    def read_experiment(self) -> Experiment:
        """What the run is about.

        Raises:
          InputError: there is no run in this folder, or its experiment.json is damaged or of another version.
        """
        if not self.experiment_path.is_file():
            raise InputError(f"{self.path}: expected the folder of a trained GAN, but it has no experiment.json")
        try:
            values = json.loads(self.experiment_path.read_text(encoding="utf-8"))
            version = values.get("format_version")
            if version != FORMAT_VERSION:
                raise InputError(f"{self.experiment_path}: expected format_version {FORMAT_VERSION}, got {version!r}")
            return Experiment.from_dict(values)
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            if isinstance(error, InputError) and "format_version" in str(error):
                raise
            raise InputError(f"{self.experiment_path}: damaged ({error})") from error

    def check(self, experiment: Experiment) -> None:
        """Checks that the run that is here, if there is one, is the same.

        Raises:
          InputError: the folder holds a run of another configuration or other data.
        """
        if not self.experiment_path.exists():
            return
        stored = self.read_experiment()
        changed = changes(stored.config, experiment.config, FREE_IN_RUN)
        if stored.class_names != experiment.class_names:
            changed.append(f"classes: {', '.join(stored.class_names)} -> {', '.join(experiment.class_names)}")
        if stored.data["sha256"] != experiment.data["sha256"]:
            changed.append(_data_difference(stored.data, experiment.data))
        if stored.initialised_from != experiment.initialised_from:
            old, new = (run.initialised_from and run.initialised_from["sha256"][:12] for run in (stored, experiment))
            changed.append(f"init_from: weights {old} -> {new}")
        if changed:
            raise InputError(
                f"{self.path}: holds a run that differs ({'; '.join(changed)}); use another --train_root_dir"
            )

    def open(self, experiment: Experiment) -> None:
        """Starts the run, or checks that the one that is here is the same.

        Raises:
          InputError: the folder cannot be written, or holds another run.
        """
        self.check(experiment)
        if not self.experiment_path.exists():
            text = json.dumps(experiment.to_dict(), indent=1)
            replace_file(self.experiment_path, lambda file: file.write(text.encode()))

    def append_metrics(self, row: dict) -> None:
        """Adds one line to metrics.jsonl."""
        append_line(self.metrics_path, json.dumps(row))

    def has_reports(self) -> bool:
        """Whether something was reported, so that training had begun."""
        return self.metrics_path.exists() and self.metrics_path.stat().st_size > 0

    def rewind(self, stage: int, image: int) -> None:
        """Drops all that was reported behind a checkpoint: it is about to be measured again.

        A line that a kill cut short goes too, and so do files that were not written to their end.
        """
        for unfinished in self.path.rglob(UNFINISHED):
            unfinished.unlink()
        rewind_events(self.path, image)
        if self.metrics_path.exists():
            self._rewind_metrics(stage, image)

    def _rewind_metrics(self, stage: int, image: int) -> None:
        text = self.metrics_path.read_text(encoding="utf-8", errors="replace")
        kept = []
        for line in text.splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if (row["stage"], row["image"]) <= (stage, image):
                kept.append(line + "\n")
        if "".join(kept) != text:
            replace_file(self.metrics_path, lambda file: file.write("".join(kept).encode()))


def _data_difference(old: dict, new: dict) -> str:
    old_files, new_files = old.get("files", {}), new.get("files", {})
    names = [name for name in {**old_files, **new_files} if old_files.get(name) != new_files.get(name)]
    return f"data: {len(names)} recordings differ, {names[0]} for one" if names else "data: other clips"
