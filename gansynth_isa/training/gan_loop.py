"""The training run: stage after stage, with reports, checkpoints, samples, and resume."""

import math
import time

import numpy as np
import tensorflow as tf

from gansynth_isa.config import GanConfig
from gansynth_isa.console import Console, Progress
from gansynth_isa.data.clip_set import ClipSet
from gansynth_isa.data.pipeline import gan_batches
from gansynth_isa.models.growth import downscale
from gansynth_isa.spectral.normalizers import fit_normalizer
from gansynth_isa.training.checkpoints import latest_checkpoint, save_checkpoint
from gansynth_isa.training.cost import seconds_left
from gansynth_isa.training.gan_state import GanState
from gansynth_isa.training.run_folder import Experiment, RunFolder
from gansynth_isa.training.samples import draw_grid, figure_to_png, fixed_samples, real_examples
from gansynth_isa.training.stages import Stage, stage_plan

MAX_SECONDS_PER_CALL = 2.0  # how long the progress bar may stand still


def train_gan(config: GanConfig, train: ClipSet, train_root_dir: str, console: Console) -> None:
    """Trains a GAN on labelled clips, or goes on where an earlier call with the same arguments stopped.

    Args:
      config: resolved configuration.
      train: the training clips, of which every class has at least one.
      train_root_dir: folder of the run.
      console: where lines and progress go.

    Raises:
      InputError: the folder holds another run, or cannot be written.
    """
    folder = RunFolder(train_root_dir)
    experiment = describe_experiment(config, train)
    folder.open(experiment)
    GanRun(folder, experiment, train, console).run()


def describe_experiment(config: GanConfig, train: ClipSet) -> Experiment:
    """Everything that decides the run, with the normaliser fitted to the training clips."""
    counts = train.counts()
    normalizer = fit_normalizer(config.features.data_normalizer, train.log_mel, config.features.normalizer_margin)
    return Experiment(
        config=config,
        class_names=train.class_names,
        class_counts=tuple(counts[name] for name in train.class_names),
        data=train.fingerprint(),
        normalizer=normalizer,
        num_channels=train.log_mel.shape[-1],
    )


class GanRun:
    """One run in its folder."""

    def __init__(self, folder: RunFolder, experiment: Experiment, train: ClipSet, console: Console):
        self.folder, self.experiment, self.console = folder, experiment, console
        self.config = experiment.config
        self.stages = stage_plan(self.config.training, self.config.network)
        self.images = experiment.normalizer.normalize(train.log_mel).astype(np.float32)
        self.labels = train.labels
        self.writer = None

    def run(self) -> None:
        """Trains all stages that are not finished yet."""
        index, arrays = self._where_to_start()
        if index == len(self.stages):
            self.console.line(f"{self.folder.path}: finished, nothing to do")
            return
        self.writer = tf.summary.create_file_writer(str(self.folder.path))
        for stage in self.stages[index:]:
            arrays = self._train_stage(stage, arrays)
        self.writer.close()
        self.console.line(f"{self.folder.path}: finished, {self.stages[-1].end_image:,} images")

    def _where_to_start(self) -> tuple[int, dict[str, np.ndarray] | None]:
        """Index of the first stage to train, and the newest arrays: of that stage, or of the one before."""
        for stage in reversed(self.stages):
            found = latest_checkpoint(self.folder.stage_dir(stage.name), self.console.line)
            if found:
                image, arrays = found
                self.folder.forget_metrics_after(stage.index, image)
                if image >= stage.end_image:
                    return stage.index + 1, arrays
                self.console.line(f"resuming stage {stage.index} at image {image:,}")
                return stage.index, arrays
        return 0, None

    def _train_stage(self, stage: Stage, arrays: dict[str, np.ndarray] | None) -> dict[str, np.ndarray]:
        """Trains one stage to its end; returns its final arrays."""
        state = GanState(self.config, stage, self.experiment.class_shares, self.experiment.num_channels)
        if arrays and "stage" in arrays and int(arrays["stage"]) == stage.index:
            state.restore(arrays)
        elif arrays:
            state.adopt(arrays)
        images = self._images_at(stage)
        one_hot = np.eye(len(self.experiment.class_names), dtype=np.float32)[self.labels]
        start = int(state.image) - stage.first_image
        batches = iter(gan_batches(images, one_hot, stage.batch_size, self.config.training.seed + stage.index, start))
        kind = "transition" if stage.growing else "stable"
        description = f"stage {stage.index}/{len(self.stages) - 1} {kind} {stage.resolution[0]}x{stage.resolution[1]}"
        with self.console.progress(stage.num_images, description) as bar:
            bar.update(start)
            StageLoop(self, stage, state, images, bar).run(batches)
        return state.arrays() | {"stage": np.array(stage.index)}

    def _images_at(self, stage: Stage) -> np.ndarray:
        """The real images, box-downscaled once to the stage's resolution."""
        frames, mel_bins = stage.resolution
        factors = (self.images.shape[1] // frames, self.images.shape[2] // mel_bins)
        batches = np.array_split(self.images, math.ceil(len(self.images) / 256))
        return np.concatenate([downscale(tf.constant(batch), factors).numpy() for batch in batches])


class StageLoop:
    """The loop over the steps of one stage, with what happens between them."""

    def __init__(self, run: GanRun, stage: Stage, state: GanState, images: np.ndarray, bar: Progress):
        self.run_, self.stage, self.state, self.bar = run, stage, state, bar
        self.settings = run.config.training
        self.real = real_examples(images, run.labels, len(run.experiment.class_names))
        self.images_per_s = 0.0

    def run(self, batches) -> None:
        """Trains to the end of the stage."""
        image = int(self.state.image)
        report_every, save_every = self.settings.save_summaries_num_images, self.settings.save_checkpoints_num_images
        since_report = (time.monotonic(), image)
        if image >= self.stage.end_image:  # an empty stage: what it took over is its result
            self._save(image)
        while image < self.stage.end_image:
            boundary = min(self._next(image, report_every), self._next(image, save_every), self.stage.end_image)
            before, image = image, self._advance(batches, image, boundary)
            ended = image >= self.stage.end_image
            if ended or self._next(before, report_every) <= image:
                elapsed = time.monotonic() - since_report[0]
                self.images_per_s = (image - since_report[1]) / max(elapsed, 1e-9)
                self._report(image)
                since_report = (time.monotonic(), image)
            if ended or self._next(before, save_every) <= image:
                self._save(image)
                since_report = (time.monotonic(), image)

    def _next(self, image: int, interval: int) -> int:
        """The first multiple of `interval` behind `image`, counted from the stage's first image."""
        first = self.stage.first_image
        return first + ((image - first) // interval + 1) * interval

    def _advance(self, batches, image: int, boundary: int) -> int:
        """Trains from `image` towards `boundary`, for about MAX_SECONDS_PER_CALL; returns the image reached."""
        num_steps = math.ceil((boundary - image) / self.stage.batch_size)
        affordable = self.images_per_s * MAX_SECONDS_PER_CALL / self.stage.batch_size
        num_steps = max(1, min(num_steps, int(affordable)))
        started = time.monotonic()
        self.state.train(batches, num_steps)
        reached = int(self.state.image)
        self.images_per_s = (reached - image) / (time.monotonic() - started)
        self.bar.update(reached - image)
        return reached

    def _report(self, image: int) -> None:
        losses = self.state.mean_losses()
        self.state.clear_losses()
        progress = float(self.state.progress())
        run = self.run_
        stage_left, run_left = seconds_left(run.stages, run.config.network, self.stage, image, self.images_per_s)
        row = {"stage": self.stage.index, "image": image, "progress": progress, **losses}
        rates = {"images_per_s": self.images_per_s, "stage_left_s": stage_left, "run_left_s": run_left}
        run.folder.append_metrics(row | rates)
        run.console.line(report_line(row | rates))
        with run.writer.as_default(step=image):
            for name, value in losses.items():
                tf.summary.scalar(f"losses/{name}", value)
            tf.summary.scalar("progress", progress)
            tf.summary.scalar("images_per_s", self.images_per_s)

    def _save(self, image: int) -> None:
        run, stage = self.run_, self.stage
        arrays = self.state.arrays() | {"stage": np.array(stage.index)}
        save_checkpoint(run.folder.stage_dir(stage.name), image, arrays)
        generated = fixed_samples(self.state.step.average, self.state.progress())
        title = f"stage {stage.index}, image {image:,}"
        figure = draw_grid(generated, self.real, run.experiment.class_names, title)
        pixels = figure_to_png(figure, run.folder.path / "samples" / f"{stage.name}_{image:012d}.png")
        with run.writer.as_default(step=image):
            tf.summary.image("samples/generated_and_real", pixels[np.newaxis])
        run.writer.flush()


def report_line(row: dict) -> str:
    """One line with everything that a person watches."""
    return (
        f"stage {row['stage']} image {row['image']:>9,} progress {row['progress']:.2f}"
        f" | G {row['generator_loss']:8.3f} = w {row['generator_wasserstein']:7.3f} class {row['fake_class_loss']:.3f}"
        f" | D {row['discriminator_loss']:8.3f} = w {row['discriminator_wasserstein']:7.3f}"
        f" gp {row['gradient_penalty']:.3f} drift {row['real_score_penalty']:.2f} class {row['real_class_loss']:.3f}"
        f" | {row['images_per_s']:6.1f} images/s, left {_time(row['stage_left_s'])} / {_time(row['run_left_s'])}"
    )


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
