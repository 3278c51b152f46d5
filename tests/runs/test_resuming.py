"""Where a run stands, by the checkpoints that are there."""

from dataclasses import dataclass

import numpy as np
import pytest

from gansynth_isa.runs.checkpoints import save_checkpoint
from gansynth_isa.runs.resuming import is_finished, resume
from gansynth_isa.runs.run_folder import RunFolder


@dataclass(frozen=True)
class Stage:
    """A stage of 16 images."""

    index: int

    @property
    def name(self):
        return f"stage_{self.index:05d}"

    @property
    def end_image(self):
        return 16 * (self.index + 1)


STAGES = (Stage(0), Stage(1))


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path)


def save(folder, stage, image):
    return save_checkpoint(folder.stage_dir(STAGES[stage].name), image, {"image": np.array(image)})


def test_new_folder_starts_at_the_first_stage_without_a_word(folder):
    lines = []
    assert resume(folder, STAGES, lines.append) == (0, None)
    assert lines == [] and not is_finished(folder, STAGES[-1])


@pytest.mark.parametrize(("stage", "image", "first", "place"), [(0, 8, 0, "in stage 0"), (0, 16, 1, "after stage 0")])
def test_run_goes_on_in_the_stage_of_its_newest_checkpoint_or_behind_it(folder, stage, image, first, place):
    save(folder, stage, image)
    for reported in (8, 16, 24):
        folder.append_metrics({"stage": 0, "image": reported})
    lines = []
    index, arrays = resume(folder, STAGES, lines.append)
    assert (index, int(arrays["image"])) == (first, image)
    assert lines == [f"resuming {place} at image {image}; reports above of later images are void"]
    assert len(folder.metrics_path.read_text().splitlines()) == image // 8


def test_run_is_finished_when_the_last_stage_is(folder):
    save(folder, 1, 24)
    assert not is_finished(folder, STAGES[-1])
    save(folder, 1, 32)
    assert is_finished(folder, STAGES[-1])


def test_run_without_a_whole_checkpoint_begins_anew_aloud(folder):
    path = save(folder, 0, 8)
    path.write_bytes(path.read_bytes()[:-1])
    folder.append_metrics({"stage": 0, "image": 8})
    lines = []
    assert resume(folder, STAGES, lines.append) == (0, None)
    assert "it is passed over" in lines[0]
    assert lines[1] == "warning: no checkpoint is left; the training begins anew, what was reported goes"
    assert not folder.has_reports()
