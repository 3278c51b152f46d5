"""How much an experiment is said to train before it reads recordings."""

import pytest

from gansynth_isa.cli.experiment import _grid_text, _size_text
from gansynth_isa.cli.options import parse_options
from gansynth_isa.config import GridConfig

FOUR = ("baseline", "augmented", "gan_augmented", "lda")


@pytest.mark.parametrize(
    ("grid", "text"),
    [
        # 2 levels x 3 subsets, each of 3 trials of three methods and one of lda; that is README's: 54 networks.
        (
            GridConfig(levels=(4, 9), methods=FOUR, generators=("gaussian",), subset_seeds=(0, 1, 2), trials=3),
            "60 classifiers and 6 generators",
        ),
        (
            GridConfig(levels=(4,), methods=("gan", "augmented"), gan_repeats=2, trials=2, folds="group"),
            "6 classifiers and 2 generators per fold",
        ),
        (GridConfig(levels=(4,), methods=("gan",), trials=1), "1 classifier and 1 generator"),
        (
            GridConfig(levels=(4,), methods=("auto",), trials=2),
            "2 classifiers and 0 generators, beside those that auto tries",
        ),
    ],
)
def test_size_counts_classifiers_and_generators(grid, text):
    assert _size_text(grid) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1 generator of a kind per subset; 1 trial; "), (2, "2 generators of a kind per subset; 2 trials; ")],
)
def test_plan_of_the_grid_has_nouns_that_fit_their_number(number, text):
    options = parse_options(["experiment", f"--gan_repeats={number}", f"--trials={number}"], "")
    assert text in _grid_text(options)
