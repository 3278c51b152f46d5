"""Reports of folders whose files were edited by hand."""

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import append_row
from gansynth_isa.files import write_json
from gansynth_isa.reports.experiment_files import read_experiment_files
from gansynth_isa.reports.report import write_report


def write_rows(folder, rows):
    for one in rows:
        append_row(folder / "results.jsonl", {"minutes": 0.5, "confusion_matrix": [[1] * 4] * 4, **one})


@pytest.mark.parametrize(
    ("edited", "message"),
    [
        ({"configuration": []}, "experiment.json: configuration: expected a JSON object, got "),
        ({"configuration": {"grid": 5}}, "experiment.json: configuration: grid: expected a JSON object, got '5'"),
        ({"data": None}, "experiment.json: data: expected a JSON object, got 'None'"),
        ({"data": {"files": 5}}, "experiment.json: data: files: expected a JSON object, got '5'"),
        ({"versions": []}, "experiment.json: versions: expected a JSON object, got "),
        ({"class_names": 5}, "experiment.json: class_names: expected a list, got '5'"),
    ],
)
def test_write_report_of_an_edited_description_names_the_part(tmp_path, two_folds, edited, message):
    write_rows(tmp_path, two_folds)
    write_json(tmp_path / "experiment.json", {"configuration": {}, "data": {}, **edited})
    with pytest.raises(InputError, match=message):
        write_report(tmp_path, tmp_path)


def test_write_report_of_halves_of_letters_in_the_settings_shows_their_numbers(tmp_path, two_folds):
    write_rows(tmp_path, two_folds)
    configuration = {"grid": {"folds": "\ud800"}}
    write_json(tmp_path / "experiment.json", {"configuration": configuration, "data": {}, "dataset": "\udfff"})
    write_report(tmp_path, tmp_path)
    page = (tmp_path / "report.html").read_text()
    assert "\\ud800" in page and "\\udfff" in page


def test_write_report_of_a_metric_that_is_no_number_names_file_and_row(tmp_path, two_folds):
    write_rows(tmp_path, two_folds)
    folder = tmp_path / "gans" / "fold-1_level-4_subset-0_gan-0"
    folder.mkdir(parents=True)
    append_row(folder / "metrics.jsonl", {"stage": 0, "real_score": "x"})
    with pytest.raises(InputError, match=r"metrics.jsonl: row 1: real_score: expected a number, got 'x'"):
        write_report(tmp_path, tmp_path)


def test_write_report_of_rows_nested_without_end_is_bad_input(tmp_path, two_folds):
    write_rows(tmp_path, two_folds)
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write("[" * 100_000 + "\n")
    with pytest.raises(InputError, match=r"results.jsonl: line \d+: expected a JSON object, got '\[\["):
        write_report(tmp_path, tmp_path)


@pytest.mark.parametrize("trials", [10**400, 10_000])
def test_files_of_a_grid_without_end_list_no_missing_trials(tmp_path, two_folds, trials):
    write_rows(tmp_path, two_folds)
    grid = {"levels": [4], "methods": ["gan"], "trials": trials, "gan_repeats": 10_000}
    write_json(tmp_path / "grid.json", {"configuration": {"grid": grid}, "data": {}})
    assert not read_experiment_files(tmp_path).missing_trials()
