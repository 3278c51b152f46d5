"""Folds, and the checks before any training."""

import dataclasses

import pytest

from gansynth_isa.config import DataConfig, GridConfig
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.folds import make_folds

BY_GROUP = GridConfig(folds="group", levels=(4, 8))


def test_folds_by_group_leave_each_group_out_once(clips):
    folds = make_folds(clips, DataConfig(), BY_GROUP)
    assert sorted(folds) == ["1", "2", "3"]
    for name, fold in folds.items():
        assert set(fold.test.groups) == {name}
        assert set(fold.train.groups) == {"1", "2", "3"} - {name}
        assert fold.test_groups == (name,)


def test_single_fold_is_the_split_of_the_test_groups(clips):
    (fold,) = make_folds(clips, DataConfig(test_groups=("2",)), GridConfig(levels=(4,))).values()
    assert set(fold.test.groups) == {"2"}


def test_level_above_a_fold_names_class_and_count(clips):
    # Without b's clips of group 1, folds 2 and 3 hold 4 training clips of b.
    kept = [index for index in range(len(clips)) if clips.recordings[index] != "b_1.wav"]
    with pytest.raises(InputError, match=r"at most 4 clips per class in fold '2', where class 'b' has 4; got 8"):
        make_folds(clips.select(kept), DataConfig(), BY_GROUP)


def test_folds_without_test_side_are_refused(clips):
    with pytest.raises(InputError, match="expected a test side"):
        make_folds(clips, DataConfig(), GridConfig(levels=(4,)))


def test_folds_by_group_beside_a_split_are_refused(clips):
    split = dataclasses.replace(clips, splits=("train",) * len(clips))
    with pytest.raises(InputError, match="folds: expected 'none'"):
        make_folds(split, DataConfig(), BY_GROUP)


def test_folds_by_a_single_group_are_refused(clips):
    with pytest.raises(InputError, match="expected two groups and more for 'group', got 1: x"):
        make_folds(dataclasses.replace(clips, groups=("x",) * len(clips)), DataConfig(), BY_GROUP)
