"""Speed of training steps at one number of blocks."""

import dataclasses
import time
from collections.abc import Callable, Iterator

import numpy as np
import tensorflow as tf

from gansynth_isa.checks.benchmark.ceiling import Ceiling
from gansynth_isa.checks.benchmark.measuring import Effort, measure
from gansynth_isa.checks.benchmark.rows import Row
from gansynth_isa.data.clip_sets.pipeline import gan_batches
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.cost import training_flops
from gansynth_isa.generators.gansynth.stages import Stage, stage_plan
from gansynth_isa.generators.gansynth.training.state import GanState

NUM_CLASSES = 10
NUM_CLIPS = 90


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
    step_s = stage.batch_size / measured.images_per_s
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
            "data_wait_share": _data_wait_share(state, batches, step_s, effort.seconds),
        },
    )


def _data_wait_share(state: GanState, batches: Iterator, step_s: float, seconds: float) -> float:
    """Share of a step of `step_s` seconds that is spent waiting for its batch, over about `seconds` of steps.

    A call that asks for a batch takes its time even where the batch is there: that of a data set which has
    nothing to do is taken off.
    """
    ready = iter(tf.data.Dataset.from_tensors(next(batches)).repeat())
    num_steps = max(2, round(seconds / step_s))
    asking_s = {}
    for name, source in (("pipeline", batches), ("ready", ready)):
        state.train(ready, 1)
        asking_s[name] = mean_asking_s(source, num_steps, lambda: state.train(ready, 1))
    return max(0.0, asking_s["pipeline"] - asking_s["ready"]) / step_s


def mean_asking_s(batches: Iterator, num_batches: int, work: Callable[[], None]) -> float:
    """Mean seconds that `next(batches)` takes when `work` is done after each."""
    total_s = 0.0
    for _ in range(num_batches):
        asked = time.perf_counter()
        next(batches)
        total_s += time.perf_counter() - asked
        work()
    return total_s / num_batches


def find_stage(config: GanConfig, num_blocks: int, growing: bool) -> Stage:
    """The stage of the plan with so many blocks."""
    plan = stage_plan(config.training, config.network)
    return next(stage for stage in plan if (stage.num_blocks, stage.growing) == (num_blocks, growing))


def _random_batches(stage: Stage) -> tf.data.Dataset:
    generator = np.random.default_rng(0)
    images = generator.uniform(-0.8, 0.8, (NUM_CLIPS, *stage.resolution, 1)).astype(np.float32)
    one_hot = np.eye(NUM_CLASSES, dtype=np.float32)[np.arange(NUM_CLIPS) % NUM_CLASSES]
    return gan_batches(images, one_hot, stage.batch_size, seed=0)
