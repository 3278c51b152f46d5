"""Gains where each class is scarce in turn, against numbers computed by hand."""

import json

import numpy as np
import pytest

from gansynth_isa.checks.judging.rows import collect_rows, collect_scarce_rows
from gansynth_isa.checks.judging.scarce import scarce_gain, scarce_table, scores_of
from gansynth_isa.cli.judge import JudgeConfig, judge
from gansynth_isa.errors import InputError

CASE = ("balls_scarce", 4, 72)
CLASSES = ("broken", "coated", "eloxed")
KIND = "gan_augmented:gaussian"
# Recall of the scarce class by draw: for each class in turn two trials.
AUGMENTED = [[(0.1, 0.3), (0.4, 0.4), (0.5, 0.7)], [(0.2, 0.2), (0.5, 0.3), (0.6, 0.8)]]
GAUSSIAN = [[(0.4, 0.4), (0.5, 0.5), (0.6, 0.8)], [(0.5, 0.5), (0.6, 0.6), (0.8, 1.0)]]
# Differences of the means of trials: draw 0: 0.2, 0.1, 0.1; draw 1: 0.3, 0.2, 0.2.
DRAW_GAINS = [0.4 / 3, 0.7 / 3]
T_OF_ONE_DEGREE = 12.706205  # 97.5 %


def result_row(scarce, recall, method="augmented", trial=0, precision=0.5, **changes):
    """A row as an experiment writes it; the other classes are recognised in 9 of 10 clips."""
    recalls = {name: recall if name == scarce else 0.9 for name in CLASSES}
    row = {
        "experiment": "x", "level": 72, "fold": "all", "subset_seed": 0, "method": method, "trial": trial, "steps": 600,
        "generator": "gaussian" if "gan" in method else None, "gan": 0 if "gan" in method else None, "accuracy": 0.8,
        "recall": recalls, "precision": {name: precision if name == scarce else 1.0 for name in CLASSES},
        "mean_recall": sum(recalls.values()) / 3, "clips_of_class": {scarce: 4},
    }  # fmt: skip
    return row | changes


def write(folder, rows):
    folder.mkdir(parents=True)
    (folder / "results.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


@pytest.fixture
def work(tmp_path):
    """Folder of two draws, in each of which three classes are scarce in turn."""
    for draw in range(2):
        for number, scarce in enumerate(CLASSES):
            rows = [
                result_row(scarce, recalls[draw][number][trial], method, trial)
                for method, recalls in (("augmented", AUGMENTED), ("gan_augmented", GAUSSIAN))
                for trial in range(2)
            ]
            write(tmp_path / "work" / "balls_scarce" / f"{draw:02d}" / scarce, rows)
    return tmp_path / "work"


def cells_of(table):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]


def test_gain_of_a_draw_is_the_mean_over_the_classes_that_are_scarce_in_turn(work):
    arms = scores_of(collect_scarce_rows(work), "recall")[CASE]
    assert arms["augmented"][0] == pytest.approx({"broken": 0.2, "coated": 0.4, "eloxed": 0.6})
    gain = scarce_gain(arms, KIND, "augmented", frozenset(CLASSES))
    assert gain.draws == 2 and gain.mean == pytest.approx(np.mean(DRAW_GAINS))
    # Two numbers 0.1 apart have a deviation of 0.1 / sqrt(2), their mean an error of 0.05.
    assert gain.half_width == pytest.approx(T_OF_ONE_DEGREE * 0.05, rel=1e-6)


def test_mean_of_recalls_gains_a_third_where_the_other_classes_stay_as_they_are(work):
    arms = scores_of(collect_scarce_rows(work), "mean_recall")[CASE]
    gain = scarce_gain(arms, KIND, "augmented", frozenset(CLASSES))
    assert gain.mean == pytest.approx(np.mean(DRAW_GAINS) / 3)
    assert gain.half_width == pytest.approx(T_OF_ONE_DEGREE * 0.05 / 3, rel=1e-6)


def test_draw_that_lacks_a_class_is_left_out_and_other_classes_do_not_stand_for_it(work):
    rows = collect_scarce_rows(work)
    left = [row for row in rows if (row["draw"], row["scarce"], row["method"]) != (1, "coated", "augmented")]
    gain = scarce_gain(scores_of(left, "recall")[CASE], KIND, "augmented", frozenset(CLASSES))
    assert gain.draws == 1 and gain.mean == pytest.approx(DRAW_GAINS[0]) and gain.half_width is None


def test_class_that_no_clip_was_taken_for_has_no_precision_and_its_trial_is_left_out(tmp_path):
    rows = [result_row("broken", 0.0, precision=None), result_row("broken", 0.2, trial=1, precision=0.8)]
    write(tmp_path / "balls_scarce" / "00" / "broken", rows)
    arms = scores_of(collect_scarce_rows(tmp_path), "precision")[CASE]
    assert arms["augmented"][0] == {"broken": 0.8}


def test_table_has_scores_and_gains_of_every_arm(work):
    header, _, control, kind = cells_of(scarce_table(collect_scarce_rows(work), "augmented"))
    assert header[:3] == ["set", "clips", ""] and header[3:6] == ["recall", "precision", "mean of recalls"]
    assert header[6:] == [f"{title} - augmented" for title in header[3:6]]
    # 5.0 / 12 and 7.2 / 12; (1.8 + recall) / 3
    assert control == ["balls_scarce", "4 against 72", "augmented", "0.417", "0.500", "0.739", "", "", ""]
    assert kind[2:6] == [KIND, "0.600", "0.500", "0.800"]
    assert kind[6:] == ["+0.183 ± 0.635 (2)", "+0.000 ± 0.000 (2)", "+0.061 ± 0.212 (2)"]


def test_judge_writes_a_table_of_scarce_classes_beside_that_of_all(work, tmp_path):
    for draw in range(2):
        write(work / "balls" / f"{draw:02d}", [result_row("broken", 0.5, clips_of_class={})])
    lines = []
    assert judge(JudgeConfig(work_dir=str(work), output_dir=str(tmp_path / "out")), lines.append) == 0
    written = (tmp_path / "out" / "judging_scarce.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in written] == collect_scarce_rows(work) and len(written) == 24
    assert lines[1] == scarce_table(collect_scarce_rows(work), "augmented")
    assert (tmp_path / "out" / "judging_scarce.md").read_text() == lines[1] + "\n"
    assert {row["set"] for row in collect_rows(work)} == {"balls"} and "balls_scarce" not in lines[0]
    assert json.loads(written[0]) | {"set": "balls_scarce", "draw": 0, "scarce": "broken", "clips": 4} == json.loads(
        written[0]
    )


def test_judge_of_scarce_classes_alone_writes_no_other_table(work, tmp_path):
    assert judge(JudgeConfig(work_dir=str(work), output_dir=str(tmp_path / "out")), print) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["judging_scarce.jsonl", "judging_scarce.md"]


def test_experiment_without_one_scarce_class_is_refused(tmp_path):
    write(tmp_path / "balls_scarce" / "00" / "broken", [result_row("broken", 0.5, clips_of_class={})])
    with pytest.raises(InputError, match="expected one scarce class, given by --clips_of_class, got 0"):
        collect_scarce_rows(tmp_path)


def test_control_that_scarce_rows_lack_is_refused(work, tmp_path):
    config = JudgeConfig(work_dir=str(work), output_dir=str(tmp_path / "out"), control="lda")
    with pytest.raises(InputError, match="control: expected one of augmented, gan_augmented:gaussian, got 'lda'"):
        judge(config, print)
