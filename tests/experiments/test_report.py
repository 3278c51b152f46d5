"""Summaries by hand computation, and the files of a report."""

import csv

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.figures import accuracy_figure
from gansynth_isa.experiments.report import write_report
from gansynth_isa.experiments.rows import append_row
from gansynth_isa.experiments.summary import incomplete_repetitions, summarise, summarise_folds, summarise_gans
from gansynth_isa.experiments.tables import accuracy_table


def row(accuracy, level=4, method="baseline", fold="1", trial=0, gan=None):
    return {
        "dataset": "impacts",
        "level": level,
        "method": method,
        "fold": fold,
        "subset_seed": 0,
        "gan": gan,
        "trial": trial,
        "accuracy": accuracy,
        "recall": {"a": 0.5, "b": 0.5, "c": 0.5, "d": 0.5},
    }


TWO_FOLDS = [row(0.5, trial=0), row(0.9, fold="2", trial=0), row(0.7, trial=1), row(0.9, fold="2", trial=1)]


def test_summarise_two_folds_takes_the_deviation_over_fold_means():
    (summary,) = summarise(TWO_FOLDS)
    # Fold means 0.7 and 0.8: mean 0.75, sample deviation sqrt(2 * 0.05^2 / 1).
    assert summary.mean == pytest.approx(0.75)
    assert summary.deviation == pytest.approx(0.0707106781)
    assert summary.num_trials == 4


def test_summarise_leaves_out_a_repetition_that_lacks_a_fold():
    (summary,) = summarise([*TWO_FOLDS, row(0.0, trial=2)])
    assert (summary.mean, summary.num_trials) == (pytest.approx(0.75), 4)


def test_summarise_folds_takes_the_deviation_over_the_trials_of_each():
    first, second = summarise_folds(TWO_FOLDS)
    assert (first.fold, first.mean, second.mean) == ("1", pytest.approx(0.6), pytest.approx(0.9))
    assert first.deviation == pytest.approx(0.1414213562)
    assert second.deviation == pytest.approx(0.0)


def test_summarise_single_trial_has_no_deviation():
    (summary,) = summarise([row(0.5)])
    assert summary.deviation is None
    assert "0.500 (n=1)" in accuracy_table([summary])


def test_summarise_orders_by_level_then_by_the_paper_s_methods():
    rows = [
        row(0.1, level, method) for level in (18, 4) for method in ("gan_augmented", "gan", "augmented", "baseline")
    ]
    assert [(item.level, item.method) for item in summarise(rows)] == [
        (level, method) for level in (4, 18) for method in ("baseline", "augmented", "gan", "gan_augmented")
    ]


def test_incomplete_repetitions_counts_what_lacks_a_fold():
    assert incomplete_repetitions(TWO_FOLDS) == 0
    assert incomplete_repetitions(TWO_FOLDS[:3]) == 1


def test_summarise_gans_is_the_mean_per_level():
    rows = [
        {"level": 9, "class_agreement": 0.5, "relative_spread": 0.8, "nearest_real_distance": 1.1, "minutes": 4},
        {"level": 9, "class_agreement": 0.7, "relative_spread": 1.0, "nearest_real_distance": 1.3, "minutes": 6},
    ]
    (summary,) = summarise_gans(rows)
    assert (summary.class_agreement, summary.relative_spread) == (pytest.approx(0.6), pytest.approx(0.9))
    assert summary.nearest_real_distance == pytest.approx(1.2)
    assert (summary.minutes, summary.num_gans) == (5, 2)


def test_accuracy_figure_has_one_error_bar_series_per_method_and_chance():
    rows = [
        row(0.5 + trial / 10, level, method, trial=trial)
        for level in (4, 9)
        for method in ("baseline", "gan")
        for trial in (0, 1)
    ]
    axes = accuracy_figure(summarise(rows), 4, "title").axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["chance", "baseline", "GAN"]
    assert len(axes.containers) == 2
    assert [label.get_text() for label in axes.get_xticklabels()] == ["4", "9"]
    bar = axes.containers[0].lines[2][0].get_segments()[0]
    # Mean 0.55, sample deviation of 0.5 and 0.6.
    assert bar[:, 1] == pytest.approx([0.55 - 0.0707106781, 0.55 + 0.0707106781])


def test_write_report_writes_table_csv_and_figures(tmp_path):
    for one in TWO_FOLDS:
        append_row(tmp_path / "results.jsonl", one)
    report = write_report(tmp_path, tmp_path / "report")
    assert "0.750 ± 0.071 (n=4)" in report.text
    assert "each the mean of 2 folds" in report.text
    assert "## Per fold" in report.text
    assert "not finished" not in report.text
    assert (tmp_path / "report" / "table.md").read_text() == report.text + "\n"
    (line,) = csv.DictReader((tmp_path / "report" / "table.csv").open())
    assert float(line["mean_accuracy"]) == pytest.approx(0.75)
    assert (tmp_path / "report" / "accuracy.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "report" / "accuracy.svg").read_text()


def test_write_report_of_half_an_experiment_says_so(tmp_path):
    for one in TWO_FOLDS[:3]:
        append_row(tmp_path / "results.jsonl", one)
    assert "not finished: 1 repetitions lack a fold" in write_report(tmp_path, tmp_path).text


def test_write_report_without_results_is_bad_input(tmp_path):
    with pytest.raises(InputError, match="expected an experiment with results"):
        write_report(tmp_path / "nothing", tmp_path)
