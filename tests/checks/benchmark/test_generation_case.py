"""Memory while generating: flat, however many clips."""

import tracemalloc
import weakref

import pytest

from gansynth_isa.checks.benchmark import generation_case
from gansynth_isa.checks.benchmark.generation_case import generation_row, untrained_generator
from gansynth_isa.checks.benchmark.measuring import Effort, Measured
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.generators.base import BATCH_SIZE
from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig
from gansynth_isa.generators.gansynth.resolution import resolve
from gansynth_isa.generators.generation import write_clips

FRAMES, MEL_BINS = 32, 256
BATCH_BYTES = BATCH_SIZE * FRAMES * MEL_BINS * 4
FEW_BATCHES, MANY_BATCHES = 8, 32


class Watched:
    """A generator that counts how many of the batches it has handed out are still there."""

    def __init__(self, trained, monkeypatch):
        self.trained, self.num_alive, self.most_alive = trained, 0, 0
        self._clips = trained.clips
        monkeypatch.setattr(trained, "clips", self._hand_out)

    def _hand_out(self, *arguments):
        clips = self._clips(*arguments)
        self.num_alive += 1
        self.most_alive = max(self.most_alive, self.num_alive)
        weakref.finalize(clips, self._let_go)
        return clips

    def _let_go(self):
        self.num_alive -= 1

    def peak_bytes(self, folder, num_batches: int) -> int:
        """What Python and NumPy held at most while so many batches were written."""
        tracemalloc.start()
        try:
            write_clips(self.trained, folder, num_batches * BATCH_SIZE // 2)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_memory_stays_where_it_is_while_clips_are_written(tmp_path, monkeypatch):
    config = resolve(
        GanConfig(
            data=DataConfig(clip_seconds=0.3),
            features=FeatureConfig(mel_bins=MEL_BINS, frames=FRAMES),
            network=NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=3),
        )
    )
    watched = Watched(untrained_generator(config, tmp_path / "gan"), monkeypatch)
    write_clips(watched.trained, tmp_path / "clips", BATCH_SIZE)  # makes graphs
    few, many = (watched.peak_bytes(tmp_path / "clips", num_batches) for num_batches in (FEW_BATCHES, MANY_BATCHES))
    # One is written, one waits, one was just made: so says `write_clips`.
    assert 1 <= watched.most_alive <= 3
    assert watched.num_alive == 0
    assert many - few < 2 * BATCH_BYTES  # 24 batches more


def test_generation_row_compares_writing_with_the_bare_network(monkeypatch):
    measured = iter([Measured(30.0, 100.0, 900.0, 5.0), Measured(80.0, 200.0, 900.0, 0.0)])  # writing, bare network

    def measure(run, ceiling, effort):
        assert run(2) == 2 * BATCH_SIZE
        return next(measured)

    monkeypatch.setattr(generation_case, "measure", measure)
    network = NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=2)
    config = GanConfig(DataConfig(clip_seconds=0.1), FeatureConfig(mel_bins=8, frames=4), network)
    row = generation_row("generate", resolve(config), "float32", Effort(repeats=1, seconds=0.05))
    assert (row.name, row.blocks, row.growing) == ("generate", 2, False)
    assert (row.images_per_s, row.peak_rss_mib, row.details["rss_growth_mib"]) == (30.0, 900.0, 5.0)
    assert row.details["share_of_bare_network"] == pytest.approx((30 / 100) / (80 / 200))
    assert row.share_of_ceiling == pytest.approx(row.gflops / 100)
