"""Clips at a stage's resolution, held or read as they are used."""

import io

import numpy as np
import pytest

from gansynth_isa.console import Console
from gansynth_isa.generators.gansynth.training import real_clips
from gansynth_isa.generators.gansynth.training.real_clips import StageImages
from gansynth_isa.generators.gansynth.training.run import train_gan
from gansynth_isa.spectral.normalizers import Normalizer

NORMALIZER = Normalizer(np.array([0.25]), np.array([0.5]), np.array([0.0]))


@pytest.fixture
def log_mel(tmp_path) -> np.ndarray:
    """Seven clips on disk."""
    values = np.random.default_rng(0).normal(size=(7, 4, 8, 1)).astype(np.float32)
    values.tofile(tmp_path / "log_mel.f32")
    return np.memmap(tmp_path / "log_mel.f32", np.float32, "r", shape=values.shape)


def test_images_are_box_means_of_normalised_clips(log_mel):
    images = StageImages(log_mel, NORMALIZER, (2, 4))
    expected = np.clip(np.array(log_mel) * 0.25 + 0.5, -1, 1).reshape(7, 2, 2, 4, 2, 1).mean(axis=(2, 4))
    assert images.shape == (7, 2, 4, 1)
    np.testing.assert_allclose(images[np.array([3, 0])], expected[[3, 0]], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("chunk_bytes", [1, 3 * 4 * 4 * 8, 2**20])
def test_images_in_memory_are_those_read_one_by_one(log_mel, monkeypatch, chunk_bytes):
    monkeypatch.setattr(real_clips, "CHUNK_BYTES", chunk_bytes)
    images = StageImages(log_mel, NORMALIZER, (2, 4))
    one_by_one = np.concatenate([images[np.array([index])] for index in range(7)])
    np.testing.assert_array_equal(images.in_memory(), one_by_one)


def test_training_on_clips_read_as_they_are_used_ends_with_the_same_weights(
    tmp_path, tiny_run, tiny_config, tiny_clips, monkeypatch
):
    monkeypatch.setattr(real_clips, "BYTES_IN_MEMORY", 0)
    train_gan(tiny_config, tiny_clips, tmp_path / "read", Console(io.StringIO()), show_reports=False)
    held, read = (sorted(folder.glob("stage_*/*.npz")) for folder in (tiny_run, tmp_path / "read"))
    assert [path.name for path in held] == [path.name for path in read] != []
    for one, other in zip(held, read, strict=True):
        with np.load(one) as before, np.load(other) as after:
            assert before.files == after.files
            for name in before.files:
                np.testing.assert_array_equal(before[name], after[name], err_msg=name)
