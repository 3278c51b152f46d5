"""When checkpoints are written, and what is said about them."""

import numpy as np
import pytest

from gansynth_isa.errors import TrainingDiverged
from gansynth_isa.runs import saver as saver_module
from gansynth_isa.runs.checkpoints import checkpoint_image, list_checkpoints, load_checkpoint, save_checkpoint
from gansynth_isa.runs.saver import CheckpointSaver, SavedByChief


@pytest.fixture
def arrays():
    return {"weight": np.ones(3)}


@pytest.fixture
def saver(tmp_path, arrays):
    folders = [tmp_path / "stage_00000", tmp_path / "stage_00001"]
    return CheckpointSaver("stage 1", folders, lambda: dict(arrays), lambda image: image % 8 == 0)


def test_checkpoint_is_written_to_the_last_folder_and_remembered(saver, tmp_path):
    assert saver.arrays is None
    saver.save(24)
    (path,) = list_checkpoints(tmp_path / "stage_00001")
    assert checkpoint_image(path) == 24
    np.testing.assert_array_equal(load_checkpoint(path)["weight"], saver.arrays["weight"])


def test_state_that_is_saved_is_not_written_again(saver, tmp_path):
    saver.save(24)
    (path,) = list_checkpoints(tmp_path / "stage_00001")
    written = path.stat().st_mtime_ns
    assert saver.saved(24) == f"stage 1, image 24, saved in {path}"
    assert path.stat().st_mtime_ns == written


def test_state_that_is_not_saved_is_written_where_it_is_asked_for(saver, tmp_path):
    assert saver.saved(20).endswith("checkpoint-000000000020.npz")
    assert len(list_checkpoints(tmp_path / "stage_00001")) == 1


def test_array_that_is_not_finite_is_not_written_and_the_last_good_checkpoint_named(saver, tmp_path, arrays):
    good = save_checkpoint(tmp_path / "stage_00000", 16, {"weight": np.zeros(1)})
    arrays["weight"] = np.array([np.nan])
    with pytest.raises(TrainingDiverged) as caught:
        saver.save(24)
    assert str(caught.value) == f"stage 1: weight is not finite at image 24; the last good checkpoint is {good}"
    assert not list_checkpoints(tmp_path / "stage_00001")


def test_training_that_diverges_without_a_checkpoint_says_so(saver):
    assert str(saver.diverged("loss is nan")) == "stage 1: loss is nan; there is no checkpoint yet"


def test_saver_is_overdue_ten_minutes_after_the_last_checkpoint(saver, monkeypatch):
    saver.save(8)
    saved_at = saver_module.time.monotonic()
    monkeypatch.setattr(saver_module.time, "monotonic", lambda: saved_at + 590)
    assert not saver.is_overdue()
    monkeypatch.setattr(saver_module.time, "monotonic", lambda: saved_at + 601)
    assert saver.is_overdue()


def test_process_that_is_not_the_chief_writes_nothing_and_is_never_late():
    saver = SavedByChief("stage 1")
    saver.save(8)
    assert not saver.is_overdue()
    assert saver.saved(8) == "stage 1, image 8, saved by the chief"
    assert str(saver.diverged("loss is nan")) == "stage 1: loss is nan"
