"""The stage plan against the original's tables."""

import json
from pathlib import Path

import pytest

from gansynth_isa.generators.gansynth.config import NetworkConfig, TrainingConfig
from gansynth_isa.generators.gansynth.stages import plan_table, planned_images, stage_plan, total_warning

SCHEDULES = json.loads((Path(__file__).parents[2] / "reference" / "schedules.json").read_text())


def _configs(case: dict) -> tuple[TrainingConfig, NetworkConfig]:
    settings = case["config"]
    training = TrainingConfig(
        batch_size_schedule=settings["batch_size_schedule"],
        stable_stage_num_images=settings["stable_stage_num_images"],
        transition_stage_num_images=settings["transition_stage_num_images"],
        total_num_images=settings["total_num_images"],
    )
    network = NetworkConfig(
        num_resolutions=settings["num_resolutions"],
        start_height=settings["start_height"],
        start_width=settings["start_width"],
    )
    return training, network


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_plan_of_a_published_schedule_matches_original(name):
    case = SCHEDULES[name]
    stages = stage_plan(*_configs(case))
    plan = [(s.index, s.num_blocks, s.end_image, s.batch_size) for s in stages]
    names = ("stage_id", "num_blocks", "ends_at_image", "batch_size")
    assert plan == [tuple(stage[name] for name in names) for stage in case["stages"]]
    assert list(stages[-1].resolution) == case["final_resolution"]
    for row in case["progress"]:
        stage = stages[row["stage_id"]]
        if stage.num_images:  # a stage that the total leaves empty shows no image
            assert stage.progress(row["image_id"]) == pytest.approx(row["progress"], abs=1e-6)


def test_total_that_disagrees_with_the_stages_is_a_warning():
    training, network = _configs(SCHEDULES["metal_balls"])
    assert planned_images(training, network) == 72_000
    assert total_warning(training, network) is None
    other = TrainingConfig(stable_stage_num_images=8000, transition_stage_num_images=8000, total_num_images=80_000)
    assert "80,000" in total_warning(other, network)


def test_total_before_the_last_stage_leaves_it_empty_and_is_a_warning():
    _, network = _configs(SCHEDULES["metal_balls"])
    training = TrainingConfig(stable_stage_num_images=8000, transition_stage_num_images=8000, total_num_images=60_000)
    assert stage_plan(training, network)[-1].num_images == 0
    assert "60,000" in total_warning(training, network)


def test_plan_table_names_total_and_final_resolution():
    training, network = _configs(SCHEDULES["metal_balls"])
    assert "total 72,000 images, final (frames, mel_bins) = (32, 1024)" in plan_table(
        stage_plan(training, network), network
    )
