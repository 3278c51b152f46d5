"""Speed of the two trainings of latent diffusion, as a share of what their layers take by themselves."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.checks.benchmark.ceiling import Ceiling
from gansynth_isa.checks.benchmark.measuring import Effort, measure
from gansynth_isa.checks.benchmark.rows import Row
from gansynth_isa.config import FeatureConfig
from gansynth_isa.data.clip_sets.pipeline import gan_batches
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.cost import training_flops
from gansynth_isa.generators.diffusion.layout import Layout, make_layout
from gansynth_isa.generators.diffusion.networks.changes import NUM_CHANGES
from gansynth_isa.generators.diffusion.networks.codec import Codec
from gansynth_isa.generators.diffusion.stages import AUTOENCODING, stage_plan
from gansynth_isa.generators.diffusion.training.autoencoding import AutoencoderState
from gansynth_isa.generators.diffusion.training.denoising import DenoiserState
from gansynth_isa.generators.diffusion.training.state import StageState

NUM_CLASSES = 10
NUM_CLIPS = 90


def diffusion_row(name: str, config: DiffusionConfig, features: FeatureConfig, kind: str, effort: Effort) -> Row:
    """Trains one stage on random clips with the pipeline, the graph and the batch size of a real run.

    Args:
      name: of the row.
      config: resolved configuration.
      features: of the clips.
      kind: of the stage, 'autoencoder' or 'denoising'.
      effort: how long to measure.
    """
    layout = make_layout(config, features, NUM_CLASSES, NUM_CLIPS)
    stage = next(stage for stage in stage_plan(config) if stage.kind == kind)
    make = AutoencoderState if kind == AUTOENCODING else DenoiserState
    state = make(config, layout, stage, 0, Codec(layout))
    state.batches = iter(_random_batches(config, layout.clip_shape))

    def run(num_steps: int) -> int:
        state.train(num_steps)
        return num_steps * config.diffusion_batch_size

    measured = measure(run, Ceiling("float32"), effort)
    bare = measure(bare_passes(state, layout), Ceiling("float32"), effort)
    flops = training_flops(layout, stage) / 1e9
    share, bare_share = (one.images_per_s * flops / one.ceiling_gflops for one in (measured, bare))
    return Row(
        name=name,
        blocks=None,
        growing=False,
        precision="float32",
        images_per_s=measured.images_per_s,
        gflops=measured.images_per_s * flops,
        share_of_ceiling=share,
        peak_rss_mib=measured.peak_rss_mib,
        details={"ceiling_gflops": measured.ceiling_gflops, "share_of_bare_layers": share / bare_share},
    )


def bare_passes(state: StageState, layout: Layout) -> Callable[[int], int]:
    """A function of a number of steps that runs forward and gradient passes of a stage's layers, and nothing else.

    No batches, noise, changes, factors, losses that are watched, optimizer, and moving average.
    """
    trained = state.trained
    variables = trained.trainable_variables
    batch_size = state.config.diffusion_batch_size
    forward = _forward(trained, state.fixed.get("codec"), layout, batch_size)

    @tf.function
    def passes(num_steps: tf.Tensor) -> tf.Tensor:
        total = tf.zeros(())
        for _ in tf.range(num_steps):
            values = [variable.value for variable in variables]
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(values)
                outputs = forward()
            # All of every gradient must be computed, or the graph would leave it out.
            total += tf.linalg.global_norm(tape.gradient(outputs, values))
        return total

    def run(num_steps: int) -> int:
        passes(tf.constant(num_steps)).numpy()
        return num_steps * batch_size

    return run


def _forward(trained: keras.Layer, codec: Codec | None, layout: Layout, batch_size: int) -> Callable[[], tf.Tensor]:
    """What a step computes of its layers, of clips that are drawn once: in a variable, so that nothing is folded."""
    clips = tf.Variable(tf.random.stateless_normal((batch_size, *layout.clip_shape), (0, 1)))
    if codec is None:
        return lambda: trained.decode(trained.encode(clips.read_value()))
    ones = tf.ones((batch_size,))
    labels, changes = tf.zeros((batch_size, layout.num_classes)), tf.zeros((batch_size, NUM_CHANGES))
    return lambda: trained.network(tf.stop_gradient(codec.map.encode(clips.read_value())), ones, labels, changes)


def _random_batches(config: DiffusionConfig, clip_shape: tuple[int, int, int]) -> tf.data.Dataset:
    clips = np.random.default_rng(0).normal(size=(NUM_CLIPS, *clip_shape)).astype(np.float32)
    one_hot = np.eye(NUM_CLASSES, dtype=np.float32)[np.arange(NUM_CLIPS) % NUM_CLASSES]
    return gan_batches(clips, one_hot, config.diffusion_batch_size, seed=0)
