"""The grid as a list."""

import pytest

from gansynth_isa.config import GridConfig
from gansynth_isa.experiments.trials import GeneratorKey, Trial, all_trials
from gansynth_isa.files import file_name

GRID = GridConfig(levels=(4, 9), subset_seeds=(0, 1), gan_repeats=3, trials=5)


def test_all_trials_full_grid_has_the_count_of_the_protocol():
    # 2 folds x 2 levels x 2 subsets x (2 real methods x 5 trials + 3 GANs x 2 methods x 5 trials)
    assert len(all_trials(GRID, ("1", "2"))) == 2 * 2 * 2 * (2 * 5 + 3 * 2 * 5)


def test_all_trials_are_distinct_in_name_and_row():
    trials = all_trials(GRID, ("1", "2"))
    assert len({trial.name for trial in trials}) == len(set(trials)) == len(trials)
    assert [Trial.from_row(trial.row()) for trial in trials] == list(trials)


def test_all_trials_real_methods_have_no_gan():
    for trial in all_trials(GRID, ("all",)):
        assert (trial.gan is None) == (trial.method in ("baseline", "augmented"))


def test_all_trials_keep_those_of_one_gan_together():
    keys = [trial.generator_key for trial in all_trials(GRID, ("1", "2")) if trial.generator_key]
    changes = sum(before != after for before, after in zip(keys, keys[1:], strict=False))
    assert changes == len(set(keys)) - 1


def test_all_trials_without_gan_methods_need_no_gan():
    grid = GridConfig(methods=("baseline",), gan_repeats=3, trials=2, levels=(4,))
    assert [trial.gan for trial in all_trials(grid, ("all",))] == [None, None]


def test_generator_key_name_is_stable():
    assert GeneratorKey("1", 9, 0, 2).name == "fold-1_level-9_subset-0_gan-2"


@pytest.mark.parametrize("text", ["a/b.wav", "a_b.wav", "a b.wav", "a:b.wav", "x" * 60, "ä"])
def test_file_name_is_safe_and_keeps_names_apart(text):
    name = file_name(text)
    assert "/" not in name and " " not in name and len(name) < 60
    others = ["a/b.wav", "a_b.wav", "a b.wav", "a:b.wav", "x" * 60, "x" * 61, "ä", "ö"]
    assert [file_name(other) for other in others].count(name) == 1
