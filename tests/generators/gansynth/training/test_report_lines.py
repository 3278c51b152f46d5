"""The lines that a person watches."""

import pytest

from gansynth_isa.console import fitting
from gansynth_isa.generators.gansynth.training.report_lines import bar_parts, report_line
from gansynth_isa.runs.pace import clock

ROW = {
    "stage": 3, "image": 12000, "progress": 1.25, "generator_loss": 12.5, "generator_wasserstein": 2.5,
    "fake_class_loss": 1.0, "discriminator_loss": -3.0, "discriminator_wasserstein": -8.0, "gradient_penalty": 0.25,
    "real_score_penalty": 4.0, "real_class_loss": 0.5, "real_class_accuracy": 0.875, "fake_class_accuracy": 0.5,
    "images_per_s": 2.5, "stage_left_s": 80.0, "run_left_s": 4000.0,
}  # fmt: skip


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (4000, "1:06:40")])
def test_clock_of_seconds_reads_as_a_clock(seconds, text):
    assert clock(seconds) == text


def test_report_holds_losses_accuracies_rate_and_both_times_left():
    line = report_line(ROW)
    assert "\n" not in line
    for part in (
        "stage 3 image    12,000",
        "12.500",
        "-3.000",
        "88% real 50% fake",
        "2.5 images/s, left 1:20 / 1:06:40",
    ):
        assert part in line, part


def test_report_of_one_stage_and_of_a_score_that_holds_the_class_leaves_out_what_says_nothing():
    assert report_line(ROW, grows=False, names_classes=False) == (
        "stage 3 image    12,000 | G   12.500 = w   2.500 | D   -3.000 = w  -8.000 gp 0.250 drift 4.00"
        " |    2.5 images/s, left 1:20 / 1:06:40"
    )
    assert not any("right" in part for part in bar_parts(ROW, names_classes=False))


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (100, "left 1:20 run 1:06:40 2.5/s G 12.5 D -3 right 88%/50% gp 0.25"),
        (80 - len("4/5 growing 32x1024 8000/8000,  "), "left 1:20 run 1:06:40 2.5/s G 12.5 D -3"),
        (25, "left 1:20 run 1:06:40"),
        (0, ""),
    ],
)
def test_progress_line_leaves_out_whole_parts_and_time_last(columns, shown):
    assert " ".join(fitting(bar_parts(ROW), columns)) == shown


def test_progress_line_after_the_first_step_tells_no_time():
    losses = {name: value for name, value in ROW.items() if "left" not in name and name != "images_per_s"}
    assert bar_parts(losses)[:2] == ["starting", "G 12.5 D -3"]
