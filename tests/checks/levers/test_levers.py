"""Levers, their rows and the table of them."""

import dataclasses
import io
import json

import numpy as np
import pytest

from gansynth_isa.checks.levers.catalogue import BY_NAME, GROUPS, LEVERS, levers_named, with_lever
from gansynth_isa.checks.levers.screening import Place, Screening, screen
from gansynth_isa.checks.levers.table import HEADER, differences, levers_table
from gansynth_isa.config import ClassifierConfig, SeedConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.gansynth.config import GansynthConfig
from gansynth_isa.generators.gansynth.stages import planned_images
from gansynth_isa.generators.registry import kind_named


@pytest.fixture(scope="module")
def gansynth(tiny_config):
    """Settings of the tiny GAN."""
    return GansynthConfig(tiny_config.network, tiny_config.training)


@pytest.fixture
def screening(tiny_config, tiny_clips, gansynth, tmp_path):
    """Of the tiny clips, by themselves: nothing is learnt here."""
    return Screening(
        train=tiny_clips,
        test=tiny_clips,
        training=TrainingData(tiny_clips, tiny_config.data, tiny_config.features),
        gansynth=gansynth,
        classifier=ClassifierConfig(classifier_steps=2, classifier_batch_size=4, real_share=0.5),
        samples_per_class=4,
        trials=1,
        seeds=SeedConfig(),
        work_dir=tmp_path,
    )


def test_at_most_twelve_levers_change_the_gan_and_each_bears_another_name():
    assert len(LEVERS) <= 12
    assert len({lever.name for lever in LEVERS}) == len(LEVERS)


@pytest.mark.parametrize("name", [lever.name for lever in LEVERS])
def test_lever_changes_its_own_settings_and_is_shown_as_many_images(gansynth, name):
    lever = BY_NAME[name]
    changed = with_lever(gansynth, lever)
    for group, before in ((changed.network, gansynth.network), (changed.training, gansynth.training)):
        for item in dataclasses.fields(group):
            expected = lever.settings.get(item.name, getattr(before, item.name))
            if item.name != "stable_stage_num_images":
                assert getattr(group, item.name) == expected, item.name
    before, after = (planned_images(config.training, config.network) for config in (gansynth, changed))
    assert after == before


def test_unknown_lever_is_refused_and_the_nearest_is_offered():
    with pytest.raises(InputError, match=r"levers: .*'projecton'.*projection"):
        levers_named(["original", "projecton"])
    assert [lever.name for lever in levers_named(["noise"])] == ["noise"]


def test_screening_gives_a_row_for_each_lever_at_each_place_and_leaves_out_what_is_done(screening):
    levers, console = levers_named(["original", "smote"]), Console(io.StringIO())
    places = [Place(2, 0, 0), Place(None, 0, 0)]
    done = {(2, 0, 0, "original")}
    rows = list(screen(screening, places, levers, done, console))
    assert [(row["level"], row["lever"]) for row in rows] == [(2, "smote"), (None, "original"), (None, "smote")]
    assert all(len(row["accuracy"]) == len(row["control"]) == 1 for row in rows)
    assert json.loads(json.dumps(rows)) == rows
    again = list(screen(screening, places[1:], levers, set(), console))
    timed = "minutes"
    assert [row | {timed: 0} for row in again] == [row | {timed: 0} for row in rows[1:]]


def test_kind_that_cannot_learn_from_the_clips_is_left_out_aloud_and_others_are_tried(screening):
    said = io.StringIO()
    rows = list(screen(screening, [Place(1, 0, 0)], levers_named(["smote", "copies"]), set(), Console(said)))
    assert [row["lever"] for row in rows] == ["copies"]
    assert "level-1_subset-0_gan-0, smote: left out: clips_per_class" in said.getvalue()


def test_levers_that_change_generation_or_use_alone_share_a_training():
    assert BY_NAME["moments"].run_name == BY_NAME["class_loss_1"].run_name
    assert {lever.run_name for lever in GROUPS["uses"]} == {"gaussian"}
    assert len({lever.run_name for lever in BY_NAME.values()}) == len(BY_NAME) - 1 - len(GROUPS["uses"])


OTHERS = ("rivals", "variants", "uses")


@pytest.mark.parametrize("lever", [lever for group in OTHERS for lever in GROUPS[group]], ids=lambda lever: lever.name)
def test_variant_and_use_are_settings_that_exist(lever):
    kind_named(lever.kind).config_class(**lever.settings)
    assert ClassifierConfig(**lever.use) != ClassifierConfig() or lever.settings or lever.name == lever.kind


def test_name_of_a_group_stands_for_all_of_it():
    assert [lever.name for lever in levers_named([])] == [lever.name for lever in LEVERS]
    names = [lever.name for lever in levers_named(["smote", "cheap"])]
    assert names == ["smote", "gaussian", "transfer", "events", "copies"]


def row(lever, draw, accuracy, control, usefulness=0.5):
    ratios = {name: {"mean": 1.0} for name in ("class_means", "spread", "grain", "deviation_over_time", "memorisation")}
    instruments = {"usefulness": usefulness, "kernel_distance": {"overall": {"value": None}}, **ratios}
    return {
        "level": 4, "lever": lever, "subset_seed": draw, "gan": 0, "accuracy": accuracy, "control": control,
        "minutes": 2.0, "instruments": instruments,
    }  # fmt: skip


def test_table_holds_means_and_the_error_over_draws():
    rows = [row("noise", 0, [0.5, 0.7], [0.5]), row("noise", 1, [0.8], [0.6]), row("margin", 0, [0.4], [0.5], None)]
    np.testing.assert_allclose(differences(rows), [0.1, 0.2, -0.1])
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in levers_table(rows).splitlines()]
    assert tuple(lines[0]) == HEADER
    assert lines[2][:4] == ["4", "noise", "2", "0.50"]
    assert lines[2][-3:] == ["0.700", "+0.150 ± 0.050", "2.0"]  # by hand: deviation 0.0707 over the root of 2
    assert lines[3][3] == "" and lines[3][-2] == "-0.100"
