"""A row of a GAN with a gradient penalty, in seconds."""

import pytest

from gansynth_isa.checks.benchmark.measuring import Effort
from gansynth_isa.checks.benchmark.wgan_case import wgan_row
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.generators.wavegan.config import WaveganConfig


def test_row_counts_useful_operations_and_compares_with_the_bare_passes():
    data = DataConfig(sample_rate=4000, clip_seconds=0.06)
    row = wgan_row(
        "train_wavegan",
        WaveganConfig(),
        data,
        FeatureConfig(fft_length=64, hop_length=32, mel_bins=8, frames=8),
        Effort(repeats=1, seconds=0.05),
    )
    # 256 = 16 x 4 x 4 samples by two layers of 16 and 8 filters; passes of both networks, see `Cost`.
    generator = 2 * (100 * 16 * 16 + 16 * 25 * 16 * 8 + 64 * 25 * 8)
    critic = 2 * (64 * 25 * 8 + 16 * 25 * 8 * 16 + 256)
    flops = generator + 12 * critic + (3 * generator + 2 * critic) / 5
    assert row.gflops == pytest.approx(row.images_per_s * flops / 1e9, rel=1e-6)
    assert row.share_of_ceiling == pytest.approx(row.gflops / row.details["ceiling_gflops"])
    assert 0.0 < row.details["share_of_bare_passes"] < 5.0
