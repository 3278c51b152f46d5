"""Gains over draws, against hand computation and SciPy's own paired test."""

import json

import numpy as np
import pytest
from scipy.stats import ttest_rel

from gansynth_isa.checks.judging.gains import Gain, accuracies, arm_of, cell_gains, harmed_cells, mean_gain
from gansynth_isa.checks.judging.rows import COLUMNS, collect_rows
from gansynth_isa.checks.judging.table import judging_table
from gansynth_isa.cli.judge import JudgeConfig, judge
from gansynth_isa.errors import InputError

KIND = "gan_augmented:gaussian"


def rows_of(values, name="balls", level=4, method="augmented", generator=None):
    """A row for each draw and trial: values[draw][trial]."""
    return [
        {
            **dict.fromkeys(COLUMNS), "set": name, "draw": draw, "level": level, "method": method,
            "generator": generator, "trial": trial, "accuracy": accuracy,
        }
        for draw, trials in enumerate(values)
        for trial, accuracy in enumerate(trials)
    ]  # fmt: skip


@pytest.fixture
def rows():
    """Two cells with three draws of two trials; the kind gains 0.1, 0.2, 0.3 in one and nothing in the other."""
    control = [[0.4, 0.6], [0.5, 0.5], [0.5, 0.7]]
    gained = [[0.6, 0.6], [0.7, 0.7], [0.9, 0.9]]
    return [
        *rows_of(control), *rows_of(gained, method="gan_augmented", generator="gaussian"),
        *rows_of(control, level=9), *rows_of(control, level=9, method="gan_augmented", generator="gaussian"),
    ]  # fmt: skip


def test_gain_has_mean_interval_and_p_value_of_the_paired_t_test():
    ours, theirs = np.array([0.62, 0.55, 0.71, 0.6, 0.64]), np.array([0.6, 0.56, 0.62, 0.57, 0.61])
    gain, expected = Gain.of(ours - theirs), ttest_rel(ours, theirs)
    interval = expected.confidence_interval(0.95)
    assert gain.mean == pytest.approx(0.032) and gain.draws == 5
    assert gain.p_value == pytest.approx(expected.pvalue)
    np.testing.assert_allclose(
        [gain.mean - gain.half_width, gain.mean + gain.half_width], [interval.low, interval.high]
    )


def test_gain_of_one_draw_has_no_interval():
    assert Gain.of([0.1]) == Gain(1, 0.1, None, None)
    assert Gain.of([0.1]).text() == "+0.100"


def test_trials_are_averaged_before_draws_are_paired(rows):
    table = accuracies(rows, arm_of)
    assert table["balls", 4]["augmented"] == {0: pytest.approx(0.5), 1: pytest.approx(0.5), 2: pytest.approx(0.6)}
    gains = cell_gains(table, KIND, "augmented")
    assert gains["balls", 4].mean == pytest.approx(0.2)
    assert gains["balls", 4].half_width == pytest.approx(4.302653 * 0.1 / np.sqrt(3), rel=1e-5)  # t of two degrees
    assert gains["balls", 9].mean == 0.0


def test_mean_of_the_cells_takes_the_draws_that_all_have(rows):
    left = [row for row in rows if not (row["level"] == 9 and row["draw"] == 2)]
    gain = mean_gain(accuracies(left, arm_of), KIND, "augmented")
    assert gain.draws == 2
    assert gain.mean == pytest.approx((0.05 + 0.1) / 2)


def test_draw_without_the_control_is_not_compared(rows):
    left = [row for row in rows if not (row["method"] == "augmented" and row["draw"] == 0)]
    assert cell_gains(accuracies(left, arm_of), KIND, "augmented")["balls", 4].draws == 2


def test_harmed_cells_are_those_that_stay_below_0_after_the_correction():
    wide, narrow = Gain(10, -0.02, 0.019, 0.04), Gain(10, -0.02, 0.01, 0.001)
    assert harmed_cells({("a", 4): wide}) == [("a", 4)]
    assert harmed_cells({("a", 4): wide, ("b", 4): Gain(10, 0.1, 0.1, 0.05)}) == []
    assert harmed_cells({("a", 4): wide, ("b", 4): narrow}) == [("a", 4), ("b", 4)]  # Holm: 0.002, then 0.04
    assert harmed_cells({("a", 4): Gain(10, 0.02, 0.01, 0.001), ("b", 4): Gain(1, -0.3, None, None)}) == []


def test_table_marks_what_is_lost_for_certain(rows):
    lost = [[value - 0.1 for value in trials] for trials in [[0.4, 0.6], [0.5, 0.5], [0.5, 0.7]]]
    lines = judging_table([*rows, *rows_of(lost, method="baseline")], "augmented").splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert cells[0] == ["", "balls, 4", "balls, 9", "mean of the cells"]
    assert cells[2] == ["augmented", "0.533 (3)", "0.533 (3)", ""]
    assert cells[3][:3] == [f"{KIND} - augmented", "+0.200 ± 0.248 (3)", "+0.000 ± 0.000 (3)"]
    assert cells[4][1] == "-0.100 ± 0.000 ! (3)" and cells[4][2] == ""


def test_arm_names_the_kind_where_there_is_one():
    assert arm_of({"method": "augmented", "generator": None}) == "augmented"
    assert arm_of({"method": "gan", "generator": "smote"}) == "gan:smote"


def write_experiment(folder, rows):
    folder.mkdir(parents=True)
    (folder / "results.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_judge_gathers_the_experiments_of_all_draws(rows, tmp_path):
    for draw in range(3):
        write_experiment(tmp_path / "work" / "balls" / f"{draw:02d}", [row for row in rows if row["draw"] == draw])
    lines = []
    assert judge(JudgeConfig(work_dir=str(tmp_path / "work"), output_dir=str(tmp_path / "out")), lines.append) == 0
    written = [json.loads(line) for line in (tmp_path / "out" / "judging.jsonl").read_text().splitlines()]
    assert sorted(map(json.dumps, written)) == sorted(
        json.dumps({"set": "balls", **row}) for row in collect_rows(tmp_path / "work")
    )
    assert len(written) == len(rows)
    assert lines[0] == judging_table(rows, "augmented") == (tmp_path / "out" / "judging.md").read_text().rstrip("\n")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "work_dir: expected a folder, got nothing"),
        ({"work_dir": "nowhere", "output_dir": "out"}, "work_dir: expected experiments in .*found none"),
    ],
)
def test_judge_without_experiments_is_refused(settings, message):
    with pytest.raises(InputError, match=message):
        judge(JudgeConfig(**settings), print)


def test_judge_refuses_a_control_that_is_not_there_and_a_folder_that_is_no_draw(rows, tmp_path):
    write_experiment(tmp_path / "work" / "balls" / "00", rows)
    config = JudgeConfig(work_dir=str(tmp_path / "work"), output_dir=str(tmp_path / "out"), control="lda")
    with pytest.raises(InputError, match="control: expected one of augmented, gan_augmented:gaussian, got 'lda'"):
        judge(config, print)
    write_experiment(tmp_path / "work" / "balls" / "first", rows)
    with pytest.raises(InputError, match="named by the number of a draw"):
        collect_rows(tmp_path / "work")
