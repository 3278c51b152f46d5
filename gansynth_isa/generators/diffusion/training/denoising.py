"""The second stage: the denoising network learns to see latents through noise."""

import tensorflow as tf

from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.edm import loss_weight, training_levels
from gansynth_isa.generators.diffusion.layout import Layout
from gansynth_isa.generators.diffusion.networks.changes import NUM_CHANGES, changed
from gansynth_isa.generators.diffusion.networks.codec import Codec
from gansynth_isa.generators.diffusion.networks.denoiser import Denoiser
from gansynth_isa.generators.diffusion.stages import Stage
from gansynth_isa.generators.diffusion.training.state import (
    HIDDEN_LABELS,
    LEVELS,
    NOISE,
    Losses,
    StageState,
)
from gansynth_isa.generators.latents import StepSeed

# Noise levels between which the loss is reported apart: about a fifth, a third, a third and a sixth of those drawn.
BOUNDS = (0.1, 0.3, 1.0)
LEVEL_NAMES = ("loss_below_0.1", "loss_0.1_to_0.3", "loss_0.3_to_1", "loss_above_1")
WATCHED = ("loss", *LEVEL_NAMES)


class DenoiserState(StageState):
    """The training of the denoising network.

    Args:
      config: resolved configuration.
      layout: sizes.
      stage: the stage.
      seed: of weights and of all that is drawn.
      codec: between clips and latents; it stays as it is.
    """

    def __init__(self, config: DiffusionConfig, layout: Layout, stage: Stage, seed: int, codec: Codec):
        self._layout, self._codec = layout, codec
        super().__init__(
            config,
            stage,
            seed,
            trained=Denoiser(layout, NUM_CHANGES, seed),
            average=Denoiser(layout, NUM_CHANGES, seed),
            fixed={"codec": codec},
            learning_rate=config.diffusion_learning_rate,
            watched=WATCHED,
        )

    def losses(self, clips: tf.Tensor, labels: tf.Tensor, drawn: StepSeed) -> Losses:
        batch_size = self.config.diffusion_batch_size
        changes = self.drawn_changes(drawn)
        latents = tf.stop_gradient(self._codec.encode(changed(self._codec.standardise(clips), changes)))
        sigma = training_levels(tf.random.stateless_normal((batch_size,), drawn.stream(LEVELS)))
        is_hidden = tf.random.stateless_uniform((batch_size, 1), drawn.stream(HIDDEN_LABELS))
        labels = tf.where(is_hidden < self.config.diffusion_label_drop, 0.0, labels)
        noise = tf.random.stateless_normal((batch_size, *self._layout.latent_shape), drawn.stream(NOISE))
        one_each = (batch_size, *(1 for _ in self._layout.latent_shape))
        noisy = latents + tf.reshape(sigma, one_each) * noise
        error = tf.square(self.trained(noisy, sigma, labels, changes) - latents)
        per_clip = loss_weight(sigma) * tf.reduce_mean(tf.reshape(error, (batch_size, -1)), axis=1)
        place = tf.searchsorted(tf.constant(BOUNDS, tf.float32), sigma, side="right")
        masks = tf.one_hot(place, len(LEVEL_NAMES), axis=0)
        total = tf.reduce_mean(per_clip)
        of_levels = tf.unstack(tf.reduce_sum(masks * per_clip, axis=1))
        counts = tf.unstack(tf.reduce_sum(masks, axis=1))
        return Losses(total, (total, *of_levels), (1.0, *counts))
