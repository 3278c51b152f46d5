"""All that changes while a pair of networks trains, as named arrays that can be stored and put back."""

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.generators.adversarial.networks import ConvolutionalCritic, ConvolutionalGenerator
from gansynth_isa.generators.adversarial.settings import Stage, WganSettings
from gansynth_isa.generators.adversarial.step import (
    CRITIC_METRICS,
    GENERATOR_LABELS,
    GENERATOR_LATENTS,
    GENERATOR_METRICS,
    GENERATOR_SHIFTS,
    Batch,
    WganStep,
    critic_draws,
    drawn_shifts,
    uniform_latents,
)
from gansynth_isa.generators.latents import StepSeed
from gansynth_isa.runs.variables import restore_variables

GENERATOR = "generator"  # begins the names of the generator's arrays


class WganState:
    """Networks, optimizers, image counter and running sums of losses of one stage.

    Args:
      generator, critic: the networks.
      settings: of the training.
      stage: what is trained.
      seed: of everything that is drawn.
      shares: (classes,) shares of the classes in the real clips, from which labels of fakes are drawn for the
        generator's update; empty where the networks know no classes.
    """

    def __init__(
        self,
        generator: ConvolutionalGenerator,
        critic: ConvolutionalCritic,
        settings: WganSettings,
        stage: Stage,
        seed: int,
        shares: np.ndarray,
    ):
        self.step, self.settings, self.stage = WganStep(generator, critic, settings), settings, stage
        self._seed, self._num_labels = seed, len(shares)
        self._log_shares = tf.math.log(tf.constant(shares, tf.float32))[tf.newaxis]
        self.image = tf.Variable(stage.first_image, dtype=tf.int64, trainable=False)
        self.critic_sums = tf.Variable(tf.zeros(len(CRITIC_METRICS)), trainable=False)
        self.generator_sums = tf.Variable(tf.zeros(len(GENERATOR_METRICS)), trainable=False)
        self.num_summed = tf.Variable(0, dtype=tf.int64, trainable=False)
        self._train_graph = tf.function(self._train)

    def train(self, batches: Iterator[tuple[tf.Tensor, tf.Tensor]], num_steps: int) -> int:
        """Runs `num_steps` steps on an iterator of (examples, one-hot labels); returns the images shown until then."""
        self._train_graph(batches, tf.constant(num_steps))
        return int(self.image)

    def _train(self, batches: Iterator[tuple[tf.Tensor, tf.Tensor]], num_steps: tf.Tensor) -> None:
        for _ in tf.range(num_steps):
            for _ in tf.range(self.settings.critic_steps):
                examples, labels = next(batches)
                self._update_critic(examples, labels)
            self._update_generator()

    def _update_critic(self, examples: tf.Tensor, labels: tf.Tensor) -> None:
        reals = Batch(examples, labels)
        drawn = StepSeed(self._seed, self.image.read_value())
        losses = self.step.critic_step(reals, critic_draws(drawn, reals, self.step.critic, self.settings))
        self.critic_sums.assign_add(tf.stack([losses[name] for name in CRITIC_METRICS]))
        self.image.assign_add(self.settings.batch_size)

    def _update_generator(self) -> None:
        """One update; its numbers follow from the images that the critic was shown by then."""
        drawn, settings = StepSeed(self._seed, self.image.read_value()), self.settings
        latents = uniform_latents(drawn, GENERATOR_LATENTS, settings.batch_size, settings.latent_size)
        shifts = drawn_shifts(drawn, GENERATOR_SHIFTS, self.step.critic)
        losses = self.step.generator_step(latents, self._drawn_labels(drawn), shifts)
        self.generator_sums.assign_add(tf.stack([losses[name] for name in GENERATOR_METRICS]))
        self.num_summed.assign_add(1)

    def _drawn_labels(self, drawn: StepSeed) -> tf.Tensor:
        """One-hot labels (batch, classes) by the shares of the classes."""
        if not self._num_labels:
            return tf.zeros((self.settings.batch_size, 0))
        stream = drawn.stream(GENERATOR_LABELS)
        labels = tf.random.stateless_categorical(self._log_shares, self.settings.batch_size, stream)[0]
        return tf.one_hot(labels, self._num_labels)

    def mean_losses(self) -> dict[str, float]:
        """Mean of every loss and gradient norm since the last `clear_losses`."""
        steps = max(1, int(self.num_summed))
        critic = self.critic_sums.numpy() / (steps * self.settings.critic_steps)
        generator = self.generator_sums.numpy() / steps
        names = (*CRITIC_METRICS, *GENERATOR_METRICS)
        return {name: float(value) for name, value in zip(names, (*critic, *generator), strict=True)}

    def clear_losses(self) -> None:
        """Starts new means."""
        for variable in (self.critic_sums, self.generator_sums, self.num_summed):
            variable.assign(tf.zeros_like(variable))

    def _variables(self) -> dict[str, tf.Variable | keras.Variable]:
        step = self.step
        weights = {f"{GENERATOR}/{name}": variable for name, variable in step.generator.named_weights().items()}
        parts = {
            "critic": step.critic.trainable_variables,
            "optimizer": step.generator_optimizer.variables + step.critic_optimizer.variables,
        }
        named = weights | {
            f"{part}/{variable.path}": variable for part, variables in parts.items() for variable in variables
        }
        counters = {"image": self.image, "num_summed": self.num_summed}
        return named | counters | {"critic_sums": self.critic_sums, "generator_sums": self.generator_sums}

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that `restore` needs to go on exactly from here."""
        return {name: np.array(variable) for name, variable in self._variables().items()}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Puts back what `arrays` gave.

        Raises:
          InputError: an array is missing or has another shape, as in a checkpoint of another version.
        """
        restore_variables(self._variables(), arrays)
