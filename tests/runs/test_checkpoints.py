"""Checkpoints: round trip, damage, how many are kept."""

from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.runs.checkpoints import (
    checkpoint_image,
    latest_checkpoint,
    list_checkpoints,
    load_checkpoint,
    save_checkpoint,
)


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
    assert newest.exists()


def test_damaged_checkpoint_put_aside_does_not_count_among_the_kept(tmp_path):
    save_checkpoint(tmp_path, 8, {"value": np.zeros(1)})
    save_checkpoint(tmp_path, 16, {"value": np.zeros(1)}).write_bytes(b"")
    latest_checkpoint(tmp_path, lambda line: None, set_aside=True)
    save_checkpoint(tmp_path, 12, {"value": np.zeros(1)})
    assert [checkpoint_image(path) for path in list_checkpoints(tmp_path)] == [8, 12]


def test_any_bit_flipped_or_byte_missing_is_noticed(tmp_path):
    path = save_checkpoint(tmp_path, 8, {"value": np.arange(3.0)})
    data = path.read_bytes()
    for index in range(len(data)):
        flipped = bytearray(data)
        flipped[index] ^= 1 << index % 8
        path.write_bytes(flipped)
        with pytest.raises(InputError, match="not a whole checkpoint"):
            load_checkpoint(path)
    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        with pytest.raises(InputError, match="not a whole checkpoint"):
            load_checkpoint(path)
    path.write_bytes(data)
    assert load_checkpoint(path)["value"].tolist() == [0, 1, 2]


def test_checkpoint_is_an_archive_that_numpy_reads(tmp_path):
    path = save_checkpoint(tmp_path, 8, {"value": np.arange(3.0)})
    with np.load(path) as stored:
        assert stored["value"].tolist() == [0, 1, 2]


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_checkpoint_with_a_pickle_is_refused_and_runs_nothing(tmp_path):
    trap = np.empty(1, object)
    trap[0] = Trap(tmp_path / "sprung")
    path = save_checkpoint(tmp_path, 8, {"value": trap})
    with pytest.raises(InputError, match="allow_pickle"):
        load_checkpoint(path)
    assert not (tmp_path / "sprung").exists()
    np.load(path, allow_pickle=True)["value"]
    assert (tmp_path / "sprung").exists()  # the trap works


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
    with pytest.raises(InputError, match="cannot be written"):
        save_checkpoint(tmp_path / "file" / "stage", 8, {"value": np.zeros(1)})
