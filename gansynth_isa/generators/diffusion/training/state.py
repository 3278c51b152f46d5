"""What both stages of a training have in common: steps, moving average, image counter, sums of losses."""

import abc
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.networks.changes import NUM_DRAWS, draw_changes
from gansynth_isa.generators.diffusion.stages import Stage, half_life
from gansynth_isa.generators.latents import StepSeed
from gansynth_isa.runs.fused_adam import FusedAdam
from gansynth_isa.runs.variables import restore_variables

ADAM_BETA2 = 0.99  # trainings are short: the usual 0.999 remembers a thousand steps
ADAM_EPSILON = 1e-8
WARM_UP = 0.02  # share of a stage in which the learning rate rises
AVERAGE_RAMP = 0.05  # the moving average reaches back over no more than this share of the images shown (EDM)
GRADIENT_NORM = "gradient_norm"

# What a step's numbers are for; each has a stream of its own.
CHANGES, LATENT_NOISE, LEVELS, NOISE, HIDDEN_LABELS = range(5)


class Losses(NamedTuple):
    """What a step gives.

    Attributes:
      total: scalar, to be minimised.
      sums: scalar sums by name, of what is watched.
      counts: what each of them is summed over.
    """

    total: tf.Tensor
    sums: tuple[tf.Tensor, ...]
    counts: tuple[tf.Tensor | float, ...]


class StageState(abc.ABC):
    """Networks, optimizer, moving average, image counter and running sums of losses of one stage.

    Args:
      config: resolved configuration.
      stage: the stage.
      seed: of all that is drawn.
      batches: endless (clips, one-hot labels), from where the training goes on.
      trained: what is trained.
      average: a copy of it that holds the moving average of the weights.
      fixed: further layers, whose weights do not change; they are part of what is stored.
      learning_rate: the largest.
      watched: names of the losses.
    """

    def __init__(
        self,
        config: DiffusionConfig,
        stage: Stage,
        seed: int,
        trained: keras.Layer,
        average: keras.Layer,
        fixed: dict[str, keras.Layer],
        learning_rate: float,
        watched: Sequence[str],
    ):
        self.config, self.stage, self.seed = config, stage, seed
        self.trained, self.average, self.fixed = trained, average, fixed
        for mean, variable in zip(average.trainable_variables, trained.trainable_variables, strict=True):
            mean.assign(variable)
        self.watched = (*watched, GRADIENT_NORM)
        self._largest_rate, self._half_life = learning_rate, half_life(config, stage)
        self.optimizer = FusedAdam(learning_rate, beta_2=ADAM_BETA2, epsilon=ADAM_EPSILON, name="optimizer")
        self.optimizer.build(trained.trainable_variables)
        self.image = tf.Variable(stage.first_image, dtype=tf.int64, trainable=False)
        self.sums = tf.Variable(tf.zeros(len(self.watched)), trainable=False)
        self.counts = tf.Variable(tf.zeros(len(self.watched)), trainable=False)
        self.batches: Iterator[tuple[tf.Tensor, tf.Tensor]] | None = None
        self._graph = tf.function(self._train)

    @abc.abstractmethod
    def losses(self, clips: tf.Tensor, labels: tf.Tensor, drawn: StepSeed) -> Losses:
        """Losses of a batch of clips (batch, frames, mel_bins, channels) with one-hot labels (batch, classes)."""

    def train(self, num_steps: int) -> int:
        """Trains so many steps without coming back to Python, and returns the image reached."""
        self._graph(self.batches, tf.constant(num_steps))
        return int(self.image)

    def _train(self, batches: Iterator[tuple[tf.Tensor, tf.Tensor]], num_steps: tf.Tensor) -> None:
        for _ in tf.range(num_steps):
            clips, labels = next(batches)
            self._step(clips, labels)

    def _step(self, clips: tf.Tensor, labels: tf.Tensor) -> None:
        image = self.image.read_value()
        variables = self.trained.trainable_variables
        values = [variable.value for variable in variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            losses = self.losses(clips, labels, StepSeed(self.seed, image))
        gradients = tape.gradient(losses.total, values)
        shown = tf.cast(image - self.stage.first_image, tf.float32)
        self.optimizer.learning_rate.assign(self._learning_rate(shown))
        self.optimizer.apply(gradients, variables)
        decay = self._average_decay(shown)
        for mean, variable in zip(self.average.trainable_variables, variables, strict=True):
            mean.assign(variable + decay * (mean - variable))
        self.sums.assign_add(tf.stack([*losses.sums, tf.linalg.global_norm(gradients)]))
        self.counts.assign_add(tf.stack([*(tf.cast(count, tf.float32) for count in losses.counts), 1.0]))
        self.image.assign_add(self.config.diffusion_batch_size)

    def _learning_rate(self, shown: tf.Tensor) -> tf.Tensor:
        """Rises at the start, then falls along a cosine to nothing at the end."""
        share = shown / self.stage.num_images
        rise = tf.minimum(1.0, (share + self.config.diffusion_batch_size / self.stage.num_images) / WARM_UP)
        return self._largest_rate * rise * 0.5 * (1.0 + tf.cos(np.pi * tf.minimum(share, 1.0)))

    def _average_decay(self, shown: tf.Tensor) -> tf.Tensor:
        """Of the moving average, per step."""
        present = tf.minimum(self._half_life, AVERAGE_RAMP * shown)
        return 0.5 ** (self.config.diffusion_batch_size / tf.maximum(present, 1e-6))

    def drawn_changes(self, drawn: StepSeed) -> tf.Tensor:
        """(batch, NUM_CHANGES) changes of a step's clips."""
        draws = tf.random.stateless_uniform((self.config.diffusion_batch_size, NUM_DRAWS), drawn.stream(CHANGES))
        return draw_changes(draws, self.config.diffusion_augmentation_probability)

    def mean_losses(self) -> dict[str, float]:
        """Means since the last `clear_losses`, of what there was any of."""
        pairs = zip(self.watched, self.sums.numpy(), self.counts.numpy(), strict=True)
        return {name: float(total / count) for name, total, count in pairs if count}

    def clear_losses(self) -> None:
        """Starts new means."""
        for variable in (self.sums, self.counts):
            variable.assign(tf.zeros_like(variable))

    def _variables(self) -> dict[str, tf.Variable | keras.Variable]:
        parts = {"trained": self.trained.trainable_variables, "average": self.average.trainable_variables}
        parts |= {name: layer.variables for name, layer in self.fixed.items()}
        parts["optimizer"] = self.optimizer.variables
        named = {f"{part}/{variable.path}": variable for part, variables in parts.items() for variable in variables}
        return named | {"image": self.image, "loss_sums": self.sums, "loss_counts": self.counts}

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that `restore` needs to go on exactly from here."""
        return {name: np.array(variable) for name, variable in self._variables().items()}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Puts back what `arrays` of the same stage gave.

        Raises:
          InputError: an array is missing or has another shape, as in a checkpoint of another version.
        """
        restore_variables(self._variables(), arrays)
