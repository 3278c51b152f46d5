"""Summaries by hand computation, and the files of a report."""

import csv
import shutil

import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.figures import accuracy_figure, figure_bytes
from gansynth_isa.experiments.report import write_report
from gansynth_isa.experiments.rows import append_row
from gansynth_isa.experiments.summary import incomplete_repetitions, summarise, summarise_folds, summarise_gans
from gansynth_isa.experiments.tables import accuracy_table
from gansynth_isa.files import write_json


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
    assert accuracy_table([summary]).rows == [["4", "0.500 (n=1)"]]


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
    figure = accuracy_figure(summarise(rows), 4, "title")
    axes = figure.axes[0]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["chance", "baseline", "GAN"]
    assert len(axes.containers) == 2
    assert [label.get_text() for label in axes.get_xticklabels()] == ["4", "9"]
    bar = axes.containers[0].lines[2][0].get_segments()[0]
    # Mean 0.55, sample deviation of 0.5 and 0.6.
    assert bar[:, 1] == pytest.approx([0.55 - 0.0707106781, 0.55 + 0.0707106781])


@pytest.fixture
def experiment_dir(tmp_path, result_rows):
    """An experiment with names that HTML and Markdown would read as their own, and one GAN's folder."""
    rows = result_rows(classes=("<b>bold</b> & co", "a|b", "c" * 60), dataset="<script>alert(1)</script>")
    for one in rows:
        append_row(tmp_path / "results.jsonl", one)
    gan_dir = tmp_path / "gans" / "fold-1_level-4_subset-0_gan-0"
    for stage, image in ((0, 8), (1, 16), (2, 24)):
        scores = {"real_score": 1.0, "fake_score": -1.0, "real_class_accuracy": 0.9, "fake_class_accuracy": 0.5}
        (gan_dir / "samples").mkdir(parents=True, exist_ok=True)
        append_row(gan_dir / "metrics.jsonl", {"stage": stage, "image": image, **scores})
    picture = accuracy_figure(summarise(rows), 3, "stands for clips")
    (gan_dir / "samples" / "stage_00002_000000000024.png").write_bytes(figure_bytes(picture, "png"))
    configuration = {"gan": {"data": {"dataset": "folder", "data_dir": "/secret"}}, "seed": 7}
    description = {"configuration": configuration, "data": {}, "versions": {"keras": "3.15.1"}}
    write_json(tmp_path / "experiment.json", description)
    return tmp_path


def test_report_of_carried_rows_says_that_pictures_and_curves_stayed_behind(experiment_dir):
    shutil.rmtree(experiment_dir / "gans")
    (experiment_dir / "experiment.json").unlink()
    write_report(experiment_dir, experiment_dir / "report")
    for name in ("report.html", "report.md"):
        text = (experiment_dir / "report" / name).read_text(encoding="utf-8")
        assert "Clips are not shown" in text and "Curves are not shown" in text


def test_report_names_the_gans_at_chance_and_no_others(experiment_dir):
    measures = {"relative_spread": 0.8, "nearest_real_distance": 1.1, "minutes": 4, "level": 4, "subset_seed": 0}
    for fold, agreement in (("1", 0.35), ("2", 0.41)):  # chance is 0.33
        append_row(experiment_dir / "gans.jsonl", measures | {"fold": fold, "gan": 0, "class_agreement": agreement})
    write_report(experiment_dir, experiment_dir / "report")
    text = (experiment_dir / "report" / "report.md").read_text(encoding="utf-8")
    assert "1 of 2 GANs are at chance (0.38 or less): 4 clips, fold 1, draw 0 (0.35)." in text


def write_rows(folder, rows):
    for one in rows:
        append_row(folder / "results.jsonl", {"minutes": 0.5, "confusion_matrix": [[1] * 4] * 4, **one})


def test_write_report_writes_page_markdown_csv_and_figures(tmp_path):
    write_rows(tmp_path, TWO_FOLDS)
    report = write_report(tmp_path, tmp_path / "report")
    assert "0.750 ± 0.071 (n=4)" in report.text
    assert "each the mean of 2 folds" in report.text
    assert "not finished" not in report.text
    output = tmp_path / "report"
    assert "0.750 ± 0.071 (n=4)" in (output / "report.md").read_text()
    assert "0.750 ±\u00a00.071 (n=4)" in (output / "report.html").read_text()
    (line,) = csv.DictReader((output / "report_files" / "accuracy.csv").open())
    assert float(line["mean_accuracy"]) == pytest.approx(0.75)
    costs = list(csv.DictReader((output / "report_files" / "cost.csv").open()))
    assert [(cost["what"], float(cost["minutes"])) for cost in costs] == [
        ("classifier, baseline", 2.0),
        ("everything", 2.0),
    ]
    assert (output / "accuracy.png").read_bytes().startswith(b"\x89PNG")
    # Once: beside the Markdown that shows it.
    (drawing,) = output.rglob("accuracy.svg")
    assert "<svg" in drawing.read_text() and drawing.parent.name == "report_files"
    assert {path.is_file() for path in report.files} == {True}


def test_write_report_again_gives_the_same_bytes(experiment_dir, tmp_path):
    first = write_report(experiment_dir, tmp_path / "one").files
    second = write_report(experiment_dir, tmp_path / "two").files
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_write_report_sums_confusion_matrices_and_takes_recall_from_them(tmp_path, result_rows):
    rows = result_rows(levels=(4,), folds=("all",), draws=1, gans=1, trials=2)
    write_rows(tmp_path, rows)
    write_report(tmp_path, tmp_path)
    own = [np.array(one["confusion_matrix"]) for one in rows if one["method"] == "gan"]
    matrix = list(csv.reader((tmp_path / "report_files" / "confusion_4_gan.csv").open()))
    assert [[int(cell) for cell in line[1:]] for line in matrix[1:]] == sum(own).tolist()
    recalls = csv.DictReader((tmp_path / "report_files" / "recall_4.csv").open())
    found = [float(line["recall"]) for line in recalls if line["method"] == "gan"]
    assert found == pytest.approx(np.diag(sum(own)) / 40)


@pytest.mark.parametrize(
    ("name", "mark", "flag"), [("simulated_balls", {}, False), ("balls", {"simulated": True}, False), ("x", {}, True)]
)
def test_write_report_of_simulated_recordings_says_so_before_anything_else(tmp_path, name, mark, flag):
    write_rows(tmp_path, [one | mark | {"dataset": name} for one in TWO_FOLDS])
    report = write_report(tmp_path, tmp_path, simulated=flag)
    sentence = "Every number here comes from simulated recordings and says nothing about real ones."
    assert report.text.startswith(f"# Simulated recordings: experiment on {name}\n\n{sentence}\n\n4 classifiers")
    markdown = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert markdown.startswith(f"# Simulated recordings: experiment on {name}\n\n**{sentence}**\n\n4 classifiers")
    body = (tmp_path / "report.html").read_text(encoding="utf-8").partition("<body>")[2]
    assert body.index(f"Simulated recordings: experiment on {name}") < body.index(sentence) < body.index("<nav")
    figure = (tmp_path / "report_files" / "accuracy.svg").read_text(encoding="utf-8")
    assert f"Accuracy on {name} (simulated recordings)" in figure


def test_write_report_of_real_recordings_does_not_speak_of_simulated_ones(tmp_path, result_rows):
    write_rows(tmp_path, result_rows())
    text = write_report(tmp_path, tmp_path).text
    assert text.startswith("# Experiment on impacts\n\n96 classifiers and 0 GANs; 4, 18 clips per class; 2 folds;")
    assert "imulated recordings" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_write_report_says_what_its_intervals_do_not_know_and_what_they_are_worth(tmp_path, result_rows):
    write_rows(tmp_path, result_rows(draws=1, gans=1, trials=3))
    write_report(tmp_path, tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "These intervals are too narrow. Where there is one draw of the subset or GAN per draw, the" in text
    assert "made of 3 classifiers per method, 80 % contained the true difference" in text
    shares = list(csv.DictReader((tmp_path / "report_files" / "coverage.csv").open(encoding="utf-8")))
    assert len(shares) == 6


def test_write_report_of_many_repetitions_does_not_call_its_intervals_narrow(tmp_path, result_rows):
    write_rows(tmp_path, result_rows(levels=(4,), folds=("all",), draws=11, gans=11, trials=11))
    write_report(tmp_path, tmp_path)
    assert "too narrow" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_write_report_counts_recordings_where_accuracy_does(tmp_path):
    write_rows(tmp_path, TWO_FOLDS)
    assert "Accuracy: the share of the 16 test clips." in write_report(tmp_path, tmp_path).text
    write_rows(tmp_path, [row(0.5, trial=5) | {"accuracy_per_clip": 0.4}])
    assert "Accuracy: the share of test recordings, each decided by" in write_report(tmp_path, tmp_path).text


def test_write_report_names_what_the_grid_lacks(experiment_dir, tmp_path):
    grid = {"levels": [4, 18], "methods": ["baseline", "gan"], "subset_seeds": [0], "gan_repeats": 3, "trials": 2}
    write_json(experiment_dir / "experiment.json", {"configuration": {"grid": grid}, "data": {}})
    text = write_report(experiment_dir, tmp_path).text
    # Two levels, two folds, two trials of the third GAN, which no row is of.
    first = "fold 1, level 4, subset 0, gan, GAN 2, trial 0"
    assert f"In the folds that have results 8 classifiers of the grid are missing, the first: {first}." in text
    write_json(experiment_dir / "experiment.json", {"configuration": {"grid": grid | {"gan_repeats": 2}}, "data": {}})
    assert "are missing" not in write_report(experiment_dir, tmp_path).text


def test_write_report_of_half_an_experiment_says_so(tmp_path):
    write_rows(tmp_path, TWO_FOLDS[:3])
    assert "not finished: 1 repetitions lack a fold" in write_report(tmp_path, tmp_path).text


def test_write_report_leaves_out_a_fold_that_a_method_lacks_and_says_so(tmp_path):
    write_rows(tmp_path, [row(0.5), row(0.7, method="augmented"), row(0.9, fold="2")])
    text = write_report(tmp_path, tmp_path).text
    assert "not every method has fold 2" in text
    assert "0.500 (n=1)" in text


def test_write_report_counts_a_repeated_classifier_once(tmp_path):
    write_rows(tmp_path, [row(0.5), row(0.5), row(0.7, trial=1)])
    text = write_report(tmp_path, tmp_path).text
    assert "1 lines repeat a classifier" in text
    assert "0.600 ± 0.141 (n=2)" in text


def test_write_report_shows_clips_curves_and_settings_but_not_where_recordings_lay(experiment_dir):
    write_report(experiment_dir, experiment_dir)
    page = (experiment_dir / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 1
    assert page.count("data:image/svg+xml;base64,") == 3
    assert "3.15.1" in page
    assert "/secret" not in page


def test_write_report_escapes_names(experiment_dir):
    write_report(experiment_dir, experiment_dir)
    page = (experiment_dir / "report.html").read_text()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; co" in page
    assert "<b>bold" not in page
    assert "<script" not in page
    text = (experiment_dir / "report.md").read_text()
    assert "a\\|b" in text
    assert "<b>" not in text


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"level": 4}], "row 1: expected a classifier's result, but it has no 'dataset'"),
        ([{"method": "magic"}], "row 1: method: expected one of baseline, .*, got 'magic'"),
        ([{}, {"accuracy": "0.5"}], "row 2: accuracy: expected a number from 0 to 1, got '0.5'"),
        ([{"accuracy": float("nan")}], "row 1: accuracy: expected a number from 0 to 1, got 'nan'"),
        ([{"accuracy": 50.0}], "row 1: accuracy: expected a number from 0 to 1, got '50.0'"),
        ([{"level": True}], "row 1: level: expected a whole number from 0 on, got 'True'"),
        ([{"confusion_matrix": [[1, 2], [3]]}], "row 1: confusion_matrix: expected a square matrix of counts"),
        ([{"confusion_matrix": [[1]]}], "row 1: expected a confusion_matrix of 4 classes, got 1"),
        ([{"recall": None}], "row 1: recall: expected a number per class, got 'None'"),
        ([{"dataset": "a"}, {"dataset": "b"}], "expected the results of one dataset, got 2: a, b"),
        ([{"experiment": "a"}, {"experiment": "b"}], "expected the results of one experiment, got 2: a, b"),
        ([{}, {"recall": {"z": 1.0}}], "expected the same classes in all rows"),
    ],
)
def test_write_report_of_rows_that_do_not_belong_together_is_bad_input(tmp_path, rows, message):
    whole = {} if rows == [{"level": 4}] else {"minutes": 1, "confusion_matrix": [[1] * 4] * 4, **row(0.5)}
    for one in rows:
        append_row(tmp_path / "results.jsonl", whole | one)
    with pytest.raises(InputError, match=message):
        write_report(tmp_path, tmp_path)


def test_write_report_of_damaged_gan_rows_or_descriptions_is_bad_input(tmp_path):
    write_rows(tmp_path, TWO_FOLDS)
    append_row(tmp_path / "gans.jsonl", {"level": 4, "fold": "1", "subset_seed": 0, "gan": 0})
    with pytest.raises(InputError, match=r"gans.jsonl: row 1: expected a GAN's measures, but it has no"):
        write_report(tmp_path, tmp_path)
    (tmp_path / "gans.jsonl").unlink()
    write_json(tmp_path / "experiment.json", {})
    with pytest.raises(InputError, match="experiment.json: expected the description of an experiment"):
        write_report(tmp_path, tmp_path)


def test_write_report_without_results_is_bad_input(tmp_path):
    with pytest.raises(InputError, match="expected an experiment with results"):
        write_report(tmp_path / "nothing", tmp_path)
