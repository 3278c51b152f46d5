"""All that changes while a stage trains, as named arrays that can be stored and put back."""

import functools
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.latents import (
    CHANGED_FAKES,
    CHANGED_GENERATED,
    CHANGED_REALS,
    DISCRIMINATOR_UPDATE,
    GENERATOR_UPDATE,
    StepSeed,
    step_changes,
    step_fractions,
    step_labels,
    step_latents,
)
from gansynth_isa.generators.gansynth.networks.base_images import BaseImages
from gansynth_isa.generators.gansynth.networks.building import build_discriminator, build_generator, slope_scale
from gansynth_isa.generators.gansynth.networks.growth import blend_images
from gansynth_isa.generators.gansynth.stages import Stage
from gansynth_isa.generators.gansynth.training.augmentation import NUM_DRAWS, ImageAugmentation
from gansynth_isa.generators.gansynth.training.moment import Batch, Changes, Moment
from gansynth_isa.generators.gansynth.training.step import METRICS, GanStep
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.validation import known

GRADIENT_NORMS = ("generator_gradient_norm", "discriminator_gradient_norm")
WATCHED = METRICS + GRADIENT_NORMS  # what is summed up between reports


class GanState:
    """Networks, optimizers, moving average, image counter and running sums of losses of one stage.

    Args:
      config: the resolved configuration.
      stage: the stage.
      class_shares: (classes,) shares of the classes in batches of real clips, from which labels of fakes are drawn.
      num_channels: channels of the images.
      replicas: the devices that share the training.
      base: images that the generator starts from, where the configuration names any.
    """

    def __init__(
        self,
        config: GanConfig,
        stage: Stage,
        class_shares: np.ndarray,
        num_channels: int,
        replicas: Replicas | None = None,
        base: BaseImages | None = None,
    ):
        self.config, self.stage = config, stage
        self.replicas = replicas or Replicas()
        with self.replicas.scope():
            self.step = self._make_step(len(class_shares), num_channels, base)
        self._log_shares = tf.math.log(tf.constant(class_shares, tf.float32))[tf.newaxis]
        self.watched = (*WATCHED, "lecam") if config.training.lecam_weight else WATCHED
        self.image = tf.Variable(stage.first_image, dtype=tf.int64, trainable=False)
        self.sums = tf.Variable(tf.zeros(len(self.watched)), trainable=False)
        self.num_summed = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.num_penalties = tf.Variable(0, dtype=tf.int64, trainable=False)
        # A graph of its own for every stage; one decorated method would count the stages as retracing.
        self._train_graph = tf.function(self._train)

    def _make_step(self, num_classes: int, num_channels: int, base: BaseImages | None) -> GanStep:
        config, stage, training = self.config, self.stage, self.config.training
        shape = (
            config.network, num_classes, stage.num_blocks, stage.growing, num_channels, training.seed,
            training.mixed_precision,
        )  # fmt: skip
        generator = build_generator(*shape, base=base)
        average = build_generator(*shape, name="average", base=base)
        for mean, variable in zip(average.trainable_variables, generator.trainable_variables, strict=True):
            mean.assign(variable)
        return GanStep(
            generator,
            build_discriminator(*shape),
            average,
            training,
            slope_scale(config.network, stage.num_blocks),
            average_decay=0.5 ** (stage.batch_size / known(training.moving_average_half_life_images)),
            replicas=self.replicas,
            augmentation=self._make_augmentation(),
        )

    def _make_augmentation(self) -> ImageAugmentation | None:
        training = self.config.training
        if not training.gan_augmentation_probability:
            return None
        # The normaliser maps the lowest value of the training clips onto the margin's lower end.
        floor = -self.config.features.normalizer_margin
        return ImageAugmentation(training.gan_augmentation_probability, training.gan_augmentation_shift, floor)

    def train(self, batches: Iterator[tuple[tf.Tensor, tf.Tensor]], num_steps: int) -> None:
        """Runs `num_steps` steps on an iterator of (images, one-hot labels) without coming back to Python."""
        self._train_graph(batches, tf.constant(num_steps))

    def _train(self, batches: Iterator[tuple[tf.Tensor, tf.Tensor]], num_steps: tf.Tensor) -> None:
        for _ in tf.range(num_steps):
            images, labels = next(batches)
            if self.config.training.gradient_penalty_interval == 1 or self._penalty_is_due():
                self._train_step(images, labels, with_penalty=True)
            else:
                self._train_step(images, labels, with_penalty=False)

    def _penalty_is_due(self) -> tf.Tensor:
        steps_done = (self.image - self.stage.first_image) // self.stage.batch_size
        return steps_done % self.config.training.gradient_penalty_interval == 0

    def _train_step(self, images: tf.Tensor, labels: tf.Tensor, with_penalty: bool) -> None:
        step = functools.partial(self._replica_step, with_penalty=with_penalty)
        self.sums.assign_add(self.replicas.run(step, images, labels, self.image.read_value()))
        self.num_summed.assign_add(1)
        self.num_penalties.assign_add(int(with_penalty))
        self.image.assign_add(self.stage.batch_size)

    def _replica_step(self, images: tf.Tensor, labels: tf.Tensor, image: tf.Tensor, with_penalty: bool) -> tf.Tensor:
        """One replica's part of a step on a whole batch; returns the means of `watched` over the batch."""
        share = self.replicas.share
        progress = self.progress(image)
        images, labels = share(images), share(labels)
        if self.stage.growing:
            images = blend_images(images, progress, self.stage.num_blocks, self.config.network.scale)
        drawn = StepSeed(self.config.training.seed, image)
        moment = Moment(progress, self.class_share(image), self._changes(drawn))
        generator_losses, generator_gradients = self.step.generator_step(*self._fakes(drawn, GENERATOR_UPDATE), moment)
        fraction = share(step_fractions(drawn, self.stage.batch_size))
        discriminator_losses, discriminator_gradients = self.step.discriminator_step(
            *self._fakes(drawn, DISCRIMINATOR_UPDATE), Batch(images, labels), fraction, moment, with_penalty
        )
        norms = [tf.linalg.global_norm(gradients) for gradients in (generator_gradients, discriminator_gradients)]
        watched = generator_losses | discriminator_losses | dict(zip(GRADIENT_NORMS, norms, strict=True))
        return tf.stack([watched[name] for name in self.watched])

    def _fakes(self, drawn: StepSeed, update: int) -> tuple[tf.Tensor, tf.Tensor]:
        """A replica's latents (share, latent_size) and one-hot labels (share, classes) of the whole batch's."""
        batch_size, latent_size = self.stage.batch_size, self.step.generator.latent_size
        latents = step_latents(drawn, update, batch_size, latent_size)
        labels = step_labels(drawn, update, batch_size, self._log_shares)
        return self.replicas.share(latents), self.replicas.share(tf.one_hot(labels, self._log_shares.shape[1]))

    def _changes(self, drawn: StepSeed) -> Changes:
        """A replica's draws of the changes of the whole batch's images."""
        if self.step.augmentation is None:
            return Changes()
        purposes = (CHANGED_GENERATED, CHANGED_FAKES, CHANGED_REALS)
        draws = (step_changes(drawn, purpose, self.stage.batch_size, NUM_DRAWS) for purpose in purposes)
        return Changes(*(self.replicas.share(part) for part in draws))

    def progress(self, image: tf.Tensor | None = None) -> tf.Tensor:
        """Growth progress at an image, by default at the present one, see `Stage.progress`."""
        stage = self.stage
        if not stage.growing:
            return tf.constant(stage.num_blocks - 1.0)
        image = self.image if image is None else image
        shown = tf.cast(image - stage.first_image, tf.float32)
        return stage.num_blocks - 2.0 + tf.minimum(shown / stage.transition_num_images, 1.0)

    def class_share(self, image: tf.Tensor) -> tf.Tensor | float:
        """How much the classes weigh at an image, see `TrainingConfig.class_share`."""
        ramp_images = self.config.training.class_loss_ramp_images
        return tf.minimum(tf.cast(image, tf.float32) / ramp_images, 1.0) if ramp_images else 1.0

    def mean_losses(self) -> dict[str, float]:
        """Mean of every loss and gradient norm since the last `clear_losses`; of the penalty where there was one."""
        steps, penalties = (max(1, int(count)) for count in (self.num_summed, self.num_penalties))
        return {
            name: float(total) / (penalties if name == "gradient_penalty" else steps)
            for name, total in zip(self.watched, self.sums.numpy(), strict=True)
        }

    def clear_losses(self) -> None:
        """Starts new means."""
        self.sums.assign(tf.zeros_like(self.sums))
        self.num_summed.assign(0)
        self.num_penalties.assign(0)

    def _variables(self) -> dict[str, tf.Variable | keras.Variable]:
        parts = {
            "generator": self.step.generator.trainable_variables,
            "average": self.step.average.trainable_variables,
            "discriminator": self.step.discriminator.trainable_variables,
            "optimizer": self.step.generator_optimizer.variables + self.step.discriminator_optimizer.variables,
        }
        named = {f"{part}/{variable.path}": variable for part, variables in parts.items() for variable in variables}
        counters = {"image": self.image, "loss_sums": self.sums, "num_summed": self.num_summed}
        averages = {} if self.step.score_averages is None else {"score_averages": self.step.score_averages}
        return named | counters | {"num_penalties": self.num_penalties} | averages

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that `restore` needs to go on exactly from here."""
        return {name: np.array(variable) for name, variable in self._variables().items()}

    def synchronize(self) -> None:
        """Gives the chief's state to all workers."""
        self.replicas.synchronize(list(self._variables().values()))

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Puts back what `arrays` of the same stage gave.

        Raises:
          InputError: an array is missing or has another shape, as in a checkpoint of another version.
        """
        for name, variable in self._variables().items():
            if name not in arrays or arrays[name].shape != tuple(variable.shape):
                received = arrays[name].shape if name in arrays else "nothing"
                raise InputError(f"checkpoint: expected an array {name} {tuple(variable.shape)}, got {received}")
            variable.assign(arrays[name])

    def initialise(self, arrays: dict[str, np.ndarray]) -> None:
        """Sets those weights and moving averages of this stage that `arrays` holds, in the shapes they have here."""
        for name, variable in self._variables().items():
            if name in arrays:
                variable.assign(arrays[name])

    def adopt(self, arrays: dict[str, np.ndarray]) -> None:
        """Takes over weights and moving averages of the stage before.

        Variables of a block that is new start fresh, the optimizers start anew. Layers between image and
        features that this stage has no use for are left behind.

        Raises:
          InputError: another weight has no place here, as in a checkpoint of another version.
        """
        own = self._variables()
        for name, array in arrays.items():
            if name.split("/")[0] not in ("generator", "average", "discriminator"):
                continue
            if name in own:
                own[name].assign(array)
            elif "rgb" not in name:
                raise InputError(f"checkpoint: this stage has no place for the array {name}")
