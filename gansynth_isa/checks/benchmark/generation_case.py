"""Speed of generation: from a run's folder to a folder of clips."""

import dataclasses
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf

from gansynth_isa.checks.benchmark.ceiling import Ceiling
from gansynth_isa.checks.benchmark.measuring import Effort, measure
from gansynth_isa.checks.benchmark.rows import Row
from gansynth_isa.generators.base import BATCH_SIZE
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.cost import generator_flops
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.gansynth.trained_generator import TrainedGansynth
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.generators.generation import write_clips
from gansynth_isa.runs.checkpoints import save_checkpoint
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.spectral.normalizers import Normalizer
from gansynth_isa.validation import known

CLASS_NAMES = ("a", "b")


def generation_row(name: str, config: GanConfig, precision: str, effort: Effort) -> Row:
    """Generates from a folder that holds an untrained GAN of the last stage, writing as the command does.

    The row's details compare with the bare network, which neither denormalises nor writes.
    """
    training = dataclasses.replace(config.training, mixed_precision=precision)
    config = dataclasses.replace(config, training=training)
    with tempfile.TemporaryDirectory() as scratch:
        trained = untrained_generator(config, Path(scratch) / "gan")

        def write(num_batches: int) -> int:
            num_clips = num_batches * BATCH_SIZE
            write_clips(trained, Path(scratch) / "clips", num_clips // len(CLASS_NAMES))
            return num_clips

        written = measure(write, Ceiling("float32"), effort)
    bare = measure(lambda num_batches: _run_network(trained, num_batches), Ceiling("float32"), effort)
    num_blocks = known(config.network.num_resolutions)
    flops = generator_flops(config.network, num_blocks) / 1e9
    written_share, bare_share = (result.images_per_s * flops / result.ceiling_gflops for result in (written, bare))
    return Row(
        name=name,
        blocks=num_blocks,
        growing=False,
        precision=precision,
        images_per_s=written.images_per_s,
        gflops=written.images_per_s * flops,
        share_of_ceiling=written_share,
        peak_rss_mib=written.peak_rss_mib,
        details={
            "ceiling_gflops": written.ceiling_gflops,
            "share_of_bare_network": written_share / bare_share,
            "rss_growth_mib": written.rss_growth_mib,
        },
    )


def untrained_generator(config: GanConfig, train_root_dir: Path) -> TrainedGansynth:
    """The generator that the generate command would load, from the files that a finished run leaves."""
    folder = RunFolder(train_root_dir)
    description = RunDescription(
        config=config,
        class_names=CLASS_NAMES,
        class_counts=(1,) * len(CLASS_NAMES),
        data={"sha256": "", "files": {}},
        normalizer=Normalizer(np.array([0.1]), np.array([0.5]), np.array([0.0])),
        num_channels=1,
    )
    folder.open(description)
    last = stage_plan(config.training, config.network)[-1]
    state = GanState(config, last, description.class_shares, description.num_channels)
    save_checkpoint(folder.stage_dir(last.name), last.end_image, state.arrays())
    return TrainedGansynth(train_root_dir)


def _run_network(trained: TrainedGansynth, num_batches: int) -> int:
    latents = tf.zeros((BATCH_SIZE, trained.latent_size))
    one_hot = tf.one_hot([0] * BATCH_SIZE, len(CLASS_NAMES))
    for _ in range(num_batches):
        trained.images(latents, one_hot)
    return num_batches * BATCH_SIZE
