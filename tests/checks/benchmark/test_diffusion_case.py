"""Rows of latent diffusion of seconds, and what their yardstick computes."""

import pytest
import tensorflow as tf

from gansynth_isa.checks.benchmark.diffusion_case import bare_passes, diffusion_row
from gansynth_isa.checks.benchmark.measuring import Effort
from gansynth_isa.config import FeatureConfig
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.cost import training_flops
from gansynth_isa.generators.diffusion.layout import make_layout
from gansynth_isa.generators.diffusion.networks.codec import Codec
from gansynth_isa.generators.diffusion.stages import stage_plan
from gansynth_isa.generators.diffusion.training.denoising import DenoiserState

FEATURES = FeatureConfig(mel_bins=8, frames=4)
CONFIG = DiffusionConfig(
    diffusion_reduction=1, diffusion_filters=4, diffusion_autoencoder_filters=2, diffusion_batch_size=4
)


@pytest.mark.parametrize("kind", ["autoencoder", "denoising"])
def test_row_compares_a_training_with_its_bare_layers(kind):
    row = diffusion_row(f"train_{kind}", CONFIG, FEATURES, kind, Effort(repeats=1, seconds=0.05))
    stage = next(stage for stage in stage_plan(CONFIG) if stage.kind == kind)
    layout = make_layout(CONFIG, FEATURES, 10, 90)
    assert row.gflops == pytest.approx(row.images_per_s * training_flops(layout, stage) / 1e9)
    assert row.details["share_of_bare_layers"] > 0


def test_bare_passes_compute_gradients_and_change_no_weight():
    layout = make_layout(CONFIG, FEATURES, 10, 90)
    state = DenoiserState(CONFIG, layout, stage_plan(CONFIG)[1], 0, Codec(layout))
    before = state.arrays()
    assert bare_passes(state, layout)(3) == 12
    assert all(tf.reduce_all(before[name] == array) for name, array in state.arrays().items())
