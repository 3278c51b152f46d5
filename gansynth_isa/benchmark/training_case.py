"""Speed of training steps at one number of blocks."""

import dataclasses

import numpy as np
import tensorflow as tf

from gansynth_isa.benchmark.ceiling import Ceiling
from gansynth_isa.benchmark.measuring import Effort, measure
from gansynth_isa.benchmark.rows import Row
from gansynth_isa.config import GanConfig
from gansynth_isa.data.pipeline import gan_batches
from gansynth_isa.training.cost import training_flops
from gansynth_isa.training.gan_state import GanState
from gansynth_isa.training.stages import Stage, stage_plan

NUM_CLASSES = 10
NUM_CLIPS = 90
WAIT_SECONDS = 0.5  # least length of the look at the pipeline


def training_row(name: str, config: GanConfig, num_blocks: int, growing: bool, precision: str, effort: Effort) -> Row:
    """Trains on random clips with the pipeline, the graph and the batch size of a real run.

    Args:
      name: of the row.
      config: resolved configuration.
      num_blocks: number of blocks, from 1.
      growing: whether the last block fades in.
      precision: 'float32' or 'bfloat16'.
      effort: how long to measure.
    """
    training = dataclasses.replace(config.training, mixed_precision=precision)
    config = dataclasses.replace(config, training=training)
    stage = find_stage(config, num_blocks, growing)
    state = GanState(config, stage, np.full(NUM_CLASSES, 1 / NUM_CLASSES), num_channels=1)
    batches = iter(_random_batches(stage))

    def run(num_steps: int) -> int:
        state.train(batches, num_steps)
        return num_steps * stage.batch_size

    measured = measure(run, Ceiling("float32"), effort)
    gflops = measured.images_per_s * training_flops(config.network, num_blocks) / 1e9
    return Row(
        name=name,
        blocks=num_blocks,
        growing=growing,
        precision=precision,
        images_per_s=measured.images_per_s,
        gflops=gflops,
        share_of_ceiling=gflops / measured.ceiling_gflops,
        peak_rss_mib=measured.peak_rss_mib,
        details={
            "ceiling_gflops": measured.ceiling_gflops,
            "data_wait_share": _data_wait_share(state, batches, stage.batch_size / measured.images_per_s),
        },
    )


def _data_wait_share(state: GanState, batches: tf.data.Iterator, step_s: float) -> float:
    """Share of a step that goes by between asking for a batch and having it; a step takes `step_s` seconds."""
    timed = TimedBatches(batches)
    state.train(timed, 1)  # the first batch waits for the graph
    timed.waited_s.assign(0.0)
    num_steps = max(1, round(WAIT_SECONDS / step_s))
    state.train(timed, num_steps)
    return float(timed.waited_s) / (num_steps * step_s)


class TimedBatches:
    """Batches of a data set, each with two looks at the clock, in the graph that trains.

    Attributes:
      waited_s: seconds between asking and having, summed up.
    """

    def __init__(self, batches: tf.data.Iterator):
        self._batches = batches
        self.waited_s = tf.Variable(0.0, dtype=tf.float64, trainable=False)

    def __next__(self) -> tuple[tf.Tensor, tf.Tensor]:
        asked = tf.timestamp()
        with tf.control_dependencies([asked]):
            batch = self._batches.get_next()
        with tf.control_dependencies(batch):
            self.waited_s.assign_add(tf.timestamp() - asked)
        return batch


def find_stage(config: GanConfig, num_blocks: int, growing: bool) -> Stage:
    """The stage of the plan with so many blocks."""
    plan = stage_plan(config.training, config.network)
    return next(stage for stage in plan if (stage.num_blocks, stage.growing) == (num_blocks, growing))


def _random_batches(stage: Stage):
    generator = np.random.default_rng(0)
    images = generator.uniform(-0.8, 0.8, (NUM_CLIPS, *stage.resolution, 1)).astype(np.float32)
    one_hot = np.eye(NUM_CLASSES, dtype=np.float32)[np.arange(NUM_CLIPS) % NUM_CLASSES]
    return gan_batches(images, one_hot, stage.batch_size, seed=0)
