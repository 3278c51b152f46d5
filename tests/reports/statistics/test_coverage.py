"""How often 95 % bootstrap intervals contain the true difference, measured: the shares that reports state."""

import numpy as np
import pytest

from gansynth_isa.reports.statistics.bootstrap import paired_differences
from gansynth_isa.reports.statistics.coverage import (
    COVERAGE_FOR_OTHER_DRAWS,
    COVERAGE_OF_FOUR_FOLDS,
    COVERAGE_OF_TRIALS,
    coverage_block,
    coverage_sentence,
)

DEVIATION = 0.02
NUM_EXPERIMENTS = 2000
# Three standard errors of a measured share of 0.8, and half of the last digit that is stated.
TOLERANCE = 3 * np.sqrt(0.8 * 0.2 / NUM_EXPERIMENTS) + 0.005


def share_covered(num_trials: int, num_folds: int = 1, draw_deviation: float = 0.0) -> float:
    """The share of simulated experiments of one draw whose interval contains the true difference, 0."""
    rng = np.random.default_rng(num_trials)
    found = [_difference(rng, num_trials, num_folds, draw_deviation) for _ in range(NUM_EXPERIMENTS)]
    return float(np.mean([item.low <= 0 <= item.high for item in found]))


def _difference(rng, num_trials, num_folds, draw_deviation):
    rows = []
    for fold in range(num_folds):
        for method, gain in (("baseline", 0.0), ("augmented", draw_deviation * rng.normal())):
            place = {"level": 4, "method": method, "fold": str(fold), "subset_seed": 0, "gan": None}
            accuracies = 0.7 + gain + DEVIATION * rng.normal(size=num_trials)
            rows += [place | {"trial": index, "accuracy": value} for index, value in enumerate(accuracies)]
    (difference,) = paired_differences(rows)
    return difference


@pytest.mark.parametrize(("num_trials", "stated"), COVERAGE_OF_TRIALS.items())
def test_interval_of_few_classifiers_covers_as_seldom_as_reports_state(num_trials, stated):
    assert share_covered(num_trials) == pytest.approx(stated, abs=TOLERANCE)
    assert stated < 0.95


def test_interval_of_few_classifiers_over_four_folds_covers_as_seldom_as_reports_state():
    assert share_covered(3, num_folds=4) == pytest.approx(COVERAGE_OF_FOUR_FOLDS, abs=TOLERANCE)


def test_interval_of_one_draw_covers_the_mean_over_draws_as_seldom_as_reports_state():
    assert share_covered(3, draw_deviation=DEVIATION) == pytest.approx(COVERAGE_FOR_OTHER_DRAWS, abs=TOLERANCE)


def test_interval_of_many_classifiers_covers_what_it_is_called():
    assert share_covered(60) == pytest.approx(0.95, abs=TOLERANCE)


def test_coverage_block_states_every_share_and_the_sentence_that_of_three():
    _, table = coverage_block().blocks
    assert [share for _, share in table.rows] == [f"{share}\u00a0%" for share in (67, 80, 88, 92, 87, 62)]
    assert "80\u00a0% contained the true difference" in coverage_sentence()
