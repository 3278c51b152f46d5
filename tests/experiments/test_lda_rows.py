"""Rows of linear discriminant analysis keep their name when settings change that it does not use."""

import dataclasses
import json

import pytest

from gansynth_isa.config import ClassifierConfig, GenerationConfig
from gansynth_isa.config.classifier import unused_settings
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import experiment_ids, lda_id
from gansynth_isa.experiments.experiment import open_experiment
from gansynth_isa.experiments.rows.checks import check_results
from gansynth_isa.experiments.rows.files import GANS_FILE, RESULTS_FILE, append_row, read_rows
from gansynth_isa.experiments.trials import Trial

LDA, BASELINE = Trial("all", 4, 0, "lda", None, 0), Trial("all", 4, 0, "baseline", None, 0)
SCORES = {"accuracy": 0.5, "recall": {"a": 0.5, "b": 0.5}, "confusion_matrix": [[1, 1], [1, 1]], "minutes": 0.0}


@pytest.fixture
def of(tiny_experiment):
    """Gives the experiment with these methods and these settings of the classifier."""

    def make(*methods, **classifier):
        grid = dataclasses.replace(tiny_experiment.grid, methods=methods)
        classifier = dataclasses.replace(tiny_experiment.classifier, **classifier)
        return dataclasses.replace(tiny_experiment, grid=grid, classifier=classifier)

    return make


def names(folder):
    """Method -> names of its rows."""
    found = {}
    for row in read_rows(folder / RESULTS_FILE):
        found.setdefault(row["method"], set()).add(row["experiment"])
    return found


def test_name_of_lda_follows_what_it_uses_and_nothing_else(of, clips):
    config = of("lda")
    named = lda_id(config, clips)
    others = {"classifier_steps": 99, "classifier": "three_layer", "classifier_dropout": 0.1, "trial_seed": 3}
    assert lda_id(of("lda", "baseline", **others), clips) == named
    assert lda_id(dataclasses.replace(config, generators={}), clips) == named
    assert lda_id(dataclasses.replace(config, generation=GenerationConfig(match_moments="class")), clips) == named
    assert lda_id(of("lda", class_balance="balanced"), clips) != named
    assert lda_id(of("lda", decide_per="recording"), clips) != named
    assert lda_id(config, clips.select(range(20))) != named


def test_networks_use_every_setting_and_lda_five():
    fields = {item.name for item in dataclasses.fields(ClassifierConfig)}
    assert fields - unused_settings("lda") == {"method", "class_balance", "decide_per", "learner", "unlabelled"}
    for name in ("baseline", "augmented", "gan", "gan_augmented"):
        assert unused_settings(name) == {"auto_default", "auto_candidates", "auto_minutes"}
    assert not unused_settings("auto")


def test_experiment_of_lda_goes_on_with_other_steps_and_networks_join_under_their_own_name(of, clips, tmp_path):
    first = of("lda", classifier_steps=3)
    open_experiment(first, clips, tmp_path).append(RESULTS_FILE, LDA.row())
    again = of("lda", classifier_steps=7)
    open_experiment(again, clips, tmp_path).append(RESULTS_FILE, {**LDA.row(), "level": 2})
    both = of("lda", "baseline", classifier_steps=7)
    open_experiment(both, clips, tmp_path).append(RESULTS_FILE, BASELINE.row())
    assert names(tmp_path) == {"lda": {lda_id(first, clips)}, "baseline": {experiment_ids(both, clips)[0]}}
    assert json.loads((tmp_path / "grid.json").read_text())["configuration"]["classifier"]["classifier_steps"] == 7
    with pytest.raises(InputError, match="another experiment .*classifier_steps: 7 -> 3"):
        open_experiment(of("lda", "baseline", classifier_steps=3), clips, tmp_path)
    with pytest.raises(InputError, match="results of another configuration"):  # the row of the network
        (tmp_path / "grid.json").unlink()
        open_experiment(of("lda", classifier_steps=3), clips, tmp_path)


def test_experiment_of_lda_with_a_setting_that_it_uses_changed_is_another(of, clips, tmp_path):
    open_experiment(of("lda"), clips, tmp_path).append(RESULTS_FILE, LDA.row())
    with pytest.raises(InputError, match="another experiment .*class_balance: none -> balanced"):
        open_experiment(of("lda", class_balance="balanced"), clips, tmp_path)


def test_rows_of_lda_that_bear_the_name_of_the_others_go_on_to(of, clips, tmp_path):
    config = of("baseline", "lda")
    former = experiment_ids(config, clips)[0]
    for trial in (LDA, BASELINE):
        append_row(tmp_path / RESULTS_FILE, {"experiment": former, **trial.row()})
    opened = open_experiment(config, clips, tmp_path)
    for trial in (LDA, BASELINE):
        opened.append(RESULTS_FILE, {**trial.row(), "level": 2})
    assert names(tmp_path) == {"lda": {former}, "baseline": {former}}


def test_report_takes_rows_of_lda_under_one_other_name_and_of_no_second(of, clips, tmp_path):
    rows = [
        {"dataset": "x", "experiment": name, **trial.row(), **SCORES}
        for name, trial in (("a", BASELINE), ("b", LDA), ("b", LDA))
    ]
    check_results(tmp_path, rows)
    rows[2]["experiment"] = "c"
    with pytest.raises(InputError, match="expected the results of one experiment, got 2: b, c"):
        check_results(tmp_path, rows)


@pytest.mark.parametrize("file", [RESULTS_FILE, GANS_FILE])
def test_experiment_with_a_row_of_no_kind_of_generator_is_refused_by_file_and_row(of, clips, tmp_path, file):
    config = of("baseline")
    row = {"experiment": experiment_ids(config, clips)[0], **BASELINE.row(), "gan": 0}
    append_row(tmp_path / file, row)
    append_row(tmp_path / file, {**row, "generator": []})
    with pytest.raises(InputError, match=f"{file}: row 2: generator: expected the name of a kind of generator"):
        open_experiment(config, clips, tmp_path)
