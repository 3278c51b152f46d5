"""Entries of the feature cache: keys, and writing that may be interrupted or doubled."""

import numpy as np
import pytest

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets import feature_cache
from gansynth_isa.data.clip_sets.feature_cache import FeatureCache, cache_key

BATCHES = [np.arange(24, dtype=np.float32).reshape(3, 2, 4, 1), np.ones((1, 2, 4, 1), np.float32)]


def key(digests=None, features=None, **data):
    data = DataConfig(**{"clip_seconds": 0.4, **data})
    return cache_key(data, features or FeatureConfig(frames=32), digests or {"a.wav": "1", "b.wav": "2"})


@pytest.mark.parametrize(
    "changes",
    [
        {"digests": {"a.wav": "1", "b.wav": "3"}},
        {"digests": {"a.wav": "1", "c.wav": "2"}},
        {"digests": {"a.wav": "1"}},
        {"digests": {"b.wav": "2", "a.wav": "1"}},
        {"sample_rate": 48000},
        {"clip_seconds": 0.5},
        {"clip_overlap": 0.5},
        {"channels": "each"},
        {"min_clip_dbfs": -40.0},
        {"peak_normalize": True},
        {"skip_bad_files": True},
        *(
            {"features": FeatureConfig(**{"frames": 32, **item})}
            for item in (
                {"frames": 64},
                {"mel_bins": 64},
                {"hop_length": 256},
                {"fft_length": 4096},
                {"data_type": "mel"},
            )
        ),
    ],
)
def test_cache_key_of_other_content_or_settings_is_another(changes):
    assert key(**changes) != key()


@pytest.mark.parametrize(
    "changes",
    [
        {"data_dir": "/elsewhere"},
        {"test_groups": ("1",)},
        {"clips_per_class": 4},
        {"subset_seed": 3},
        {"dataset": "mb"},
    ],
)
def test_cache_key_does_not_depend_on_what_leaves_features_alone(changes):
    assert key(**changes) == key()


@pytest.mark.parametrize(
    ("data", "features", "expected"),
    [
        (
            DataConfig(clip_seconds=0.4),
            FeatureConfig(frames=32),
            "058aefffdf7acf1152df211cc234d7855db56d316f96d95ddcc4ada937fac26c",
        ),
        (
            DataConfig(
                clip_seconds=5.0,
                clip_overlap=0.5,
                channels="each",
                min_clip_dbfs=-48.0,
                peak_normalize=True,
                skip_bad_files=True,
                sample_rate=48000,
            ),
            FeatureConfig(data_type="phase", fft_length=128, hop_length=64, mel_bins=64, frames=256),
            "ac1bec506e8bb8c0ebd918e68967461069cfb593f15f476107c4d52f9712c3f5",
        ),
    ],
)
def test_cache_key_is_that_of_entries_which_earlier_versions_wrote(data, features, expected, monkeypatch):
    monkeypatch.setattr(feature_cache.metadata, "version", lambda package: "1")
    assert cache_key(data, features, {"a.wav": "1", "ü/b.wav": "2"}) == expected


def test_cache_read_gives_what_was_written_from_disk(tmp_path):
    cache = FeatureCache(tmp_path / "new" / "cache")
    assert cache.read("k") is None
    cache.write("k", iter(BATCHES), lambda: {"notices": ["größe"]})
    features, record = cache.read("k")
    assert isinstance(features, np.memmap) and not features.flags.writeable
    np.testing.assert_array_equal(features, np.concatenate(BATCHES))
    assert record == {"notices": ["größe"], "shape": [4, 2, 4, 1]}


def test_cache_write_that_breaks_off_leaves_nothing(tmp_path):
    def batches():
        yield BATCHES[0]
        raise KeyboardInterrupt

    cache = FeatureCache(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        cache.write("k", batches(), dict)
    assert list(tmp_path.iterdir()) == []


def test_cache_write_of_an_entry_that_another_process_finished_meanwhile_keeps_that(tmp_path):
    cache, other = FeatureCache(tmp_path), FeatureCache(tmp_path)

    def batches():
        yield BATCHES[0]
        other.write("k", BATCHES, lambda: {"by": "other"})

    cache.write("k", batches(), lambda: {"by": "first"})
    assert cache.read("k")[1]["by"] == "other"
    assert [path.name for path in tmp_path.iterdir()] == ["k"]


def test_cache_write_replaces_a_damaged_entry(tmp_path):
    cache = FeatureCache(tmp_path)
    cache.write("k", BATCHES, dict)
    (tmp_path / "k" / "clips.json").write_text("{")
    assert cache.read("k") is None
    cache.write("k", BATCHES, dict)
    assert cache.read("k")[0].shape == (4, 2, 4, 1)
