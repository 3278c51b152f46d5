"""The method that chooses, in a grid."""

import dataclasses
import io

import pytest

from gansynth_isa.config import GridConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.experiments import choices, runner
from gansynth_isa.experiments.rows.files import read_rows
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
    write_report(tmp_path, tmp_path / "report")
    assert "auto" in (tmp_path / "report" / "report.md").read_text()


def test_experiment_whose_candidate_has_no_settings_is_refused(config, clips, tmp_path):
    without = dataclasses.replace(config, generators={})
    with pytest.raises(InputError, match="auto_candidates: expected settings of the kind gaussian, got none"):
        run(without, clips, tmp_path)


def test_methods_of_a_grid_are_the_paper_s_unless_others_are_named():
    assert GridConfig().methods == ("baseline", "augmented", "gan", "gan_augmented")
    assert not GridConfig().chooses and GridConfig(methods=("auto",)).chooses
