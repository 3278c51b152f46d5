"""Speed of a training of a critic against a generator, beside the bare passes of its own layers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from gansynth_isa.checks.benchmark.ceiling import Ceiling
from gansynth_isa.checks.benchmark.measuring import Effort, measure
from gansynth_isa.checks.benchmark.rows import Row
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.pipeline import gan_batches
from gansynth_isa.generators.adversarial.design import Design
from gansynth_isa.generators.adversarial.settings import cost_of, stages_of
from gansynth_isa.generators.adversarial.state import WganState
from gansynth_isa.generators.adversarial.step import Batch, CriticDraws
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.specgan.trained import SpecganDescription, SpecganDesign
from gansynth_isa.generators.wavegan.config import WaveganConfig
from gansynth_isa.generators.wavegan.trained import WaveganDescription, WaveganDesign

NUM_CLASSES = 10
NUM_CLIPS = 90
DESIGNS: dict[type, tuple[type[FittedDescription], Callable[[Any], Design]]] = {
    WaveganConfig: (WaveganDescription, WaveganDesign),
    SpecganConfig: (SpecganDescription, SpecganDesign),
}


def wgan_row(
    name: str, config: WaveganConfig | SpecganConfig, data: DataConfig, features: FeatureConfig, effort: Effort
) -> Row:
    """Steps of a training on random clips.

    The row's details compare with the forward and gradient passes of the same layers alone, the penalty's second
    gradient included, without batches, draws, optimizers and sums.

    Args:
      name: of the row.
      config: of the networks; the kind resolves it.
      data, features: of the clips, with nothing left open.
      effort: how long to measure.
    """
    state, design = _state(config, data, features)
    images_per_step = design.settings.images_per_step
    examples = np.random.default_rng(0).uniform(-1.0, 1.0, (NUM_CLIPS, *design.layout.shape, 1)).astype(np.float32)
    one_hot = np.eye(NUM_CLASSES, dtype=np.float32)[np.arange(NUM_CLIPS) % NUM_CLASSES]
    batches = iter(gan_batches(examples, one_hot, design.settings.batch_size, seed=0))
    passes = _bare_passes(state, examples, one_hot)

    def train(num_steps: int) -> int:
        state.train(batches, num_steps)
        return num_steps * images_per_step

    def compute(num_steps: int) -> int:
        passes(tf.constant(num_steps))
        return num_steps * images_per_step

    ceiling = Ceiling("float32")
    trained, bare = measure(train, ceiling, effort), measure(compute, ceiling, effort)
    gflops = trained.images_per_s * cost_of(design.layout, design.settings).flops_per_image / 1e9
    share, bare_share = (each.images_per_s / each.ceiling_gflops for each in (trained, bare))
    return Row(
        name=name,
        blocks=None,
        growing=False,
        precision="float32",
        images_per_s=trained.images_per_s,
        gflops=gflops,
        share_of_ceiling=gflops / trained.ceiling_gflops,
        peak_rss_mib=trained.peak_rss_mib,
        details={"ceiling_gflops": trained.ceiling_gflops, "share_of_bare_passes": share / bare_share},
    )


def _state(
    config: WaveganConfig | SpecganConfig, data: DataConfig, features: FeatureConfig
) -> tuple[WganState, Design]:
    describe, design_of = DESIGNS[type(config)]
    config = kind_named(describe.kind).resolve_for(config, data, features)
    names = tuple(map(str, range(NUM_CLASSES)))
    design = design_of(describe(config, 0, data, features, names, dict.fromkeys(names, 1), {}))
    stage = stages_of(design.settings, NUM_CLASSES)[0]
    shares = np.full(NUM_CLASSES, 1 / NUM_CLASSES)
    networks = design.generator(NUM_CLASSES), design.critic(NUM_CLASSES)
    return WganState(*networks, design.settings, stage, 0, shares), design


def _bare_passes(state: WganState, examples: np.ndarray, one_hot: np.ndarray) -> Callable[[tf.Tensor], tf.Tensor]:
    """A graph of so many steps' passes on one batch; it returns a number that needs all of them."""
    step, settings = state.step, state.settings
    reals = Batch(*(tf.constant(part[: settings.batch_size]) for part in (examples, one_hot)))
    latents = tf.random.stateless_uniform((settings.batch_size, settings.latent_size), (0, 1), -1.0, 1.0)
    shifts = tf.ones(step.critic.num_shuffles, tf.int32)
    fractions = tf.fill((settings.batch_size, *(1 for _ in reals.examples.shape[1:])), 0.5)

    def norm_of(losses: Callable[[tf.Tensor], tf.Tensor], network: Any, given: tf.Tensor) -> tf.Tensor:
        values = [variable.value for variable in network.trainable_variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            loss = losses(given)
        return sum(gradient[(0,) * len(gradient.shape)] for gradient in tape.gradient(loss, values))

    def critic_loss(given: tf.Tensor) -> tf.Tensor:
        return step.critic_losses(reals, CriticDraws(given, fractions, shifts, shifts))["critic_loss"]

    def generator_loss(given: tf.Tensor) -> tf.Tensor:
        return -tf.reduce_mean(step.critic(step.generator(given, reals.labels), reals.labels, shifts))

    @tf.function
    def run(num_steps: tf.Tensor) -> tf.Tensor:
        given = latents  # every pass takes a number of the one before, so that none can be left out
        for _ in tf.range(num_steps):
            for _ in tf.range(settings.critic_steps):
                given = latents + 1e-20 * norm_of(critic_loss, step.critic, given)
            given = latents + 1e-20 * norm_of(generator_loss, step.generator, given)
        return tf.reduce_sum(given)

    return run
