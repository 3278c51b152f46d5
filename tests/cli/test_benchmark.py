"""The benchmark's command line: what it measures, and the file it writes."""

import json

import pytest

from gansynth_isa.cli.benchmark import NAMES, BenchmarkConfig, clips_of, main, published, training_cases
from gansynth_isa.errors import InputError
from gansynth_isa.generators.registry import kinds


def test_metal_balls_are_measured_stable_and_growing_in_both_formats():
    cases = training_cases(published("mb"), BenchmarkConfig())
    assert len(cases) == len(set(cases)) == 2 * (5 + 4)
    assert {block for block, _, _ in cases} == {1, 2, 3, 4, 5}
    assert (1, True, "float32") not in cases
    assert (5, True, "bfloat16") in cases


def test_quick_cases_are_a_part_of_the_full_ones():
    full = training_cases(published("mb"), BenchmarkConfig())
    quick = training_cases(published("mb"), BenchmarkConfig(quick=True))
    assert set(quick) < set(full)


def test_network_of_the_two_core_setting_is_measured_at_each_of_its_blocks():
    gan = published("mb_two_cores")
    assert max(gan.network.filters) == 64
    assert {block for block, _, _ in training_cases(gan, BenchmarkConfig())} == {1, 2, 3}


def test_every_kind_that_saves_checkpoints_has_a_row():
    trained = {name for name, kind in kinds().items() if kind.saves_checkpoints}
    assert {f"train_{name}" for name in trained - {"gansynth"}} | {"train_metal_balls"} <= set(NAMES)


def test_clips_of_envgan_are_the_longest_of_a_tenth_of_a_second_that_it_makes():
    data, features = clips_of("train_envgan")
    assert data.clip_seconds * data.sample_rate <= 196_608 < (data.clip_seconds + 0.1) * data.sample_rate
    assert features.frames == published("pucks_two_cores").features.frames


@pytest.mark.slow
def test_features_are_measured_and_written_as_json(tmp_path, capfd):
    path = tmp_path / "rows.json"
    assert main(["benchmark", "--quick", "--names=features", f"--json={path}"]) == 0
    (row,) = json.loads(path.read_text())
    assert row["name"] == "features"
    assert row["audio_s_per_s"] > 1
    assert row["images_per_s"] == pytest.approx(row["audio_s_per_s"] / 0.4)
    printed = capfd.readouterr().out
    assert "ceiling float32" in printed
    assert "features" in printed


def test_unknown_name_is_refused():
    with pytest.raises(InputError, match="names: expected some of .*, got 'train'"):
        main(["benchmark", "--names=train"])


def test_json_in_a_folder_that_does_not_exist_is_refused_before_anything_is_measured(tmp_path):
    with pytest.raises(InputError, match="json: expected a file in a folder that exists"):
        main(["benchmark", f"--json={tmp_path}/none/rows.json"])
