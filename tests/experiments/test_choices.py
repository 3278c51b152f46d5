"""The method that chooses, in a grid."""

import dataclasses
import io

import pytest

from gansynth_isa.config import GridConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.experiments import choices, runner
from gansynth_isa.experiments.config import experiment_ids, settings_of_candidates
from gansynth_isa.experiments.experiment import open_experiment
from gansynth_isa.experiments.rows.files import append_row, read_rows
from gansynth_isa.experiments.trials import Trial
from gansynth_isa.experiments.workers.local_workers import LocalWorkers
from gansynth_isa.experiments.workers.worker import Worker
from gansynth_isa.generators import registry
from gansynth_isa.reports.report import write_report


@pytest.fixture
def config(tiny_experiment):
    """A baseline and two trials of a choice, on all clips of two groups."""
    grid = GridConfig(levels=(8,), methods=("baseline", "auto"), trials=2, samples_per_class=4)
    classifier = dataclasses.replace(
        tiny_experiment.classifier,
        auto_default="augmented",
        auto_candidates=("augmented", "gaussian"),
        auto_minutes=0.3,
    )
    generators = tiny_experiment.generators | {"gaussian": registry.kind_named("gaussian").config_class()}
    return dataclasses.replace(tiny_experiment, grid=grid, classifier=classifier, generators=generators)


def run(config, clips, folder):
    output = io.StringIO()
    console = Console(output)
    opened, folds = runner.check_experiment(config, clips, folder)
    return runner.run_experiment(opened, folds, Worker(opened, folds, console), console), output.getvalue()


def test_trials_of_a_subset_share_one_choice_and_differ_in_their_seeds(config, clips, tmp_path, monkeypatch):
    made, choose = [], choices.choose
    monkeypatch.setattr(choices, "choose", lambda *arguments: made.append(choose(*arguments)) or made[-1])
    failed, output = run(config, clips, tmp_path)
    assert failed == 0, output
    assert len(made) == 1
    rows = [row for row in read_rows(tmp_path / "results.jsonl") if row["method"] == "auto"]
    assert [(row["generator"], row["gan"], row["trial"]) for row in rows] == [(None, None, 0), (None, None, 1)]
    assert rows[0]["choice"] == rows[1]["choice"] and "configuration" not in rows[0]
    choice = rows[0]["choice"]
    assert choice["rounds"] == 2 and [each["name"] for each in choice["candidates"]] == ["augmented", "gaussian"]
    assert output.count("auto: takes ") == 1
    (settings,) = {tuple(row["candidate_settings"].items()) for row in rows}
    assert [name for name, _ in settings] == ["gaussian", "auto"]  # of candidates alone, not of the GAN in the grid
    write_report(tmp_path, tmp_path / "report")
    text = (tmp_path / "report" / "report.md").read_text()
    assert f"| {choice['chosen']} | 1 of 1 |" in " ".join(text.split())


def of_gaussian_alone(config, trials):
    """Trials of a choice whose default has synthetic clips, and which weighs nothing else."""
    grid = dataclasses.replace(config.grid, methods=("auto",), trials=trials)
    classifier = dataclasses.replace(config.classifier, auto_default="gaussian", auto_candidates=("gaussian",))
    return dataclasses.replace(config, grid=grid, classifier=classifier)


def test_later_trials_take_the_choice_that_a_row_holds_and_are_the_same_as_at_once(
    config, clips, tmp_path, monkeypatch, rows_without_times
):
    run(of_gaussian_alone(config, 2), clips, tmp_path / "at_once")
    run(of_gaussian_alone(config, 1), clips, tmp_path / "later")
    monkeypatch.setattr(choices, "choose", lambda *_: pytest.fail("chosen a second time"))
    failed, output = run(of_gaussian_alone(config, 2), clips, tmp_path / "later")
    assert failed == 0 and "fold all, level 8, subset 0: auto takes gaussian, as the trials before this one" in output
    assert len(rows_without_times(tmp_path / "later")) == 2
    assert rows_without_times(tmp_path / "later") == rows_without_times(tmp_path / "at_once")


@pytest.mark.slow
def test_two_processes_make_one_choice_and_their_rows_are_those_of_one(config, clips, tmp_path, rows_without_times):
    """Two trials of a choice, and no other task that could keep the second process from making it too."""
    run(of_gaussian_alone(config, 2), clips, tmp_path / "one")
    output = io.StringIO()
    console = Console(output)
    opened, folds = runner.check_experiment(of_gaussian_alone(config, 2), clips, tmp_path / "two")
    assert runner.run_experiment(opened, folds, LocalWorkers(opened, clips, console, 2), console) == 0
    assert output.getvalue().count("subset 0: choosing") == 1
    assert len(rows_without_times(tmp_path / "two")) == 2
    assert rows_without_times(tmp_path / "two") == rows_without_times(tmp_path / "one")


def test_row_of_a_choice_of_no_candidate_is_refused_and_named(config, clips, tmp_path):
    run(of_gaussian_alone(config, 1), clips, tmp_path)
    results = tmp_path / "results.jsonl"
    results.write_text(results.read_text().replace('"chosen": "gaussian"', '"chosen": "lda"'))
    with pytest.raises(
        InputError,
        match="results.jsonl: fold all, level 8, subset 0: choice: expected one of gaussian, baseline, got 'lda'",
    ):
        run(of_gaussian_alone(config, 2), clips, tmp_path)


def test_experiment_whose_candidate_has_no_settings_is_refused(config, clips, tmp_path):
    without = dataclasses.replace(config, generators={})
    with pytest.raises(InputError, match="auto_candidates: expected settings of the kind gaussian, got none"):
        run(without, clips, tmp_path)


def test_methods_of_a_grid_are_the_paper_s_unless_others_are_named():
    assert GridConfig().methods == ("baseline", "augmented", "gan", "gan_augmented")
    assert not GridConfig().chooses and GridConfig(methods=("auto",)).chooses


def of_gaussian(config, **changes):
    """The experiment with other settings of the candidate."""
    gaussian = dataclasses.replace(config.generators["gaussian"], **changes)
    return dataclasses.replace(config, generators={**config.generators, "gaussian": gaussian})


def carry(folder, opened, **settings):
    """A folder with a row of a choice alone, as it comes from elsewhere."""
    folder.mkdir()
    row = {"experiment": opened.identity, **Trial("all", 8, 0, "auto", None, 0).row(), **settings}
    append_row(folder / "results.jsonl", row)
    return folder


def test_settings_of_candidates_tell_what_a_choice_trains_with(config):
    open_settings, others = (
        settings_of_candidates(config),
        settings_of_candidates(of_gaussian(config, gaussian_sharing=0.5)),
    )
    named = settings_of_candidates(of_gaussian(config, gaussian_sharing=1.0, gaussian_smoothing=1000.0))
    assert len({open_settings["gaussian"], others["gaussian"]}) == 2
    assert named == open_settings  # what a choice fills in may be said too
    assert open_settings["gansynth"] == others["gansynth"]


def test_carried_rows_of_a_choice_with_other_settings_of_a_candidate_are_refused(config, clips, tmp_path):
    opened = open_experiment(config, clips, tmp_path / "made")
    bear = {"candidate_settings": settings_of_candidates(config)}
    others = of_gaussian(config, gaussian_sharing=0.5)
    assert open_experiment(others, clips, tmp_path / "others").identity == opened.identity
    with pytest.raises(InputError, match="holds results of auto with other settings of its candidate gaussian; choose"):
        open_experiment(others, clips, carry(tmp_path / "refused", opened, **bear))
    assert open_experiment(config, clips, carry(tmp_path / "same", opened, **bear)).identity == opened.identity


def test_carried_rows_of_a_choice_that_weighed_others_are_refused_and_names_stay(config, clips, tmp_path):
    opened = open_experiment(config, clips, tmp_path / "made")
    bear = {"candidate_settings": {"auto": settings_of_candidates(config)["auto"]}}
    classifier = dataclasses.replace(config.classifier, auto_candidates=("baseline",))
    others = dataclasses.replace(config, classifier=classifier)
    assert open_experiment(others, clips, tmp_path / "others").identity == opened.identity
    with pytest.raises(InputError, match="holds results of auto with other settings of itself; choose another"):
        open_experiment(others, clips, carry(tmp_path / "refused", opened, **bear))


@pytest.mark.parametrize("settings", [{}, {"candidate_settings": {"gaussian": "0123456789ab"}}])
def test_carried_rows_of_a_choice_that_do_not_tell_what_it_weighed_are_refused(config, clips, tmp_path, settings):
    opened = open_experiment(config, clips, tmp_path / "made")
    with pytest.raises(
        InputError, match="holds results of auto that do not tell what it weighed; choose another --outp"
    ):
        open_experiment(config, clips, carry(tmp_path / "old", opened, **settings))


def test_settings_of_a_choice_tell_what_is_made_of_the_sound(config, monkeypatch):
    by_sound = dataclasses.replace(config, classifier=dataclasses.replace(config.classifier, auto_default="by_sound"))
    before = settings_of_candidates(by_sound)["auto"]
    monkeypatch.setattr("gansynth_isa.choosing.sound.FOR_EVENTS", "gaussian_augmented")
    assert settings_of_candidates(by_sound)["auto"] != before


def test_rows_of_a_folder_that_names_what_a_choice_weighs_go_on_under_their_former_name(config, clips):
    """Settings of the choice were part of the name of all rows."""
    classifier = dataclasses.replace(config.classifier, auto_minutes=0.5)
    named = experiment_ids(dataclasses.replace(config, classifier=classifier), clips)
    assert named[0] == experiment_ids(config, clips)[0]
    assert len(set(named) - set(experiment_ids(config, clips))) > 0


@pytest.mark.parametrize("value", [3, "gaussian", {"gaussian": 3}])
def test_carried_rows_whose_settings_of_candidates_are_no_texts_are_refused(config, clips, tmp_path, value):
    opened = open_experiment(config, clips, tmp_path / "made")
    with pytest.raises(InputError, match="row 1: candidate_settings: expected a text per kind of generator"):
        open_experiment(config, clips, carry(tmp_path / "edited", opened, candidate_settings=value))
