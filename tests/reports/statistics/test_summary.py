"""Summaries by hand computation, and their figure."""

import pytest

from gansynth_isa.reports.figures import accuracy_figure
from gansynth_isa.reports.statistics.summary import incomplete_repetitions, summarise, summarise_folds, summarise_gans
from gansynth_isa.reports.tables import accuracy_table


def test_summarise_two_folds_takes_the_deviation_over_fold_means(two_folds):
    (summary,) = summarise(two_folds)
    # Fold means 0.7 and 0.8: mean 0.75, sample deviation sqrt(2 * 0.05^2 / 1).
    assert summary.mean == pytest.approx(0.75)
    assert summary.deviation == pytest.approx(0.0707106781)
    assert summary.num_trials == 4


def test_summarise_leaves_out_a_repetition_that_lacks_a_fold(row, two_folds):
    (summary,) = summarise([*two_folds, row(0.0, trial=2)])
    assert (summary.mean, summary.num_trials) == (pytest.approx(0.75), 4)


def test_summarise_folds_takes_the_deviation_over_the_trials_of_each(two_folds):
    first, second = summarise_folds(two_folds)
    assert (first.fold, first.mean, second.mean) == ("1", pytest.approx(0.6), pytest.approx(0.9))
    assert first.deviation == pytest.approx(0.1414213562)
    assert second.deviation == pytest.approx(0.0)


def test_summarise_single_trial_has_no_deviation(row):
    (summary,) = summarise([row(0.5)])
    assert summary.deviation is None
    assert accuracy_table([summary]).rows == [["4", "0.500 (n=1)"]]


def test_summarise_orders_by_level_then_by_the_paper_s_methods(row):
    rows = [
        row(0.1, level, method) for level in (18, 4) for method in ("gan_augmented", "gan", "augmented", "baseline")
    ]
    assert [(item.level, item.method) for item in summarise(rows)] == [
        (level, method) for level in (4, 18) for method in ("baseline", "augmented", "gan", "gan_augmented")
    ]


def test_incomplete_repetitions_counts_what_lacks_a_fold(two_folds):
    assert incomplete_repetitions(two_folds) == 0
    assert incomplete_repetitions(two_folds[:3]) == 1


def test_summarise_gans_is_the_mean_per_level():
    rows = [
        {"level": 9, "class_agreement": 0.5, "relative_spread": 0.8, "nearest_real_distance": 1.1, "minutes": 4},
        {"level": 9, "class_agreement": 0.7, "relative_spread": 1.0, "nearest_real_distance": 1.3, "minutes": 6},
    ]
    (summary,) = summarise_gans(rows)
    assert (summary.class_agreement, summary.relative_spread) == (pytest.approx(0.6), pytest.approx(0.9))
    assert summary.nearest_real_distance == pytest.approx(1.2)
    assert (summary.minutes, summary.num_gans) == (5, 2)


def test_accuracy_figure_has_one_error_bar_series_per_method_and_chance(row):
    rows = [
        row(0.5 + trial / 10, level, method, trial=trial)
        for level in (4, 9)
        for method in ("baseline", "gan")
        for trial in (0, 1)
    ]
    figure = accuracy_figure(summarise(rows), 4, "title")
    axes = figure.axes[0]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["chance, 1 of 4 classes", "baseline", "GAN"]
    assert len(axes.containers) == 2
    assert [label.get_text() for label in axes.get_xticklabels()] == ["4", "9"]
    bar = axes.containers[0].lines[2][0].get_segments()[0]
    # Mean 0.55, sample deviation of 0.5 and 0.6.
    assert bar[:, 1] == pytest.approx([0.55 - 0.0707106781, 0.55 + 0.0707106781])
