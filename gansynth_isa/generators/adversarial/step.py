"""The two updates of a Wasserstein GAN with gradient penalty (Gulrajani et al. 2017, algorithm 1)."""

from typing import NamedTuple, TypeAlias

import keras
import tensorflow as tf

from gansynth_isa.generators.adversarial.gradient_penalty import gradient_penalty, interpolate
from gansynth_isa.generators.adversarial.networks import ConvolutionalCritic, ConvolutionalGenerator
from gansynth_isa.generators.adversarial.settings import WganSettings
from gansynth_isa.generators.adversarial.wasserstein import discriminator_wasserstein, generator_wasserstein
from gansynth_isa.generators.latents import StepSeed
from gansynth_isa.runs.fused_adam import FusedAdam

ADAM_BETAS = (0.5, 0.9)
ADAM_EPSILON = 1e-8

CRITIC_METRICS = (
    "critic_loss", "critic_wasserstein", "gradient_penalty", "real_score", "fake_score", "critic_gradient_norm",
)  # fmt: skip
GENERATOR_METRICS = ("generator_loss", "generator_gradient_norm")

# What an update's numbers are for; each has a stream of its own.
CRITIC_LATENTS, FRACTIONS, SHIFTS, PENALTY_SHIFTS = 0, 1, 2, 3
GENERATOR_LATENTS, GENERATOR_LABELS, GENERATOR_SHIFTS = 4, 5, 6

Losses: TypeAlias = dict[str, tf.Tensor]  # scalars by their names


class Batch(NamedTuple):
    """Examples (batch, ..., 1) and one-hot labels (batch, labels); no labels where the networks know none."""

    examples: tf.Tensor
    labels: tf.Tensor


class CriticDraws(NamedTuple):
    """What is drawn for an update of the critic.

    Attributes:
      latents: (batch, latent_size).
      fractions: (batch, 1, ...), where between a real and a fake example the gradient is penalised.
      shifts: of the pass over fakes and reals. Both have the same: the loss is a difference of means, whose
        expectation does not depend on that.
      penalty_shifts: of the pass over what lies between.
    """

    latents: tf.Tensor
    fractions: tf.Tensor
    shifts: tf.Tensor
    penalty_shifts: tf.Tensor


class WganStep:
    """Networks and optimizers, and the two updates that change them.

    Args:
      generator, critic: the networks.
      settings: of the training.
    """

    def __init__(self, generator: ConvolutionalGenerator, critic: ConvolutionalCritic, settings: WganSettings):
        self.generator, self.critic, self.settings = generator, critic, settings
        self.generator_optimizer = self._adam("generator_optimizer", generator)
        self.critic_optimizer = self._adam("critic_optimizer", critic)

    def _adam(self, name: str, network: keras.layers.Layer) -> FusedAdam:
        optimizer = FusedAdam(self.settings.learning_rate, *ADAM_BETAS, epsilon=ADAM_EPSILON, name=name)
        optimizer.build(network.trainable_variables)
        return optimizer

    def critic_losses(self, reals: Batch, draws: CriticDraws) -> Losses:
        """The critic's losses on real examples and on as many fake ones of the same labels."""
        fakes = self.generator(draws.latents, reals.labels)
        both = tf.concat([fakes, reals.examples], axis=0)
        scores = self.critic(both, tf.concat([reals.labels, reals.labels], axis=0), draws.shifts)
        fake_scores, real_scores = tf.split(scores, 2)
        wasserstein = discriminator_wasserstein(real_scores, fake_scores)
        penalty = self._penalty(fakes, reals, draws)
        return {
            "critic_loss": wasserstein + self.settings.penalty_weight * penalty,
            "critic_wasserstein": wasserstein,
            "gradient_penalty": penalty,
            "real_score": tf.reduce_mean(real_scores),
            "fake_score": tf.reduce_mean(fake_scores),
        }

    def _penalty(self, fakes: tf.Tensor, reals: Batch, draws: CriticDraws) -> tf.Tensor:
        between = interpolate(reals.examples, fakes, draws.fractions)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(between)
            scores = self.critic(between, reals.labels, draws.penalty_shifts)
        return gradient_penalty(tape.gradient(scores, between))

    def critic_step(self, reals: Batch, draws: CriticDraws) -> Losses:
        """Updates the critic; returns losses and the gradient's norm before that."""
        variables = self.critic.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            losses = self.critic_losses(reals, draws)
        gradients = tape.gradient(losses["critic_loss"], [variable.value for variable in variables])
        self.critic_optimizer.apply(gradients, variables)
        return losses | {"critic_gradient_norm": tf.linalg.global_norm(gradients)}

    def generator_step(self, latents: tf.Tensor, labels: tf.Tensor, shifts: tf.Tensor) -> Losses:
        """Updates the generator; returns its loss and the gradient's norm before that."""
        variables = self.generator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            loss = generator_wasserstein(self.critic(self.generator(latents, labels), labels, shifts))
        gradients = tape.gradient(loss, [variable.value for variable in variables])
        self.generator_optimizer.apply(gradients, variables)
        return {"generator_loss": loss, "generator_gradient_norm": tf.linalg.global_norm(gradients)}


def uniform_latents(seed: StepSeed, purpose: int, batch_size: int, latent_size: int) -> tf.Tensor:
    """(batch_size, latent_size) latents of an update, uniform from -1 to 1."""
    return tf.random.stateless_uniform((batch_size, latent_size), seed.stream(purpose), -1.0, 1.0)


def drawn_shifts(seed: StepSeed, purpose: int, critic: ConvolutionalCritic) -> tf.Tensor:
    """int32 (num_shuffles,) shifts of one pass of the critic."""
    radius = critic.shuffle_radius
    shape = (critic.num_shuffles,)
    return tf.random.stateless_uniform(shape, seed.stream(purpose), -radius, radius + 1, tf.int32)


def critic_draws(seed: StepSeed, reals: Batch, critic: ConvolutionalCritic, settings: WganSettings) -> CriticDraws:
    """Everything that is drawn for an update of the critic."""
    fractions_shape = (settings.batch_size, *(1 for _ in reals.examples.shape[1:]))
    return CriticDraws(
        uniform_latents(seed, CRITIC_LATENTS, settings.batch_size, settings.latent_size),
        tf.random.stateless_uniform(fractions_shape, seed.stream(FRACTIONS)),
        drawn_shifts(seed, SHIFTS, critic),
        drawn_shifts(seed, PENALTY_SHIFTS, critic),
    )
