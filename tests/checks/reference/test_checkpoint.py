"""Every array of the original's checkpoint is counted, and a changed or missing one is noticed."""

import shutil

import numpy as np
import pytest

from gansynth_isa.checks.reference.checkpoint import check_checkpoint


@pytest.fixture
def copied_dir(shared_dir, tmp_path):
    """A copy of the original's run folder, with what is expected of it."""
    return shutil.copytree(shared_dir / "reference" / "original_checkpoint", tmp_path / "run")


def change_expected(folder, name, change):
    with np.load(folder / "expected.npz") as stored:
        arrays = dict(stored)
    arrays[name] = change(arrays[name])
    (folder / "expected.npz").chmod(0o644)
    np.savez(folder / "expected.npz", **arrays)


def test_arrays_of_the_last_stage_and_of_lower_images_are_bit_for_bit_the_originals(copied_dir):
    errors = check_checkpoint(copied_dir)
    assert len(errors) == 14 + 14 + 18 + 12
    assert {error for _, error in errors.values()} == {0.0}


def test_array_of_another_value_is_noticed(copied_dir):
    name = "ema/Generator/progressive_gan_generator/progressive_gan_block_2/conv0/conv2d/kernel"
    change_expected(copied_dir, name, lambda array: array * np.float32(1.001))
    errors = check_checkpoint(copied_dir)
    assert [other for other, (_, error) in errors.items() if error > 0.0] == [name]
    assert errors[name][1] == pytest.approx(1e-3, rel=0.01)


def test_array_that_was_not_read_has_an_infinite_error(copied_dir):
    with np.load(copied_dir / "expected.npz") as stored:
        arrays = {**stored, "after/Generator/unknown": np.zeros(3, np.float32)}
    (copied_dir / "expected.npz").chmod(0o644)
    np.savez(copied_dir / "expected.npz", **arrays)
    assert check_checkpoint(copied_dir)["after/Generator/unknown"] == ((3,), float("inf"))
