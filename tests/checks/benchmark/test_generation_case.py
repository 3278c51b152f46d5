"""Memory while generating: flat, however many clips."""

from pathlib import Path

from gansynth_isa.checks.benchmark.generation_case import generation_row, untrained_generator
from gansynth_isa.checks.benchmark.measuring import Effort
from gansynth_isa.config import DataConfig, FeatureConfig, GanConfig, NetworkConfig
from gansynth_isa.derived import resolve
from gansynth_isa.generators.base import BATCH_SIZE
from gansynth_isa.generators.generation import write_clips

PAGE_MIB = 4096 / 2**20
WARM_UP_BATCHES, MORE_BATCHES = 10, 150
BATCH_MIB = BATCH_SIZE * 32 * 256 * 4 / 2**20


def resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MIB


def test_memory_stays_where_it_is_while_clips_are_written(tmp_path):
    config = resolve(
        GanConfig(
            data=DataConfig(clip_seconds=0.3),
            features=FeatureConfig(mel_bins=256, frames=32),
            network=NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=3),
        )
    )
    trained = untrained_generator(config, tmp_path / "gan")
    resident = []
    num_clips = (WARM_UP_BATCHES + MORE_BATCHES) * BATCH_SIZE
    write_clips(trained, tmp_path / "clips", num_clips // 2, on_progress=lambda _: resident.append(resident_mib()))
    assert len(resident) == WARM_UP_BATCHES + MORE_BATCHES
    growth_mib = resident[-1] - resident[WARM_UP_BATCHES]
    assert growth_mib < MORE_BATCHES * BATCH_MIB / 5


def test_generation_row_compares_writing_with_the_bare_network():
    network = NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=2)
    config = GanConfig(DataConfig(clip_seconds=0.1), FeatureConfig(mel_bins=8, frames=4), network)
    row = generation_row("generate", resolve(config), "float32", Effort(repeats=1, seconds=0.05))
    assert (row.name, row.blocks, row.growing) == ("generate", 2, False)
    assert row.images_per_s > 0 and row.share_of_ceiling > 0
    assert 0 < row.details["share_of_bare_network"] < 2
