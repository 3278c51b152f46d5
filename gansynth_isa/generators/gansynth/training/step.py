"""One training step of the GAN: losses, gradients, Adam, moving average.

As in the original, a generator step is followed by a discriminator step on fresh latents and labels, against
the updated generator. Everything works at the stage's own resolution.
"""

from typing import TypeAlias

import tensorflow as tf

from gansynth_isa.generators.adversarial.gradient_penalty import gradient_penalty, interpolate
from gansynth_isa.generators.adversarial.wasserstein import (
    discriminator_wasserstein,
    generator_wasserstein,
    real_score_penalty,
)
from gansynth_isa.generators.gansynth.config import TrainingConfig
from gansynth_isa.generators.gansynth.losses.auxiliary_class import class_accuracy, class_cross_entropy
from gansynth_isa.generators.gansynth.losses.data_to_data import data_to_data_cross_entropy
from gansynth_isa.generators.gansynth.losses.lecam import lecam_penalty, moved_averages
from gansynth_isa.generators.gansynth.networks.discriminator import Discriminator, Judged
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.training.augmentation import ImageAugmentation
from gansynth_isa.generators.gansynth.training.moment import Batch, Moment
from gansynth_isa.runs.fused_adam import FusedAdam
from gansynth_isa.runs.replicas import Replicas, assign

ADAM_EPSILON = 1e-8  # the original's; Keras' default is another

Losses: TypeAlias = dict[str, tf.Tensor]  # scalars by their names

GENERATOR_METRICS = ("generator_loss", "generator_wasserstein", "fake_class_loss", "fake_class_accuracy")
DISCRIMINATOR_METRICS = (
    "discriminator_loss", "discriminator_wasserstein", "gradient_penalty", "real_score_penalty", "real_class_loss",
    "real_class_accuracy", "real_score", "fake_score",
)  # fmt: skip
METRICS = GENERATOR_METRICS + DISCRIMINATOR_METRICS


class GanStep:
    """Networks, optimizers and moving average of one stage, and the two steps that change them.

    Args:
      generator: the generator in training.
      discriminator: the discriminator in training.
      average: a generator of the same shape that holds the moving average of the weights.
      settings: losses and optimizers.
      slope_scale: see `gradient_penalty`.
      average_decay: decay of the moving average per step.
      replicas: the devices that share the steps; the batches given to the steps are one replica's shares.
      augmentation: how images are changed before they are judged, where `Moment.changes` says that they are.

    Attributes:
      score_averages: see `losses.lecam`, None where that has no weight.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        average: Generator,
        settings: TrainingConfig,
        slope_scale: float,
        average_decay: float,
        replicas: Replicas | None = None,
        augmentation: ImageAugmentation | None = None,
    ):
        self.generator, self.discriminator, self.average = generator, discriminator, average
        self.settings, self.slope_scale, self.average_decay = settings, slope_scale, average_decay
        self.conditioning, self.augmentation = discriminator.class_conditioning, augmentation
        self.score_averages = tf.Variable(tf.zeros(3), trainable=False) if settings.lecam_weight else None
        self.replicas = replicas or Replicas()
        self.num_groups = (settings.minibatch_groups or 1) // self.replicas.num_replicas
        self.generator_optimizer = self._adam("generator_optimizer", settings.generator_learning_rate)
        self.discriminator_optimizer = self._adam("discriminator_optimizer", settings.discriminator_learning_rate)
        self.generator_optimizer.build(generator.trainable_variables)
        self.discriminator_optimizer.build(discriminator.trainable_variables)

    def _adam(self, name: str, learning_rate: float) -> FusedAdam:
        beta1, beta2 = self.settings.adam_beta1, self.settings.adam_beta2
        return FusedAdam(learning_rate, beta1, beta2, epsilon=ADAM_EPSILON, name=name)

    def generator_losses(self, latents: tf.Tensor, labels: tf.Tensor, moment: Moment) -> Losses:
        """The generator's losses on latents (batch, latent_size) and wanted one-hot labels (batch, classes)."""
        fakes = Batch(self.generator(latents, labels, moment.progress), labels)
        judged = self._judge(self._changed(fakes, moment.changes.generated), moment, self.num_groups)
        wasserstein = generator_wasserstein(judged.scores)
        class_loss = self._class_loss(labels, judged)
        return {
            "generator_loss": wasserstein + self.settings.generator_ac_loss_weight * moment.class_share * class_loss,
            "generator_wasserstein": wasserstein,
            "fake_class_loss": class_loss,
            "fake_class_accuracy": class_accuracy(labels, judged.logits),
        }

    def discriminator_losses(
        self, fakes: Batch, reals: Batch, fraction: tf.Tensor, moment: Moment, with_penalty: bool = True
    ) -> Losses:
        """The discriminator's losses; without the gradient penalty that entry is zero.

        Args:
          fakes, reals: images of both kinds; reals already blended in a transition.
          fraction: (batch, 1, 1, 1), where between real and fake the gradient is penalised.
          moment: how far the training has come.
          with_penalty: whether the gradient is penalised in this step.
        """
        fakes, reals = self._changed(fakes, moment.changes.fakes), self._changed(reals, moment.changes.reals)
        # One pass over both halves; each keeps minibatch statistics of its own.
        both = Batch(*(tf.concat(pair, axis=0) for pair in zip(fakes, reals, strict=True)))
        judged = self._judge(both, moment, 2 * self.num_groups)
        fake_scores, real_scores = tf.split(judged.scores, 2)
        of_reals = Judged(*(tf.split(part, 2)[1] for part in judged))
        terms = {
            "discriminator_wasserstein": discriminator_wasserstein(real_scores, fake_scores),
            "gradient_penalty": self._penalty(fakes, reals, fraction, moment) if with_penalty else tf.zeros(()),
            "real_score_penalty": real_score_penalty(real_scores),
            "real_class_loss": self._class_loss(reals.labels, of_reals),
        }
        if self.score_averages is not None:
            averages = tf.convert_to_tensor(self.score_averages)
            terms["lecam"] = lecam_penalty(real_scores, fake_scores, averages)
        watched = {
            "real_class_accuracy": class_accuracy(reals.labels, of_reals.logits),
            "real_score": tf.reduce_mean(real_scores),
            "fake_score": tf.reduce_mean(fake_scores),
        }
        return {"discriminator_loss": self._discriminator_total(terms, moment), **terms, **watched}

    def _discriminator_total(self, terms: Losses, moment: Moment) -> tf.Tensor:
        settings = self.settings
        total = (
            terms["discriminator_wasserstein"]
            # Taken every n-th step, it weighs n times as much (lazy regularisation, Karras et al. 2020, appendix B).
            + settings.gradient_penalty_weight * settings.gradient_penalty_interval * terms["gradient_penalty"]
            + settings.real_score_penalty_weight * terms["real_score_penalty"]
            + settings.discriminator_ac_loss_weight * moment.class_share * terms["real_class_loss"]
        )
        return total + settings.lecam_weight * terms["lecam"] if "lecam" in terms else total

    def _changed(self, batch: Batch, changes: tf.Tensor | None) -> Batch:
        if self.augmentation is None or changes is None:
            return batch
        return batch._replace(images=self.augmentation(batch.images, changes))

    def _judge(self, batch: Batch, moment: Moment, num_groups: int) -> Judged:
        labels = batch.labels * moment.class_share if self.conditioning == "projection" else None
        return self.discriminator(batch.images, moment.progress, num_groups=num_groups, labels=labels)

    def _class_loss(self, labels: tf.Tensor, judged: Judged) -> tf.Tensor:
        if self.conditioning == "projection":  # the score holds the class
            return tf.zeros(())
        if self.conditioning == "margin":
            return data_to_data_cross_entropy(labels, judged.logits, judged.features, self.num_groups)
        return class_cross_entropy(labels, judged.logits)

    def _penalty(self, fakes: Batch, reals: Batch, fraction: tf.Tensor, moment: Moment) -> tf.Tensor:
        """Of images between real and fake ones as they are judged; they bear the real ones' labels."""
        images = interpolate(reals.images, fakes.images, fraction)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(images)
            scores = self._judge(Batch(images, reals.labels), moment, self.num_groups).scores
        gradients = tape.gradient(scores, images)
        return gradient_penalty(gradients, self.settings.gradient_penalty_target, self.slope_scale)

    def _means(self, losses: Losses, gradients: list[tf.Tensor]) -> tuple[Losses, list[tf.Tensor]]:
        """Over all replicas, whose shares of a batch are of the same size."""
        means = self.replicas.mean([*gradients, *losses.values()])
        return dict(zip(losses, means[len(gradients) :], strict=True)), means[: len(gradients)]

    def generator_step(self, latents: tf.Tensor, labels: tf.Tensor, moment: Moment) -> tuple[Losses, list[tf.Tensor]]:
        """Updates generator and moving average; returns losses and gradients before the update."""
        variables = self.generator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            losses = self.generator_losses(latents, labels, moment)
        gradients = tape.gradient(losses["generator_loss"], [variable.value for variable in variables])
        losses, gradients = self._means(losses, gradients)
        self.generator_optimizer.apply(gradients, variables)
        for mean, variable in zip(self.average.trainable_variables, variables, strict=True):
            assign(mean, variable + self.average_decay * (mean - variable))
        return losses, gradients

    def discriminator_step(
        self,
        latents: tf.Tensor,
        labels: tf.Tensor,
        reals: Batch,
        fraction: tf.Tensor,
        moment: Moment,
        with_penalty: bool = True,
    ) -> tuple[Losses, list[tf.Tensor]]:
        """Updates the discriminator on fakes of the present generator; returns losses and gradients before that."""
        fakes = Batch(self.generator(latents, labels, moment.progress), labels)
        variables = self.discriminator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            losses = self.discriminator_losses(fakes, reals, fraction, moment, with_penalty)
        gradients = tape.gradient(losses["discriminator_loss"], [variable.value for variable in variables])
        losses, gradients = self._means(losses, gradients)
        self.discriminator_optimizer.apply(gradients, variables)
        if self.score_averages is not None:
            averages = tf.convert_to_tensor(self.score_averages)
            assign(self.score_averages, moved_averages(averages, losses["real_score"], losses["fake_score"]))
        return losses, gradients
