"""Reports of experiments with several kinds of generators."""

import csv
import json
import random
from pathlib import Path

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import append_row, read_rows
from gansynth_isa.files import write_json
from gansynth_isa.reports.experiment_files import read_experiment_files
from gansynth_isa.reports.report import write_report
from gansynth_isa.reports.wording import imported_notices

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results" / "gan_as_published"
PAPER_CELLS = ("baseline", "augmented", "gan", "gan_augmented")


def of_kind(rows, kind, gain=0.05):
    """Rows as those of the paper's GAN, of another kind that gains as much more."""
    return [
        row | {"generator": kind, "accuracy": min(1.0, row["accuracy"] + gain), "minutes": 0.5}
        for row in rows
        if row["method"].startswith("gan")
    ]


def write_rows(folder, rows, name="results.jsonl"):
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        append_row(folder / name, row)


def report_of(folder, rows, gan_rows=(), **choices):
    """All files of the report, by name."""
    write_rows(folder, rows)
    write_rows(folder, gan_rows, "gans.jsonl")
    files = write_report(folder, folder / "report", **choices).files
    return {path.name: path.read_bytes() for path in files}


def table(report, name):
    return list(csv.DictReader(report[f"{name}.csv"].decode().splitlines()))


def of_the_paper(report, name):
    """Lines of a table that are about the paper's methods alone."""
    lines = table(report, name)
    return [line for line in lines if {line["method"], line.get("other", "gan")} <= set(PAPER_CELLS)]


@pytest.mark.parametrize("name", ["building_impacts", "simulated_mb", "simulated_pucks"])
def test_report_with_rows_of_another_kind_changes_no_number_of_the_paper_s_methods(tmp_path, name):
    rows, gan_rows = (read_rows(RESULTS / name / file) for file in ("results.jsonl", "gans.jsonl"))
    # One fold of the other kind is not done yet, and it has a level of its own.
    others = of_kind([row for row in rows if row["fold"] != "1F"], "gaussian")
    others += [row | {"level": 500} for row in others[:4]]
    mixed = [*others[:5], *rows[:7], *others[5:], *rows[7:]]
    measured = [row | {"generator": "gaussian", "class_agreement": 0.9} for row in gan_rows]
    alone, together = report_of(tmp_path / "a", rows, gan_rows), report_of(tmp_path / "b", mixed, gan_rows + measured)
    for part in ("accuracy", "differences", "recall_" + str(rows[0]["level"])):
        assert of_the_paper(together, part) == table(alone, part)
    assert together["statements.csv"] == alone["statements.csv"]
    same = [file for file in alone if file.startswith("confusion_") or file == "differences.svg"]
    assert len(same) > 8
    assert [together[file] for file in same] == [alone[file] for file in same]
    costs = table(together, "cost")
    assert [line for line in table(alone, "cost") if line not in costs] == [table(alone, "cost")[-1]]


def test_report_does_not_depend_on_the_order_of_rows(tmp_path, result_rows):
    rows = [{"generator": "gansynth" if row["gan"] is not None else None} | row for row in result_rows(trials=3)]
    rows = [row | {"minutes": 0.1 * number} for number, row in enumerate(rows + of_kind(rows, "smote"))]
    measures = {"class_agreement": 0.1, "relative_spread": 0.8, "nearest_real_distance": 1.1}
    gan_rows = [
        {"generator": kind, "fold": fold, "level": 4, "subset_seed": 0, "gan": gan, "minutes": 0.1 + gan} | measures
        for kind in ("smote", "gansynth")
        for fold in ("1", "2")
        for gan in (0, 1)
    ]
    first = report_of(tmp_path / "a", rows, gan_rows, paper_set="mb")
    for shuffled in (rows, gan_rows):
        random.Random(1).shuffle(shuffled)
    assert report_of(tmp_path / "b", rows, gan_rows, paper_set="mb") == first


def test_report_of_older_rows_does_not_depend_on_where_rows_of_other_cells_stand(tmp_path, result_rows):
    rows = result_rows(folds=("1",), gans=1)
    by_cell = sorted(rows, key=lambda row: (row["method"], row["level"], row["subset_seed"], row["trial"]))
    assert by_cell != rows
    first, second = report_of(tmp_path / "a", rows), report_of(tmp_path / "b", by_cell)
    assert first == second


def test_report_names_another_kind_in_every_table_and_file(tmp_path, result_rows):
    rows = result_rows()
    report = report_of(tmp_path, rows + of_kind(rows, "gaussian"))
    cells = [*PAPER_CELLS, "gaussian", "gaussian_augmented"]
    for part in ("accuracy", "folds", "recall_4"):
        assert list(dict.fromkeys(line["method"] for line in table(report, part))) == cells
    # 6 pairs of the paper's four, 4 with each of the two others, and these two with each other; at two levels.
    assert len(table(report, "differences")) == 2 * (6 + 8 + 1)
    for file in ("confusion_4_gaussian.csv", "confusion_18_gaussian_augmented.csv", "differences_gaussian.svg"):
        assert file in report
    assert "classifier, gaussian + augmentation" in {line["what"] for line in table(report, "cost")}
    text = report["report.md"].decode()
    assert "\n160 classifiers, 0 GANs and 0 gaussian generators; 4, 18 clips per class" in text
    assert "gaussian + augmentation over GAN + augmentation" in text


def test_report_counts_the_other_kind_s_generators_apart(tmp_path, result_rows):
    rows = result_rows(gans=1)
    measures = {"relative_spread": 0.8, "nearest_real_distance": 1.1, "minutes": 4, "level": 4, "subset_seed": 0}
    gan_rows = [
        measures | {"fold": fold, "gan": 0, "class_agreement": agreement, "generator": kind}
        for kind, agreement in (("gansynth", 0.6), ("gaussian", 0.35))  # chance is 0.33
        for fold in ("1", "2")
    ]
    report = report_of(tmp_path, rows + of_kind(rows, "gaussian"), gan_rows)
    found = [(line["generator"], line["num_gans"], float(line["class_agreement"])) for line in table(report, "gans")]
    assert found == [("gansynth", "2", 0.6), ("gaussian", "2", 0.35)]
    text = report["report.md"].decode()
    assert "2 of 2 gaussian generators are at chance (0.38 or less): 4 clips, fold 1" in text
    assert "GANs are at chance" not in text
    costs = {line["what"]: float(line["minutes"]) for line in table(report, "cost") if line["level"] == "4"}
    assert costs["gaussian with its clips and measures"] == costs["GAN with its clips and measures"] == 8.0


def test_report_says_which_kind_lacks_folds_and_leaves_it_out_of_means(tmp_path, result_rows):
    rows = result_rows()
    others = [row for row in of_kind(rows, "gaussian") if (row["level"], row["fold"]) != (18, "2")]
    report = report_of(tmp_path, rows + others)
    text = report["report.md"].decode()
    assert "at 18 clips per class gaussian lacks fold 2 and is left out of means and differences" in text
    found = {(line["level"], line["method"]) for line in table(report, "accuracy")}
    assert ("4", "gaussian") in found and ("18", "gaussian") not in found and ("18", "gan") in found


def test_report_of_seven_kinds_has_a_row_per_method(tmp_path, result_rows):
    rows = result_rows(levels=(4,), folds=("all",), draws=1, gans=1)
    kinds = ("smote", "gaussian", "transfer", "specgan", "wavegan", "envgan", "diffusion")
    report = report_of(tmp_path, rows + [row for kind in kinds for row in of_kind(rows, kind)])
    lines = report["report.md"].decode().splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("|") and "method" in line)
    names = [line.split("|")[1].strip() for line in lines[start + 2 : start + 2 + 4 + 2 * len(kinds)]]
    assert names[:6] == ["baseline", "baseline + augmentation", "GAN", "GAN + augmentation", "diffusion",
                         "diffusion + augmentation"]  # fmt: skip
    assert names[-1] == "wavegan + augmentation"
    drawing = report["accuracy.svg"].decode()
    assert all(f"<!-- {name} -->" in drawing for name in names)


def test_report_without_the_paper_s_methods_compares_the_others(tmp_path, result_rows):
    rows = result_rows()
    report = report_of(tmp_path, of_kind(rows, "gaussian") + of_kind(rows, "smote"), paper_set="mb")
    assert "differences.svg" not in report and "differences_gaussian.svg" in report
    assert {line["verdict"] for line in table(report, "statements")} == {"not tested by these results"}
    text = report["report.md"].decode()
    assert "Not every kind of generator leaves some" in text
    assert "\n128 classifiers, 0 gaussian generators and 0 smote generators; " in text
    assert "\nNeither baseline nor augmented is there to compare with.\n" in text


def test_folders_of_all_kinds_are_found_with_or_without_reports_and_pictures(tmp_path, two_folds):
    write_rows(tmp_path, [{"minutes": 0.5, "confusion_matrix": [[1] * 4] * 4, **one} for one in two_folds])
    names = (
        "fold-1_fold-9_level-4_subset-0_gan-1",
        "gaussian_fold-2_fold-3_level-18_subset-1_gan-0",
        "my_kind_fold-x_level-4_subset-0_gan-2",
    )
    for name in (*names, "notes"):
        (tmp_path / "gans" / name).mkdir(parents=True)
    found = read_experiment_files(tmp_path).generator_folders
    assert [(each.kind, each.fold, each.level, each.draw, each.gan) for each in found] == [
        ("gansynth", "1_fold-9", 4, 0, 1),
        ("gaussian", "2_fold-3", 18, 1, 0),
        ("my_kind", "x", 4, 0, 2),
    ]
    assert [each.name for each in found][:2] == [
        "fold 1_fold-9, subset 0, GAN 1",
        "fold 2_fold-3, subset 1, gaussian 0",
    ]
    assert write_report(tmp_path, tmp_path).files


def test_report_says_the_warnings_of_its_experiment_before_anything_else(tmp_path, result_rows):
    warnings = ["train and test hold the same sound, 1 time(s): a|b.wav", "silent: <x>\n.wav"]
    write_json(tmp_path / "experiment.json", {"configuration": {}, "data": {}, "warnings": warnings})
    report = report_of(tmp_path, result_rows())
    lines = report["report.md"].decode().splitlines()
    assert lines[2] == ("**Suspicious about the recordings: train and test hold the same sound, 1 time(s): a\\|b.wav**")
    assert lines[4] == "**Suspicious about the recordings: silent: &lt;x>\\\\n.wav**"
    body = report["report.html"].decode().partition("<body>")[2]
    assert body.index("same sound") < body.index("96 classifiers")


def test_report_of_warnings_that_are_no_list_of_texts_is_bad_input(tmp_path, result_rows):
    write_rows(tmp_path, result_rows())
    write_json(tmp_path / "experiment.json", {"configuration": {}, "data": {}, "warnings": "silent: a.wav"})
    with pytest.raises(InputError, match="warnings: expected a list of texts, got 'silent: a.wav'"):
        write_report(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("units", "sentences"),
    [
        (["clip"], ["Accuracy: the share of the 60 test clips."]),
        (["recording"], ["Accuracy: the share of test recordings, each decided by the mean output of its clips"]),
        ([None], ["Accuracy: the share of the 60 test clips."]),
        (
            ["clip", "recording"],
            [
                "Accuracy counts decisions per clip in 48 rows and per recording in 48 rows: these are not shares",
                "Accuracy: the share of right decisions, about clips in some rows and about recordings in others.",
            ],
        ),
    ],
)
def test_report_says_what_is_decided_where_rows_know_it(tmp_path, result_rows, units, sentences):
    rows = [row | {"accuracy_per_clip": row["accuracy"]} for row in result_rows()]
    known = [{"decide_per": units[index % len(units)]} if units[0] else {} for index in range(len(rows))]
    text = report_of(tmp_path, [row | more for row, more in zip(rows, known, strict=True)])["report.md"].decode()
    assert [sentence for sentence in sentences if sentence not in text] == []
    assert ("decisions per" in text) == (len(units) > 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([{"generator": 3}], "row 1: generator: expected the name of a kind of generator, .* got '3'"),
        ([{"generator": "baseline"}], "row 1: generator: expected the name of a kind of generator, which is no method"),
        ([{"generator": ""}], "row 1: generator: expected the name of a kind"),
        ([{}, {"decide_per": "day"}], "row 2: decide_per: expected clip or recording, got 'day'"),
        (
            [{"candidate_settings": {"smote": "b" * 12}}, {"candidate_settings": {"smote": "a", "copies": "c"}}],
            "expected one candidate_settings of the kind smote, got 2: a, bbbbbbbbbbbb",
        ),
        ([{"candidate_settings": {"smote": None}}], "row 1: candidate_settings: expected a text per kind of generator"),
        ([{"choice": {"chosen": "lda"}}], "row 1: choice: expected what was chosen, the default and the reason"),
        ([{"choice": "lda"}], "row 1: choice: expected what was chosen, the default and the reason"),
        (
            [{"generator": "smote", "generator_settings": "a" * 12}, {"generator": "smote", "generator_settings": "b"}],
            "expected one generator_settings of the kind smote, got 2: aaaaaaaaaaaa, b",
        ),
    ],
)
def test_report_of_rows_whose_generators_cannot_be_told_apart_is_bad_input(tmp_path, result_rows, changes, message):
    synthetic = [row for row in result_rows() if row["gan"] is not None]
    write_rows(tmp_path, [row | change for row, change in zip(synthetic, changes, strict=False)])
    with pytest.raises(InputError, match=message):
        write_report(tmp_path, tmp_path)


def test_report_of_rows_with_settings_beside_older_ones_without_is_written(tmp_path, result_rows):
    rows = result_rows()
    rows[-1] |= {"generator": "gansynth", "generator_settings": "0123456789ab"}
    assert json.loads(json.dumps(rows[-1]))["method"] == "gan_augmented"
    assert report_of(tmp_path, rows)["report.md"]


def test_report_says_that_what_the_maker_of_imported_clips_had_heard_is_unknown():
    rows = [{"imported_clips": {"source": source, "maker_heard": "unknown"}} for source in ("b", "a\n", "b")]
    (notice,) = imported_notices([{}, {"imported_clips": 3}, *rows])
    assert "made elsewhere (a\\n; b)" in notice and "had heard is unknown" in notice
    assert imported_notices([{}, {"generator": "gaussian"}]) == []
