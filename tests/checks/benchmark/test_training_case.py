"""A training row of seconds, and the wait for data between steps."""

import dataclasses

import pytest

from gansynth_isa.checks.benchmark import training_case
from gansynth_isa.checks.benchmark.measuring import Effort
from gansynth_isa.checks.benchmark.training_case import mean_asking_s, training_row
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig
from gansynth_isa.generators.gansynth.cost import training_flops
from gansynth_isa.generators.gansynth.resolution import resolve

CONFIG = resolve(
    GanConfig(
        data=DataConfig(clip_seconds=0.1),
        features=FeatureConfig(mel_bins=8, frames=4),
        network=NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=2),
    )
)


def test_time_in_the_pipeline_counts_and_time_at_work_does_not(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(training_case.time, "perf_counter", lambda: now[0])

    def advance(seconds):
        now[0] += seconds

    def batches():
        while True:
            advance(0.5)
            yield None

    assert mean_asking_s(batches(), 4, lambda: advance(8.0)) == pytest.approx(0.5)


@pytest.mark.slow
def test_training_row_counts_useful_operations_of_the_images_shown():
    row = training_row("train_two_cores", CONFIG, 2, True, "bfloat16", Effort(repeats=1, seconds=0.05))
    assert (row.name, row.blocks, row.growing, row.precision) == ("train_two_cores", 2, True, "bfloat16")
    assert row.gflops == pytest.approx(row.images_per_s * training_flops(CONFIG.network, 2) / 1e9)
    assert row.share_of_ceiling == pytest.approx(row.gflops / row.details["ceiling_gflops"])
    assert 0 <= row.details["data_wait_share"] < 1
    assert {field.name for field in dataclasses.fields(row)} - {"details"} <= row.to_dict().keys()
