"""The files of a report."""

import csv
import shutil

import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import append_row
from gansynth_isa.files import write_json
from gansynth_isa.reports.figures import accuracy_figure, figure_bytes
from gansynth_isa.reports.report import write_report
from gansynth_isa.reports.statistics.summary import summarise


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


def test_write_report_writes_page_markdown_csv_and_figures(tmp_path, two_folds):
    write_rows(tmp_path, two_folds)
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
def test_write_report_of_simulated_recordings_says_so_before_anything_else(tmp_path, name, mark, flag, two_folds):
    write_rows(tmp_path, [one | mark | {"dataset": name} for one in two_folds])
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


def test_write_report_counts_recordings_where_accuracy_does(tmp_path, row, two_folds):
    write_rows(tmp_path, two_folds)
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


def test_write_report_of_half_an_experiment_says_so(tmp_path, two_folds):
    write_rows(tmp_path, two_folds[:3])
    assert "not finished: 1 repetitions lack a fold" in write_report(tmp_path, tmp_path).text


def test_write_report_leaves_out_a_fold_that_a_method_lacks_and_says_so(tmp_path, row):
    write_rows(tmp_path, [row(0.5), row(0.7, method="augmented"), row(0.9, fold="2")])
    text = write_report(tmp_path, tmp_path).text
    assert "not every method has fold 2" in text
    assert "0.500 (n=1)" in text


def test_write_report_counts_a_repeated_classifier_once(tmp_path, row):
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


def test_write_report_shows_names_that_markdown_reads_as_a_language_as_they_are(tmp_path, result_rows):
    for one in result_rows(classes=("mix_$5_and_$10", "_x_", "~~gone~~"), dataset="Ba$$in"):
        append_row(tmp_path / "results.jsonl", one)
    write_report(tmp_path, tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert r"Ba\$\$in" in text and r"\$5" in text and r"\_x\_" in text and r"\~\~gone\~\~" in text
    assert "$" not in text.replace(r"\$", "")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Ba$$in" in page and "mix_$5_and_$10" in page and "~~gone~~" in page


def test_write_report_keeps_names_in_csv_as_they_are(tmp_path, result_rows):
    for one in result_rows(classes=("=1+1", "@a", 'say "no", b'), dataset="-x"):
        append_row(tmp_path / "results.jsonl", one)
    write_report(tmp_path, tmp_path)
    cells = {
        cell
        for path in (tmp_path / "report_files").glob("*.csv")
        for line in csv.reader(path.read_text(encoding="utf-8").splitlines())
        for cell in line
    }
    assert any("=1+1" in cell for cell in cells) and not any("'=1+1" in cell for cell in cells)
    assert any('say "no", b' in cell for cell in cells)


def test_write_report_says_which_letters_pictures_lack(tmp_path, result_rows, monkeypatch):
    monkeypatch.setattr("gansynth_isa.drawing._other_fonts", dict)
    for one in result_rows(dataset="螺"):
        append_row(tmp_path / "results.jsonl", one)
    assert "no font here has the letters 螺;" in write_report(tmp_path, tmp_path).warning


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
        ([{"level": True}], "row 1: level: expected a whole number from 0 to 9223372036854775807, got 'True'"),
        ([{"level": 10**30}], "row 1: level: expected a whole number from 0 to 9223372036854775807, got '1000"),
        ([{"minutes": 10**400}], "row 1: minutes: expected a finite number up to .*, got '1000"),
        ([{"minutes": 1e308}], "row 1: minutes: expected a finite number up to .*, got '1e\\+308"),
        ([{"init_sha256": 5}], "row 1: init_sha256: expected a text, got '5'"),
        ([{"init_sha256": []}], "row 1: init_sha256: expected a text"),
        ([{"init_sha256": float("nan")}], "row 1: init_sha256: expected a text, got 'nan'"),
        ([{"confusion_matrix": [[2**63 - 1] * 2] * 2}], "row 1: confusion_matrix: expected a square matrix of counts"),
        ([{"accuracy": 10**400}], "row 1: accuracy: expected a number from 0 to 1, got '1000"),
        ([{"fold": "\ud800"}], "row 1: fold: expected a text, got"),
        ([{"recall": {"\ud800": 1.0}}], "row 1: recall: expected a number per class, got"),
        ([{"confusion_matrix": [[1, 2], [3]]}], "row 1: confusion_matrix: expected a square matrix of counts"),
        ([{"confusion_matrix": [[1]]}], "row 1: expected a confusion_matrix of 4 classes, got 1"),
        ([{"recall": None}], "row 1: recall: expected a number per class, got 'None'"),
        ([{"dataset": "a"}, {"dataset": "b"}], "expected the results of one dataset, got 2: a, b"),
        ([{"experiment": "a"}, {"experiment": "b"}], "expected the results of one experiment, got 2: a, b"),
        ([{}, {"recall": {"z": 1.0}}], "expected the same classes in all rows"),
    ],
)
def test_write_report_of_rows_that_do_not_belong_together_is_bad_input(tmp_path, rows, message, row):
    whole = {} if rows == [{"level": 4}] else {"minutes": 1, "confusion_matrix": [[1] * 4] * 4, **row(0.5)}
    for one in rows:
        append_row(tmp_path / "results.jsonl", whole | one)
    with pytest.raises(InputError, match=message):
        write_report(tmp_path, tmp_path)


def test_write_report_of_damaged_gan_rows_or_descriptions_is_bad_input(tmp_path, two_folds):
    write_rows(tmp_path, two_folds)
    append_row(tmp_path / "gans.jsonl", {"level": 4, "fold": "1", "subset_seed": 0, "gan": 0})
    with pytest.raises(InputError, match=r"gans.jsonl: row 1: expected a generator's measures, but it has no"):
        write_report(tmp_path, tmp_path)
    (tmp_path / "gans.jsonl").unlink()
    write_json(tmp_path / "experiment.json", {})
    with pytest.raises(InputError, match="experiment.json: expected the description of an experiment"):
        write_report(tmp_path, tmp_path)


def test_write_report_without_results_is_bad_input(tmp_path):
    with pytest.raises(InputError, match="expected an experiment with results"):
        write_report(tmp_path / "nothing", tmp_path)
