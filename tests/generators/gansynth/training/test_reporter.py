"""Which reports are shown, and what stands beside the progress bar."""

import dataclasses
import types

import pytest

from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.gansynth.training.reporter import Reporter, Reports
from gansynth_isa.runs.pace import Pace

LOSSES = {
    "generator_loss": 12.5, "generator_wasserstein": 2.5, "fake_class_loss": 1.0, "fake_class_accuracy": 0.5,
    "discriminator_loss": -3.0, "discriminator_wasserstein": -8.0, "gradient_penalty": 0.25,
    "real_score_penalty": 4.0, "real_class_loss": 0.5, "real_class_accuracy": 0.875,
}  # fmt: skip


class Recorder:
    """Stands in for the folder, the board, the console, the bar and the state: remembers how it was called."""

    is_shown = False

    def __init__(self, config, stage):
        self.config, self.stage, self.calls = config, stage, []

    def __getattr__(self, name):
        return lambda *arguments: self.calls.append((name, *arguments))

    def mean_losses(self):
        return dict(LOSSES)

    def progress(self):
        return 0.0


@pytest.fixture
def seen(tiny_config):
    return Recorder(tiny_config, stage_plan(tiny_config.training, tiny_config.network)[0])


def names(seen):
    return [call[0] for call in seen.calls]


@pytest.mark.parametrize(
    ("show_all", "ended", "has_bar", "place"),
    [
        (True, False, False, "line"),
        (True, False, True, "log"),
        (False, False, False, "log"),
        (False, True, False, "line"),
        (True, True, True, "line"),
    ],
)
def test_report_is_printed_without_a_bar_and_at_the_end_else_logged(seen, show_all, ended, has_bar, place):
    row = {"stage": 0, "image": 8, "progress": 0.0, **LOSSES}
    row |= {"images_per_s": 2.0, "stage_left_s": 4.0, "run_left_s": 60.0}
    Reports(seen, seen, seen, seen.config, show_all).write(row, ended, has_bar)
    assert names(seen) == ["append_metrics", "scalars", place]


@pytest.mark.parametrize(
    ("training", "network", "shown"),
    [
        ({}, {}, (True, True)),
        ({"train_progressive": False}, {}, (False, True)),
        ({}, {"class_conditioning": "margin"}, (True, True)),
        ({}, {"class_conditioning": "projection"}, (True, False)),
    ],
)
def test_report_shows_progress_of_several_stages_and_classes_that_are_told(seen, training, network, shown):
    config = dataclasses.replace(
        seen.config,
        training=dataclasses.replace(seen.config.training, **training),
        network=dataclasses.replace(seen.config.network, **network),
    )
    row = {"stage": 0, "image": 8, "progress": 0.0, **LOSSES}
    row |= {"images_per_s": 2.0, "stage_left_s": 4.0, "run_left_s": 60.0}
    Reports(seen, seen, seen, config, True).write(row, True, False)
    assert ("progress" in seen.calls[-1][1], "right" in seen.calls[-1][1]) == shown
    assert seen.calls[0] == ("append_metrics", row)  # metrics.jsonl keeps all


def test_bar_tells_a_rate_from_the_second_call_on(seen):
    clock = types.SimpleNamespace(now=0.0)
    pace = Pace(lambda: clock.now)

    def call(image):
        clock.now += 2.0
        return image

    reporter = Reporter(None, seen, stage_plan(seen.config.training, seen.config.network), pace, seen, None)
    for before, image in ((0, 4), (4, 8)):
        pace.measure(lambda reached=image: call(reached), before)
        reporter.advanced(before, image, LOSSES)
    assert names(seen) == ["show_parts", "update"] * 2
    assert seen.calls[0][1][0] == "starting" and seen.calls[1][1] == 4
    assert seen.calls[2][1][0].startswith("left 0:04 run ")  # 8 images are left at 2 images/s
    assert seen.calls[2][1][1] == "2/s"


def test_report_holds_the_rate_since_the_one_before_and_starts_new_means(seen):
    clock = types.SimpleNamespace(now=0.0)
    pace = Pace(lambda: clock.now)
    pace.measure(lambda: setattr(clock, "now", 10.0) or 4, 0)
    clock.now = 12.0
    reports = Recorder(None, None)
    Reporter(reports, seen, stage_plan(seen.config.training, seen.config.network), pace, seen, None).at_report(8, False)
    (call,) = reports.calls
    assert call[0] == "write" and call[2:] == (False, False, None)
    row = call[1]
    assert list(row)[:3] == ["stage", "image", "progress"] and row["image"] == 8
    assert row["images_per_s"] == pytest.approx(2.0) and row["stage_left_s"] == pytest.approx(4.0)
    assert names(seen) == ["clear_losses"]
