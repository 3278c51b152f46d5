"""What a report says of the choices of the method that chooses."""

import csv

import pytest

from gansynth_isa.experiments.rows.files import append_row
from gansynth_isa.reports.report import write_report

SCORES = {"accuracy": 0.5, "minutes": 0.1, "recall": {"a": 0.5, "b": 0.5}, "confusion_matrix": [[5, 5], [5, 5]]}
# Level, fold, draw -> what was taken; another subset of level 9 is still to come.
TAKEN = {
    (4, "1", 0): "gaussian_augmented",
    (4, "1", 1): "lda",
    (4, "2", 0): "gaussian_augmented",
    (9, "1", 0): "gaussian_augmented:pretrain",
}
REASON = "p = 0.012 < 0.05 | x\n"


def row(place, trial, **more):
    level, fold, draw = place
    names = {"dataset": "impacts", "method": "auto", "generator": None, "gan": None}
    return {**names, "level": level, "fold": fold, "subset_seed": draw, "trial": trial, **SCORES, **more}


@pytest.fixture
def rows():
    """Two trials on each subset, which share a choice."""
    return [
        row(place, trial, choice={"chosen": name, "default": "gaussian_augmented", "reason": REASON})
        for place, name in TAKEN.items()
        for trial in range(2)
    ]


def report_of(folder, rows):
    """What is printed, the Markdown, and the lines of the table, if there is one."""
    for one in rows:
        append_row(folder / "results.jsonl", one)
    printed = write_report(folder, folder / "report").text
    path = folder / "report" / "report_files" / "choices.csv"
    lines = list(csv.DictReader(path.open(encoding="utf-8"))) if path.exists() else None
    return printed, (folder / "report" / "report.md").read_text(encoding="utf-8"), lines


def test_report_counts_what_was_taken_once_per_subset_of_an_experiment_that_was_stopped(tmp_path, rows):
    printed, text, lines = report_of(tmp_path, rows)
    assert [(line["level"], line["taken"], line["subsets"], line["of"]) for line in lines] == [
        ("4", "gaussian_augmented", "2", "3"),
        ("4", "lda", "1", "3"),
        ("9", "gaussian_augmented:pretrain", "1", "1"),
    ]
    assert "## What auto took" in text and "## What auto took" in printed
    shown = " ".join(text.split())
    assert "| 4 | gaussian_augmented | 2 of 3 | the default |" in shown.replace("\\", "")
    assert "| 4 | lda | 1 of 3 | not the default, gaussian_augmented |" in shown.replace("\\", "")
    assert "| 4 | 1 | 1 | lda | p = 0.012 &lt; 0.05 | x" in shown.replace("\\", "") and "p = 0.012" not in printed


def test_report_says_how_many_rows_do_not_tell_their_choice(tmp_path, rows):
    older = {name: value for name, value in rows[0].items() if name != "choice"}
    _, text, lines = report_of(tmp_path, [older, *rows[1:]])
    assert "**1 of 8 rows do not say what was taken.**" in text
    assert sum(int(line["subsets"]) for line in lines) == len(TAKEN)  # the other trial of that subset says it


def test_report_of_rows_that_tell_no_choice_has_no_table_of_them(tmp_path, rows):
    _, text, lines = report_of(tmp_path, [{k: v for k, v in one.items() if k != "choice"} for one in rows])
    assert lines is None and "**8 of 8 rows do not say what was taken.**" in text


def test_report_shows_both_choices_that_rows_hold_for_one_subset(tmp_path, rows):
    rows[1]["choice"] = rows[1]["choice"] | {"chosen": "augmented"}
    lines = report_of(tmp_path, rows)[2]
    assert ("augmented", "1", "3") in {(line["taken"], line["subsets"], line["of"]) for line in lines}


def test_report_without_a_method_that_chooses_has_no_such_section(tmp_path, rows):
    others = [{k: v for k, v in one.items() if k != "choice"} | {"method": "baseline"} for one in rows]
    _, text, lines = report_of(tmp_path, others)
    assert lines is None and "What auto took" not in text
