"""What a report says where classes have different numbers of clips."""

import csv

import numpy as np
import pytest
from scipy import stats

from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import append_row
from gansynth_isa.reports.report import write_report
from gansynth_isa.reports.statistics.scarce_class import scarce_scores, t_interval

CLASSES = ("a", "b", "c")


def scarce_row(matrix, method="augmented", draw=0, trial=0, scarce="b", **changes):
    """A row of a set in which one class has 4 training clips, the others 72."""
    matrix = np.array(matrix)
    recall = {name: float(matrix[index, index] / matrix[index].sum()) for index, name in enumerate(CLASSES)}
    row = {
        "dataset": "balls",
        "level": 72,
        "method": method,
        "fold": "all",
        "subset_seed": draw,
        "gan": None,
        "trial": trial,
        "accuracy": float(np.trace(matrix) / matrix.sum()),
        "minutes": 0.1,
        "recall": recall,
        "confusion_matrix": matrix.tolist(),
        "clips_of_class": {scarce: 4},
        "class_balance": "balanced",
    }
    return row | ({"gan": 0, "generator": "gaussian"} if "gan" in method else {}) | changes


def matrix_of(right, taken_for_b=0):
    """20 clips per class: of b `right` are recognised, of a `taken_for_b` are taken for b, c is always right."""
    return [[20 - taken_for_b, taken_for_b, 0], [0, right, 20 - right], [0, 0, 20]]


# By draw: recognised clips of b, of 20, with augmented and with the Gaussian's clips, two trials each.
AUGMENTED = [(4, 6), (8, 8), (10, 12)]
GAUSSIAN = [(8, 10), (8, 10), (17, 15)]


@pytest.fixture
def rows():
    found = []
    for draw in range(3):
        for trial in range(2):
            found.append(scarce_row(matrix_of(AUGMENTED[draw][trial]), draw=draw, trial=trial))
            own = matrix_of(GAUSSIAN[draw][trial], taken_for_b=1)
            found.append(scarce_row(own, "gan_augmented", draw=draw, trial=trial))
    return found


def write(folder, rows):
    folder.mkdir(exist_ok=True)
    for row in rows:
        append_row(folder / "results.jsonl", row)
    return folder


def table(folder, name="scarce_class"):
    with (folder / "report_files" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {line["method"]: line for line in csv.DictReader(file)}


def test_t_interval_is_that_of_scipys_t_test():
    differences = np.random.default_rng(0).normal(0.1, 0.2, 9)
    expected = stats.ttest_1samp(differences, 0.0).confidence_interval(0.95)
    gain = t_interval(differences)
    assert (gain.low, gain.high) == pytest.approx(tuple(expected))
    assert (gain.mean, gain.num_draws) == (pytest.approx(differences.mean()), 9)


def test_t_interval_of_one_draw_has_no_ends_and_of_none_is_refused():
    assert (t_interval([0.25]).mean, t_interval([0.25]).low, t_interval([0.25]).high) == (0.25, None, None)
    with pytest.raises(ValueError, match="expected one or more"):
        t_interval([])


def test_scores_of_the_scarce_class_and_gains_paired_by_draw_equal_a_hand_computation(rows):
    control, gaussian = scarce_scores([rows])
    assert control.recall == pytest.approx((4 + 6 + 8 + 8 + 10 + 12) / 6 / 20)
    assert control.precision == 1.0 and control.recall_gain is None
    right = 8 + 10 + 8 + 10 + 17 + 15
    assert gaussian.precision == pytest.approx(right / (right + 6))
    assert gaussian.mean_recall == pytest.approx((0.95 + right / 6 / 20 + 1) / 3)
    differences = np.array([9 - 5, 9 - 8, 16 - 11]) / 20  # of means over trials, draw by draw
    expected = stats.ttest_1samp(differences, 0.0).confidence_interval(0.95)
    gain = gaussian.recall_gain
    assert (gain.mean, gain.low, gain.high) == pytest.approx((differences.mean(), *expected))
    assert gaussian.mean_recall_gain.mean == pytest.approx((differences - 0.05).mean() / 3)
    assert gaussian.num_classifiers == 6


def test_draw_that_the_control_lacks_has_no_say_in_the_gain(rows):
    kept = [row for row in rows if row["method"] != "augmented" or row["subset_seed"] != 2]
    gain = scarce_scores([kept])[1].recall_gain
    assert (gain.mean, gain.num_draws) == (pytest.approx(np.mean([4, 1]) / 20), 2)


def test_gain_over_experiments_is_the_mean_over_the_classes_that_are_scarce_in_turn(rows):
    """In a second experiment c is scarce; c is always recognised by both methods, so that nothing is gained there."""
    second = [row | {"clips_of_class": {"c": 4}} for row in rows]
    gaussian = scarce_scores([rows, second])[1]
    differences = np.array([4, 1, 5]) / 20 / 2
    expected = stats.ttest_1samp(differences, 0.0).confidence_interval(0.95)
    gain = gaussian.recall_gain
    assert (gain.mean, gain.low, gain.high) == pytest.approx((differences.mean(), *expected))
    assert gain.num_draws == 3 and gaussian.recall == pytest.approx((67 / 6 / 20 + 1) / 2, abs=0.01)


def test_report_of_a_scarce_class_has_its_section_with_scores_and_gains(tmp_path, rows):
    printed = write_report(write(tmp_path, rows), tmp_path).text
    assert "## Scarce class" in printed
    lines = table(tmp_path)
    assert set(lines) == {"augmented", "gaussian_augmented"}
    assert float(lines["gaussian_augmented"]["recall_gain"]) == pytest.approx(10 / 60)
    assert lines["augmented"]["recall_gain"] == ""
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "## Scarce class" in text and "Training clips: 4 of b; of others 72." in text
    assert "with classes balanced in its batches" in text and "(3 draws)" in text


def test_report_with_other_experiments_counts_all_together(tmp_path, rows):
    folders = [write(tmp_path / "b", rows), write(tmp_path / "c", [row | {"clips_of_class": {"c": 4}} for row in rows])]
    write_report(folders[0], tmp_path / "report", other_dirs=folders[1:])
    gains = [float(table(tmp_path / "report", name)["gaussian_augmented"]["recall_gain"]) for name in
             ("scarce_class", "scarce_class_of_all")]  # fmt: skip
    assert gains == pytest.approx([10 / 60, 10 / 120])
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert "All 2 experiments together, scarce in turn: b (4 clips) and c (4 clips)." in text


def test_report_with_another_experiment_that_has_no_scarce_class_is_refused(tmp_path, rows):
    plain = [{name: value for name, value in row.items() if name != "clips_of_class"} for row in rows]
    folders = [write(tmp_path / "b", rows), write(tmp_path / "plain", plain)]
    with pytest.raises(InputError, match="other_experiments: expected experiments with --clips_of_class"):
        write_report(folders[0], tmp_path / "report", other_dirs=folders[1:])


def test_report_of_balanced_rows_has_no_such_section(tmp_path, rows):
    plain = [row | {"clips_of_class": {}, "mean_recall": 0.5} for row in rows]
    write_report(write(tmp_path, plain), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "Scarce class" not in text and "Mean of recalls" not in text


def test_report_of_an_uneven_test_side_has_means_of_recalls_where_rows_have_them(tmp_path):
    uneven = [[30, 10, 0], [0, 10, 0], [0, 0, 10]]
    plain = {"clips_of_class": {}, "mean_recall": 0.9}
    write_report(write(tmp_path, [scarce_row(uneven, **plain)]), tmp_path)
    (line,) = table(tmp_path, "mean_recall").values()
    assert float(line["mean_recall"]) == pytest.approx((0.75 + 1 + 1) / 3)
    assert "recall" not in line
    old = write(tmp_path / "old", [scarce_row(uneven, clips_of_class={})])
    write_report(old, old)
    assert "Mean of recalls" not in (old / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"z": 4}, "row 1: clips_of_class: expected classes of recall, got 'z'"),
        ({"b": -1}, "row 1: clips_of_class: expected a whole number per class"),
        (["b:4"], "row 1: clips_of_class: expected a whole number per class"),
    ],
)
def test_rows_with_impossible_scarce_classes_are_refused(tmp_path, given, message):
    with pytest.raises(InputError, match=message):
        write_report(write(tmp_path, [scarce_row(matrix_of(4), clips_of_class=given)]), tmp_path)
