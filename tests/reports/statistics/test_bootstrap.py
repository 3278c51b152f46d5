"""Paired differences against hand computation, SciPy's bootstrap and closed forms."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from gansynth_isa.experiments.rows.cells import cell_of
from gansynth_isa.reports.statistics.bootstrap import method_means, paired_differences, seed_of


def row(accuracy, method="baseline", fold="1", draw=0, gan=None, trial=0, level=4):
    return {
        "level": level,
        "method": method,
        "fold": fold,
        "subset_seed": draw,
        "gan": gan,
        "trial": trial,
        "accuracy": accuracy,
    }


def only(rows):
    (difference,) = paired_differences(rows)
    return difference


def test_paired_differences_of_trials_alone_agree_with_scipy():
    rng = np.random.default_rng(1)
    first, second = rng.normal(0.7, 0.05, 12), rng.normal(0.8, 0.03, 9)
    rows = [row(value, "baseline", trial=index) for index, value in enumerate(first)]
    rows += [row(value, "augmented", trial=index) for index, value in enumerate(second)]
    found = only(rows)
    expected = bootstrap(
        (second, first),
        lambda a, b, axis: a.mean(axis) - b.mean(axis),
        n_resamples=9999,
        method="percentile",
        vectorized=True,
        random_state=np.random.default_rng(2),
    ).confidence_interval
    assert found.mean == pytest.approx(second.mean() - first.mean())
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.003)
    assert (found.num_draws, found.num_gans, found.num_trials) == (1, 0, 9)


def test_paired_differences_of_draws_agree_with_scipy_s_bootstrap_of_the_differences():
    rng = np.random.default_rng(3)
    # Draws differ far more than methods do: a bootstrap that did not pair them would give intervals ten times as wide.
    draws = rng.normal(0.6, 0.1, 15)
    gains = rng.normal(0.02, 0.01, 15)
    rows = [row(value, "baseline", draw=index) for index, value in enumerate(draws)]
    rows += [row(value, "gan", draw=index, gan=0) for index, value in enumerate(draws + gains)]
    found = only(rows)
    expected = bootstrap(
        (gains,), np.mean, n_resamples=9999, method="percentile", random_state=np.random.default_rng(4)
    ).confidence_interval
    assert found.mean == pytest.approx(gains.mean())
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.0007)


def test_paired_differences_of_nested_gans_and_trials_have_the_closed_form_s_variance():
    rng = np.random.default_rng(5)
    values = rng.normal(0, 0.02, (6, 1)) + rng.normal(0.7, 0.03, (6, 4))
    rows = [row(0.5, "baseline")]
    rows += [row(values[gan, trial], "gan", gan=gan, trial=trial) for gan in range(6) for trial in range(4)]
    # Of the mean over resampled GANs of the mean over resampled trials: variance of the means of GANs / GANs, and the
    # mean variance within them / (GANs * trials), both variances with the number itself below.
    variance = values.mean(axis=1).var() / 6 + values.var(axis=1).mean() / (6 * 4)
    assert only(rows).replicates.var() == pytest.approx(variance, rel=0.1)


def test_paired_differences_resample_the_gans_of_both_methods_together():
    # Each GAN shifts both methods alike and the trials agree: nothing is left to vary.
    rows = [row(0.6 + gan / 10, method, gan=gan) for gan in range(3) for method in ("gan", "gan_augmented")]
    found = only(rows)
    assert (found.mean, found.low, found.high) == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)
    assert (found.num_gans, found.num_trials) == (3, 1)


def test_method_means_agree_with_scipy_s_bootstrap():
    accuracies = np.random.default_rng(6).normal(0.7, 0.05, 12)
    rows = [row(value, trial=index) for index, value in enumerate(accuracies)]
    (found,) = method_means([*rows, row(0.1, "augmented"), row(0.1, "augmented", level=9)], "baseline")
    expected = bootstrap(
        (accuracies,), np.mean, n_resamples=9999, method="percentile", random_state=np.random.default_rng(7)
    ).confidence_interval
    assert (found.level, found.mean) == (4, pytest.approx(accuracies.mean()))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.003)
    assert (found.num_draws, found.num_gans, found.num_trials) == (1, 0, 12)


def test_method_means_weigh_folds_alike():
    rows = [row(0.5, fold="1"), row(0.7, fold="2"), row(0.9, fold="2", draw=1), row(1.0, level=9)]
    first, second = method_means(rows, "baseline")
    # Means of the folds 0.5 and 0.8; the draws of fold 2 alone vary: 0.7 at the least, 0.9 at the most.
    assert (first.mean, first.low, first.high) == pytest.approx((0.65, 0.6, 0.7))
    assert (first.num_draws, second.level, second.mean) == (1, 9, 1.0)


def test_paired_differences_keep_folds_fixed_and_weigh_them_alike():
    rows = [row(0.5, fold=fold, draw=draw) for fold, draw in (("1", 0), ("2", 0), ("2", 1), ("2", 2))]
    rows += [row(0.5 + gain, "augmented", fold, draw) for fold, draw, gain in (("1", 0, 0.1), ("2", 0, 0.4))]
    rows += [row(0.5 + 0.4, "augmented", "2", draw) for draw in (1, 2)]
    found = only(rows)
    # Folds gain 0.1 and 0.4: the mean is 0.25 however many draws each has, and no new draw of folds changes it.
    assert (found.mean, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))
    assert (found.num_folds, found.num_draws) == (2, 1)


def test_paired_differences_leave_out_draws_that_one_method_lacks():
    rows = [row(0.5), row(0.0, draw=1), row(0.7, "augmented")]
    assert only(rows).mean == pytest.approx(0.2)


def test_paired_differences_without_a_pair_are_none():
    assert paired_differences([row(0.5), row(0.5, "gan", fold="2", gan=0)]) == []


def test_paired_differences_are_the_same_again():
    rows = [row(0.1 * trial, method, trial=trial) for trial in range(4) for method in ("baseline", "augmented")]
    assert only(rows) == only(list(reversed(rows)))


def test_seeds_of_the_paper_s_methods_are_their_places_and_those_of_others_follow_their_names():
    methods = ("baseline", "augmented", "gan", "gan_augmented")
    assert [seed_of(cell_of({"method": method})) for method in methods] == [0, 1, 2, 3]
    # The first sixteen digits that `printf gaussian | sha256sum` and `printf gaussian_augmented | sha256sum` print.
    others = [seed_of(cell_of({"method": method, "generator": "gaussian"})) for method in methods[2:]]
    assert others == [0xC7C5F1441E059892, 0x29DD60987ACD3E15]


def test_paired_differences_of_two_kinds_resample_their_generators_apart():
    # Generator 0 of one kind has nothing to do with generator 0 of another, though both shift by as much.
    rows = [row(0.6 + gan / 10, "gan", gan=gan) for gan in range(3)]
    others = [each | {"generator": "gaussian"} for each in rows]
    found = only(rows + others)
    assert (found.method, found.other, found.num_gans) == ("gaussian", "gan", 3)
    # Two independent means of three draws from 0.6, 0.7, 0.8, whose variance is 0.02 / 3.
    assert found.replicates.var() == pytest.approx(2 * 0.02 / 3 / 3, rel=0.1)
    # All of both count, also where the numbers do not meet.
    moved = [each | {"gan": each["gan"] + 2} for each in others]
    assert only(rows + moved).mean == pytest.approx(0.0)


def test_paired_differences_of_the_paper_s_methods_do_not_see_another_kind():
    rng = np.random.default_rng(8)
    rows = [row(rng.uniform(), method, trial=trial) for method in ("baseline", "augmented") for trial in range(4)]
    rows += [row(rng.uniform(), "gan", gan=gan, trial=trial) for gan in range(2) for trial in range(4)]
    others = [each | {"generator": "gaussian"} for each in rows if each["gan"] is not None]
    together = paired_differences(others + rows)
    assert [item for item in together if "gaussian" not in (item.method, item.other)] == paired_differences(rows)
    assert len(together) == 6


def test_single_trial_of_a_method_without_dice_is_no_gap_of_the_interval():
    rows = [
        row(value, "augmented", draw=draw, trial=trial) for draw in (0, 1) for trial, value in enumerate((0.5, 0.7))
    ]
    rows += [row(0.8, "lda", draw=draw) for draw in (0, 1)]
    found = only(rows)
    assert (found.method, found.other, found.mean) == ("lda", "augmented", pytest.approx(0.2))
    assert (found.num_draws, found.num_trials) == (2, 2)
    rest = [each for each in rows if each["trial"] == 0]
    assert only(rest).num_trials == 1  # of the other method one trial says nothing of others
