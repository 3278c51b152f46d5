"""Expected values: the formulas of the papers worked out by hand, and Student's t by numerical integration."""

import math

import numpy as np
import pytest

from gansynth_isa.choosing.evidence import LEVEL, clearly_best, holm, one_sided_p, weigh


def upper_tail(t, freedom):
    """Of Student's distribution, by the trapezoidal rule."""
    x = np.linspace(t, t + 400.0, 2_000_001)
    constant = math.gamma((freedom + 1) / 2) / (math.sqrt(freedom * math.pi) * math.gamma(freedom / 2))
    density = constant * (1 + x**2 / freedom) ** (-(freedom + 1) / 2)
    return float(np.sum((density[1:] + density[:-1]) / 2) * (x[1] - x[0]))


def test_p_value_is_that_of_the_corrected_resampled_t_test_of_means_over_trials():
    trials = [0.6, 0.8, 0.7, 0.9, 0.6, 0.6]  # three rounds of two; the default has 0.5 in each
    mean, deviation = 0.2, math.sqrt((0.0**2 + 0.1**2 + 0.1**2) / 2)  # gains of the rounds: 0.2, 0.3, 0.1
    t = mean / (deviation * math.sqrt(1 / 3 + 1 / 2))
    other = weigh({"default": [0.5] * 6, "other": trials}, 3, 100.0)[1]
    assert other.p_value == pytest.approx(upper_tail(t, 2), rel=1e-3)
    assert other.difference == pytest.approx(mean)
    assert other.accuracies == tuple(trials)


@pytest.mark.parametrize("trials", [1, 3])
def test_p_value_takes_half_a_decision_as_the_least_deviation_however_many_trials(trials):
    t = 0.25 / (0.125 * math.sqrt(1 / 3 + 1 / 2))  # three rounds of four decisions
    other = weigh({"default": [0.5] * 3 * trials, "other": [0.75] * 3 * trials}, 3, 4.0)[1]
    assert other.p_value == pytest.approx(upper_tail(t, 2), rel=1e-3)


@pytest.mark.parametrize("differences", [[0.0, 0.0], [-0.1, -0.2], [0.5]])
def test_p_value_of_no_gain_or_of_a_single_round_is_one(differences):
    assert one_sided_p(np.array(differences), 10.0) == 1.0


@pytest.mark.parametrize("rounds", [2, 5])
def test_candidate_that_gains_nothing_overrules_in_one_set_of_twenty_at_most(rounds):
    """Rounds correlate as the test takes them to, by the share of clips left out; trials deviate by less than rounds.

    8,000 sets of three trials: the rate has a standard error of sqrt(0.05 0.95 / 8000) = 0.0024, and three of them are
    allowed for. Were trials taken for rounds, the rates would be 0.16 for two rounds and 0.11 for five.
    """
    rng = np.random.default_rng(0)
    shared, own = math.sqrt(1 / rounds), math.sqrt(1 - 1 / rounds)
    of_rounds = shared * rng.normal(size=(8000, 1, 1)) + own * rng.normal(size=(8000, rounds, 1))
    gains = 0.05 * (of_rounds + 0.2 * rng.normal(size=(8000, rounds, 3)))
    base = np.full(3 * rounds, 0.6)
    found = [weigh({"default": base, "other": base + gain.ravel()}, rounds, 1000.0) for gain in gains]
    rate = np.mean([clearly_best(weighed) is not None for weighed in found])
    assert 0.03 < rate < LEVEL + 3 * 0.0024


def test_holm_multiplies_the_smallest_by_their_number_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def accuracies(gain, seed, rounds=5, trials=2):
    rng = np.random.default_rng(seed)
    default = rng.normal(0.6, 0.05, rounds * trials)
    return {"default": default, "other": default + rng.normal(gain, 0.05, rounds * trials), "worse": default - 0.1}


def test_clearly_better_candidate_is_found_and_the_default_never():
    weighed = weigh(accuracies(0.2, 0), 5, 30.0)
    assert [each.name for each in weighed] == ["default", "other", "worse"]
    assert weighed[0].difference == 0.0 and weighed[0].p_value == 1.0
    assert weighed[1].difference == pytest.approx(0.2, abs=0.05)
    assert clearly_best(weighed).name == "other"
    assert clearly_best(weigh(accuracies(0.0, 0), 5, 30.0)) is None


def test_of_two_clearly_better_candidates_the_better_one_is_taken():
    base = np.linspace(0.5, 0.6, 10)
    noise = np.tile([0.01, -0.01], 5)
    weighed = weigh({"default": base, "good": base + 0.2 + noise, "best": base + 0.3 + noise}, 5, 30.0)
    assert clearly_best(weighed).name == "best"


def test_candidates_that_gain_nothing_overrule_in_fewer_than_one_of_twenty_sets():
    """Five candidates, five rounds of three trials; rounds and trials of a candidate deviate independently."""
    wrong = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        found = {"default": np.full(15, 0.6)}
        found |= {str(n): 0.6 + np.repeat(rng.normal(0, 0.04, 5), 3) + rng.normal(0, 0.04, 15) for n in range(5)}
        wrong += clearly_best(weigh(found, 5, 30.0)) is not None
    assert wrong / 400 < 0.05
