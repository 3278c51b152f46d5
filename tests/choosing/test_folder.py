"""A choice that is stopped among its rounds, and what is left in its folder then.

Classifiers are no matter here: what stands in for them says what synthetic clips it is given.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from gansynth_isa.choosing import comparison
from gansynth_isa.choosing.choice import choose, plan_choice
from gansynth_isa.choosing.folder import GENERATORS, train_in_folder

ROUNDS = ("round-0", "round-1")


class Stopped(KeyboardInterrupt):
    """In place of a kill, which runs nothing either of what would tidy up."""


@pytest.fixture
def compared(config, console, monkeypatch):
    """Gives the synthetic clips of all trainings of a choice in a folder, which stops at one of them if told so."""

    def run(supply, folder, stop_at=None):
        given = []

        def train(settings, clips, left_out, synthetic, on_step):
            given.append(synthetic)
            if len(given) == stop_at:
                raise Stopped
            return SimpleNamespace(result={"accuracy": 0.5})

        monkeypatch.setattr(comparison, "train_classifier", train)
        plan = plan_choice(config, supply)
        if stop_at is not None:
            with pytest.raises(Stopped):
                train_in_folder(folder, plan, supply, supply.clips, console[0])
        else:
            choose(plan, supply, folder / GENERATORS, console[0])
        return [synthetic.spectrograms for synthetic in given if synthetic is not None]

    return run


@pytest.fixture
def left_over(compared, supply_of, make_clips, tmp_path):
    """A folder in which a choice was stopped in its second round, and the clips of its supply."""
    clips = make_clips(4, groups_per_class=2)
    compared(supply_of(clips), tmp_path / "C", stop_at=4)
    assert sorted(path.parent.name for path in tmp_path.glob(f"C/{GENERATORS}/*/oracle")) == list(ROUNDS)
    return tmp_path / "C", clips


def test_folder_of_somebody_else_is_left_alone(config, supply_of, make_clips, console, tmp_path):
    (tmp_path / "generators" / "mine").mkdir(parents=True)
    (tmp_path / "generators" / "mine" / "note.txt").write_text("a training of hours")
    supply = supply_of(make_clips(2, groups_per_class=1))
    train_in_folder(tmp_path, plan_choice(config, supply), supply, supply.clips, console[0])
    assert (tmp_path / "generators" / "mine" / "note.txt").read_text() == "a training of hours"
    assert not (tmp_path / GENERATORS).exists()


def written(folder):
    """When the description of each round's generator was written."""
    return [(folder / GENERATORS / name / "oracle" / "experiment.json").stat().st_mtime_ns for name in ROUNDS]


def test_same_choice_goes_on_with_the_generators_that_are_there(left_over, compared, supply_of, console):
    folder, clips = left_over
    before = written(folder)
    compared(supply_of(clips), folder, stop_at=4)
    assert written(folder) == before
    assert f"{folder / GENERATORS}: left by a choice that was stopped; what fits goes on" in console[1].getvalue()


@pytest.mark.parametrize(("changed", "offset"), [("settings", 2.0), ("clips", 1.0)])
def test_choice_of_other_settings_or_clips_makes_its_generators_as_in_a_new_folder(
    changed, offset, left_over, compared, supply_of, make_clips, tmp_path
):
    folder, clips = left_over
    clips = make_clips(4, seed=5, groups_per_class=2) if changed == "clips" else clips
    before = written(folder)
    supply = supply_of(clips, oracle_offset=offset)
    again, new = compared(supply, folder), compared(supply, tmp_path / "new")
    assert all(after > earlier for after, earlier in zip(written(folder), before, strict=True))
    assert len(again) == 2
    np.testing.assert_array_equal(again, new)
