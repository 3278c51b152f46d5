"""The folder of a training run: what it is about, where it stands, what it has reported."""

import json
from importlib import metadata
from pathlib import Path
from typing import TypeVar

from gansynth_isa.errors import InputError, OtherRun
from gansynth_isa.files import UNFINISHED, append_line, check_own_folder, replace_file
from gansynth_isa.runs.description import Description

FORMAT_VERSION = 1
PACKAGES = ("gansynth_isa", "tensorflow", "keras", "numpy")
Described = TypeVar("Described", bound=Description)


class RunFolder:
    """`train_root_dir`: experiment.json, metrics.jsonl, log.txt, samples/, and a folder of checkpoints per stage.

    A run has one stage or several, which follow each other; images are counted from the first to the last.
    """

    def __init__(self, path: Path | str):
        self.path = Path(path)

    @property
    def description_path(self) -> Path:
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

    def read_description(self, kind: type[Described]) -> Described:
        """What the run is about.

        Args:
          kind: of description that the folder should hold.

        Raises:
          InputError: there is no run in this folder, or its description is damaged, or of another version.
          OtherRun: the run is of another kind.
        """
        path = self.description_path
        if not path.is_file():
            raise InputError(f"{self.path}: expected the folder of {kind.noun}, but it has no {path.name}")
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            version, found = values.get("format_version"), values.get("generator", kind.kind)
            if version == FORMAT_VERSION and found == kind.kind:
                return kind.from_dict(values)
        except (OSError, ValueError, KeyError, AttributeError, TypeError, OverflowError, RecursionError) as error:
            raise InputError(f"{path}: damaged ({error})") from error
        if found != kind.kind:
            raise OtherRun(f"{path}: expected {kind.noun}, got a training of the kind {found!r}")
        raise InputError(f"{path}: expected format_version {FORMAT_VERSION}, got {version!r}")

    def check(self, description: Description) -> None:
        """Checks that the run that is here, if there is one, is the same.

        Raises:
          OtherRun: the folder holds a run of another configuration or other data.
          InputError: its description is damaged, or the folder holds something else.
        """
        if not self.description_path.exists():
            check_own_folder(self.path, "train_root_dir", self.description_path.name, "a training")
            return
        changed = self.read_description(type(description)).changes(description)
        if changed:
            raise OtherRun(
                f"{self.path}: holds a run that differs ({'; '.join(changed)}); use another --train_root_dir"
            )

    def open(self, description: Description) -> None:
        """Starts the run, or checks that the one that is here is the same.

        Raises:
          InputError: the folder cannot be written.
          OtherRun: it holds another run.
        """
        self.check(description)
        if not self.description_path.exists():
            versions = {package: metadata.version(package) for package in PACKAGES}
            values = {"format_version": FORMAT_VERSION, **description.to_dict(), "versions": versions}
            text = json.dumps(values, indent=1)
            replace_file(self.description_path, lambda file: file.write(text.encode()))

    def append_metrics(self, row: dict) -> None:
        """Adds one line to metrics.jsonl; a row has `stage` and `image`, by which it is rewound."""
        append_line(self.metrics_path, json.dumps(row))

    def has_reports(self) -> bool:
        """Whether something was reported, so that training had begun."""
        return self.metrics_path.exists() and self.metrics_path.stat().st_size > 0

    def rewind(self, stage: int, image: int) -> None:
        """Drops all that was reported behind a checkpoint: it is about to be measured again.

        A line that a kill cut short goes too, and so do files that were not written to their end.
        """
        from gansynth_isa.runs.board import rewind_events  # needs TensorFlow, which kinds import when they train

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
