"""The loop over the steps of one stage, with what happens between them: reports, samples, checkpoints, stops.

What is reported up to an image is on the disk before the checkpoint of that image is. A run that is killed goes
on at its last checkpoint, and all that lies behind it is reported again.
"""

import contextlib
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gansynth_isa.console import Console, Progress
from gansynth_isa.errors import Interrupted, TrainingDiverged
from gansynth_isa.files import replace_file
from gansynth_isa.generators.gansynth.cost import seconds_left
from gansynth_isa.generators.gansynth.latents import NUM_FIXED
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.stages import Stage
from gansynth_isa.generators.gansynth.training.listening import Listening
from gansynth_isa.generators.gansynth.training.reporting import bar_parts, report_line
from gansynth_isa.generators.gansynth.training.samples import (
    blended_samples,
    encode_png,
    fixed_samples,
    interpolated_samples,
    real_examples,
)
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.checkpoints import checkpoint_path, list_checkpoints, save_checkpoint
from gansynth_isa.runs.clip_pictures import SamplePictures
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.stop_signals import StopSignals

MAX_SECONDS_PER_CALL = 2.0  # how long the progress line may stand still, and a signal wait
MAX_SECONDS_UNSAVED = 600.0  # what a kill may cost, where checkpoints by the number of images lie further apart


@dataclass(frozen=True)
class RunContext:
    """What all stages of a run share.

    Attributes:
      show_reports: print every report where there is no progress line; else print the last one of each stage.
      replicas: the devices that share the training, of which this process is the chief.
      listening: makes sounds of the samples, or None where none can be made.
    """

    folder: RunFolder
    description: RunDescription
    stages: tuple[Stage, ...]
    console: Console
    board: Board
    stop: StopSignals
    show_reports: bool
    replicas: Replicas
    listening: Listening | None = None


def not_finite(losses: dict[str, float], before: int, image: int) -> str | None:
    """Which mean losses are not finite; one look per call tells of every step since the last report."""
    bad = [f"{name} is {value}" for name, value in losses.items() if not math.isfinite(value)]
    return f"{', '.join(bad)} between the images {before:,} and {image:,}" if bad else None


class StageLoop:
    """Trains one stage.

    Args:
      run: what all stages share.
      stage: the stage.
      state: its networks at the image where training starts.
      images: (clips, frames, mel_bins, channels), the real clips at the stage's resolution.
      labels: (clips,) their class indices.
      bar: the stage's progress line.
    """

    def __init__(self, run: RunContext, stage: Stage, state: GanState, images, labels, bar: Progress):
        self.run_, self.stage, self.state, self.bar = run, stage, state, bar
        config, class_names = run.description.config, run.description.class_names
        self.training = config.training
        self.real = real_examples(images, labels, len(class_names))
        self.pictures = SamplePictures(config.features, config.data.sample_rate, class_names)
        self.images_per_s = 0.0
        self.last_report: tuple[float, int] | None = None  # time and image, the first call left out
        self.saved_at = time.monotonic()
        self._save_every = self.training.save_checkpoints_num_images

    def run(self, batches) -> dict[str, np.ndarray]:
        """Trains to the end of the stage and returns its final arrays.

        Raises:
          TrainingDiverged: a loss or a weight is not finite.
          Interrupted: a signal asked to stop; the state is saved.
          InputError: the folder cannot be written, or the disk is full.
        """
        image, arrays = int(self.state.image), None
        report_every = self.training.save_summaries_num_images
        if image >= self.stage.end_image:  # an empty stage: what it took over is its result
            arrays = self._save(image)
        elif image > self.stage.first_image and self._is_regular(image) and not self._is_shown(image):
            self._show(image, ended=False)  # a signal came before the pictures were drawn
        while image < self.stage.end_image:
            boundary = min(self._next(image, report_every), self._next(image, self._save_every), self.stage.end_image)
            before, image = image, self._advance(batches, image, boundary)
            ended = image >= self.stage.end_image
            if ended or self._next(before, report_every) <= image:
                self._report(image, ended)
            asked_to_stop = self.run_.replicas.any(self.run_.stop.requested is not None)
            if asked_to_stop and not ended:  # before anything that takes its time
                raise self._stop(image)
            if ended or self._next(before, self._save_every) <= image:
                self._show(image, ended)
                arrays = self._save(image)
            elif time.monotonic() - self.saved_at > MAX_SECONDS_UNSAVED:
                self._save(image)
            if asked_to_stop:
                raise self._stop(image)
        return arrays

    def _is_regular(self, image: int) -> bool:
        """Whether a checkpoint is due at this image, whatever the clock says."""
        stage = self.stage
        before = max(stage.first_image, image - stage.batch_size)
        return image >= stage.end_image or self._next(before, self._save_every) <= image

    def _is_shown(self, image: int) -> bool:
        return self.run_.folder.samples_path(self.stage.name, image).exists()

    def _next(self, image: int, interval: int) -> int:
        """The first multiple of `interval` behind `image`, counted from the stage's first image."""
        first = self.stage.first_image
        return first + ((image - first) // interval + 1) * interval

    def _advance(self, batches, image: int, boundary: int) -> int:
        """Trains from `image` towards `boundary`, for about MAX_SECONDS_PER_CALL; returns the image reached."""
        num_steps = math.ceil((boundary - image) / self.stage.batch_size)
        affordable = self.images_per_s * MAX_SECONDS_PER_CALL / self.stage.batch_size
        num_steps = self.run_.replicas.from_chief(max(1, min(num_steps, int(affordable))))
        started = time.monotonic()
        self.state.train(batches, num_steps)
        reached = int(self.state.image)
        self.images_per_s = (reached - image) / (time.monotonic() - started)
        losses = self.state.mean_losses()
        bad = not_finite(losses, image, reached)
        if bad:
            raise self._diverged(bad)
        makes_graph = self.last_report is None  # which says nothing of the rate
        self.bar.show_parts(bar_parts(losses if makes_graph else losses | self._rates(reached, self.images_per_s)))
        self.bar.update(reached - image)
        self.last_report = self.last_report or (time.monotonic(), reached)
        return reached

    def _diverged(self, what: str) -> TrainingDiverged:
        for stage in reversed(self.run_.stages[: self.stage.index + 1]):
            saved = list_checkpoints(self.run_.folder.stage_dir(stage.name))
            if saved:
                return TrainingDiverged(f"stage {self.stage.index}: {what}; the last good checkpoint is {saved[-1]}")
        return TrainingDiverged(f"stage {self.stage.index}: {what}; there is no checkpoint yet")

    def _rates(self, image: int, images_per_s: float) -> dict[str, float]:
        network, stages = self.run_.description.config.network, self.run_.stages
        stage_left, run_left = seconds_left(stages, network, self.stage, image, images_per_s)
        return {"images_per_s": images_per_s, "stage_left_s": stage_left, "run_left_s": run_left}

    def _report(self, image: int, ended: bool) -> None:
        run = self.run_
        row = {"stage": self.stage.index, "image": image, "progress": float(self.state.progress())}
        row |= self.state.mean_losses()
        self.state.clear_losses()
        then, image_then = self.last_report
        measured = (image - image_then) / (time.monotonic() - then) if image > image_then else self.images_per_s
        row |= self._rates(image, measured)
        run.folder.append_metrics(row)
        run.board.report(image, row, self.training)
        is_shown = ended or (run.show_reports and not self.bar.is_shown)
        (run.console.line if is_shown else run.console.log)(report_line(row))
        self.last_report = (time.monotonic(), image)

    @contextlib.contextmanager
    def _not_training(self) -> Iterator[None]:
        """What is done meanwhile does not count into the images per second."""
        started = time.monotonic()
        yield
        if self.last_report:
            self.last_report = (self.last_report[0] + time.monotonic() - started, self.last_report[1])

    def _show(self, image: int, ended: bool) -> None:
        """Shows the samples, audible too where the stage has ended."""
        with self._not_training():
            self._draw(image, ended)

    def _draw(self, image: int, ended: bool) -> None:
        samples = fixed_samples(self.state.step.average, self.state.progress())
        pictures = self._pictures(samples, image)
        png = encode_png(pictures["fake_images"])
        replace_file(self.run_.folder.samples_path(self.stage.name, image), lambda file: file.write(png))
        self.run_.board.images(image, pictures)
        if ended and self.run_.listening:
            sounds = self.run_.listening.generated(samples[:, 0])
            self.run_.board.audio(image, sounds, self.run_.listening.sample_rate)

    def _pictures(self, samples: np.ndarray, image: int) -> dict[str, np.ndarray]:
        """Tag -> pixels; `samples` are those of the fixed latents."""
        average, progress = self.state.step.average, self.state.progress()
        title = f"stage {self.stage.index}, image {image:,}, progress {float(progress):.2f}"
        beside = np.concatenate([samples, self.real], axis=1)
        pictures = {"fake_images": self.pictures.draw(beside, {0: "generated", NUM_FIXED: "real"}, title)}
        pictures["interp_images"] = self.pictures.draw(interpolated_samples(average, progress), {}, title)
        if self.stage.growing:
            blend = blended_samples(average, self.real, float(progress))
            groups = {0: "generated: before, now, after", 3: "real: before, now, after"}
            pictures["real_images_blend"] = self.pictures.draw(blend, groups, title)
        return pictures

    def _save(self, image: int) -> dict[str, np.ndarray]:
        arrays = self.state.arrays() | {"stage": np.array(self.stage.index)}
        bad = [name for name, array in arrays.items() if not np.isfinite(array).all()]
        if bad:
            raise self._diverged(f"{bad[0]} is not finite at image {image:,}")
        with self._not_training():
            save_checkpoint(self.run_.folder.stage_dir(self.stage.name), image, arrays, self._is_regular)
        self.saved_at = time.monotonic()
        return arrays

    def _stop(self, image: int) -> Interrupted:
        path = checkpoint_path(self.run_.folder.stage_dir(self.stage.name), image)
        if not path.exists():
            self._save(image)
        self.run_.replicas.wait_for_all()
        return self.run_.stop.interruption(f"stage {self.stage.index}, image {image:,}, saved in {path}")
