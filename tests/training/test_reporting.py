"""The lines that a person watches."""

import pytest

from gansynth_isa.training.reporting import bar_text, clock, report_line

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


def test_progress_text_holds_the_time_left_of_stage_and_run():
    text = bar_text(ROW)
    assert text.startswith("left 1:20 run 1:06:40") and "88%/50%" in text and len(text) < 75


def test_progress_text_after_the_first_step_tells_no_time():
    losses = {name: value for name, value in ROW.items() if "left" not in name and name != "images_per_s"}
    text = bar_text(losses)
    assert text.startswith("starting G 12.50") and "left" not in text and "/s" not in text
