"""Checkpoints: round trip, damage, how many are kept."""

import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.training.checkpoints import latest_checkpoint, list_checkpoints, load_checkpoint, save_checkpoint


def test_checkpoint_saved_and_loaded_is_equal(tmp_path):
    arrays = {"a/b": np.arange(6.0).reshape(2, 3), "image": np.array(7)}
    loaded = load_checkpoint(save_checkpoint(tmp_path / "stage", 7, arrays))
    assert set(loaded) == set(arrays)
    np.testing.assert_array_equal(loaded["a/b"], arrays["a/b"])


def test_damaged_newest_checkpoint_is_named_and_the_one_before_used(tmp_path):
    save_checkpoint(tmp_path, 8, {"value": np.arange(1000.0)})
    newest = save_checkpoint(tmp_path, 16, {"value": np.ones(1000)})
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 0x10
    newest.write_bytes(data)
    warnings = []
    image, arrays = latest_checkpoint(tmp_path, warnings.append)
    assert image == 8
    assert arrays["value"][3] == 3.0
    assert len(warnings) == 1
    assert newest.name in warnings[0]


def test_truncated_checkpoint_is_an_input_error(tmp_path):
    path = save_checkpoint(tmp_path, 8, {"value": np.arange(1000.0)})
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(InputError, match="not a whole checkpoint"):
        load_checkpoint(path)


def test_only_the_last_two_checkpoints_are_kept(tmp_path):
    for image in (8, 16, 24):
        save_checkpoint(tmp_path, image, {"value": np.zeros(1)})
    assert [path.stem for path in list_checkpoints(tmp_path)] == ["checkpoint-000000000016", "checkpoint-000000000024"]


def test_folder_that_cannot_be_made_is_an_input_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write the checkpoint"):
        save_checkpoint(tmp_path / "file" / "stage", 8, {"value": np.zeros(1)})
