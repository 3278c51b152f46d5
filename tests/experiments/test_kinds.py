"""Experiments with several kinds of generators, one of which the package does not know."""

import dataclasses
import io
import json

import pytest

from gansynth_isa.config import GenerationConfig, GridConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.experiments import runner
from gansynth_isa.experiments.config import ExperimentConfig, experiment_ids, settings_id
from gansynth_isa.experiments.generators import synthetic_dir
from gansynth_isa.experiments.rows.files import read_rows
from gansynth_isa.experiments.trials import GeneratorKey
from gansynth_isa.experiments.workers.worker import Worker
from gansynth_isa.generators import registry
from gansynth_isa.reports.report import write_report

METHODS = ("baseline", "gan")


@pytest.fixture
def of_kinds(tiny_experiment, toy):
    """Gives an experiment of a baseline and clips of the kinds named, each with its own settings."""

    def make(*names, methods=METHODS, **settings):
        configs = {name: registry.kind_named(name).config_class(**settings) for name in names}
        grid = GridConfig(levels=(4,), methods=methods, generators=names, trials=1, samples_per_class=4)
        return dataclasses.replace(tiny_experiment, generators=configs, grid=grid)

    return make


def run(config, clips, folder):
    output = io.StringIO()
    console = Console(output)
    opened, folds = runner.check_experiment(config, clips, folder)
    failed = runner.run_experiment(opened, folds, Worker(opened, folds, console), console)
    return failed, output.getvalue()


def test_experiment_of_a_kind_that_the_package_does_not_know_gives_rows_and_a_report(of_kinds, clips, tmp_path):
    failed, output = run(of_kinds("toy", "gaussian"), clips, tmp_path)
    assert failed == 0, output
    rows = read_rows(tmp_path / "results.jsonl")
    assert [(row["method"], row["generator"], row["gan"]) for row in rows] == [
        ("baseline", None, None),
        ("gan", "toy", 0),
        ("gan", "gaussian", 0),
    ]
    measured = read_rows(tmp_path / "gans.jsonl")
    assert [row["generator"] for row in measured] == ["toy", "gaussian"]
    assert (tmp_path / "gans" / "toy_fold-all_level-4_subset-0_gan-0" / "experiment.json").exists()
    write_report(tmp_path, tmp_path / "report")
    text = (tmp_path / "report" / "report.md").read_text()
    assert "toy" in text and "gaussian" in text


def test_instruments_of_every_generator_are_in_its_row_and_in_the_report_where_asked_for(of_kinds, clips, tmp_path):
    config = of_kinds("toy")
    asked = dataclasses.replace(config, grid=dataclasses.replace(config.grid, instrument_trials=1))
    for name, each in (("without", config), ("with", asked)):
        assert run(each, clips, tmp_path / name)[0] == 0
        write_report(tmp_path / name, tmp_path / name / "report")
    (plain,), (measured,) = (read_rows(tmp_path / name / "gans.jsonl") for name in ("without", "with"))
    assert plain["experiment"] == measured["experiment"] and "instruments" not in plain
    sides = measured["instruments"]
    assert sides["train"]["usefulness"] is None  # needs clips that were held out, and classifiers
    assert len(sides["test"]["accuracies"]["trained_on_synthetic"]) == 1
    assert set(sides["test"]["deviation_over_time"]["per_class"]) == {"a", "b"}
    assert "usefulness" in (tmp_path / "with" / "report" / "report.md").read_text()
    assert "usefulness" not in (tmp_path / "without" / "report" / "report.md").read_text()


def test_kind_may_be_added_to_a_folder_and_taken_out_of_the_grid_again(of_kinds, clips, tmp_path):
    run(of_kinds("toy"), clips, tmp_path)
    run(of_kinds("gaussian"), clips, tmp_path)
    rows = read_rows(tmp_path / "results.jsonl")
    assert [row["generator"] for row in rows] == [None, "toy", "gaussian"]
    stored = json.loads((tmp_path / "grid.json").read_text())["configuration"]["generators"]
    assert set(stored) == {"toy", "gaussian"}


def test_kind_with_other_settings_in_the_folder_is_refused(of_kinds, clips, tmp_path):
    run(of_kinds("toy"), clips, tmp_path / "one")
    louder = of_kinds("toy", toy_gain=2.0)
    with pytest.raises(InputError, match="holds another experiment .toy_gain: 0.5 -> 2.0."):
        run(louder, clips, tmp_path / "one")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "results.jsonl").write_bytes((tmp_path / "one" / "results.jsonl").read_bytes())
    with pytest.raises(InputError, match="holds results of a toy with other settings"):
        run(louder, clips, tmp_path / "two")


def test_rows_of_a_kind_tell_its_settings_apart_from_others(toy):
    config = toy.config_class
    assert settings_id("toy", config()) != settings_id("toy", config(toy_gain=2.0))
    assert len(settings_id("toy", config())) == 12


def test_experiment_of_real_clips_alone_needs_no_generator(of_kinds, clips, tmp_path):
    failed, _ = run(of_kinds(methods=("baseline", "augmented")), clips, tmp_path)
    assert failed == 0
    assert [row["generator"] for row in read_rows(tmp_path / "results.jsonl")] == [None, None]
    assert not (tmp_path / "gans").exists()


def test_name_of_an_experiment_does_not_depend_on_other_kinds(of_kinds, tiny_experiment, clips):
    alone = dataclasses.replace(tiny_experiment, generators={})
    assert experiment_ids(of_kinds("toy", "gaussian"), clips) == experiment_ids(alone, clips)
    with_gan = dataclasses.replace(
        tiny_experiment, generators={**of_kinds("toy").generators, **tiny_experiment.generators}
    )
    assert experiment_ids(with_gan, clips) == experiment_ids(tiny_experiment, clips)
    assert experiment_ids(tiny_experiment, clips)[1:] == experiment_ids(alone, clips)


def test_methods_of_synthetic_clips_without_a_kind_are_refused():
    with pytest.raises(InputError, match="generators: expected a kind for the methods"):
        GridConfig(generators=())
    assert not GridConfig(generators=(), methods=("baseline",)).needs_generators


def test_configuration_is_the_same_after_json(of_kinds):
    config = of_kinds("toy", "gaussian")
    assert ExperimentConfig.from_dict(config.to_dict()) == config


def test_configuration_of_the_only_kind_there_was_is_read(tiny_experiment):
    values = tiny_experiment.to_dict()
    gansynth = values["generators"]["gansynth"]
    old = {
        "gan": {"data": values["data"], "features": values["features"], **gansynth},
        "classifier": values["classifier"],
        "grid": {name: value for name, value in values["grid"].items() if name != "generators"},
    }
    assert ExperimentConfig.from_dict(old) == tiny_experiment


def test_configuration_with_a_group_that_is_not_known_is_refused(tiny_experiment):
    with pytest.raises(InputError, match="extra: no such group of settings"):
        ExperimentConfig.from_dict({**tiny_experiment.to_dict(), "extra": {}})


def test_generator_learns_from_the_pool_by_guessed_classes_and_classifiers_do_not(of_kinds, clips, tmp_path):
    config = dataclasses.replace(of_kinds("gaussian"), generation=GenerationConfig(guessed_clips="pool"))
    failed, output = run(config, clips, tmp_path)
    assert failed == 0 and "guessed classes of unlabelled clips: " in output
    (row,) = [json.loads(line) for line in (tmp_path / "gans.jsonl").read_text().splitlines()]
    folder = synthetic_dir(tmp_path, GeneratorKey.from_row(row))
    trained_on = json.loads((folder / "metadata.json").read_text())["data"]
    num_labelled = config.grid.levels[0] * len(clips.class_names)
    assert trained_on["guessed"] == len(trained_on["clips"]) - num_labelled > 0
    assert [row["method"] for row in read_rows(tmp_path / "results.jsonl")] == ["baseline", "gan"]
