"""The runner's book-keeping, with training replaced by stand-ins that count."""

import dataclasses
import io
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GridConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips, SyntheticWriter
from gansynth_isa.data.simulation.mark import mark_as_simulated
from gansynth_isa.derived import resolve_features
from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.measures import ClipMeasures
from gansynth_isa.experiments import generators, runner
from gansynth_isa.experiments.config import ExperimentConfig
from gansynth_isa.experiments.rows.files import read_rows
from gansynth_isa.experiments.workers import worker
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.validation import to_dict

DATA = DataConfig(dataset_name="tiny", clip_seconds=0.05, data_dir="/somewhere")
GRID = GridConfig(folds="group", levels=(4,), trials=2, samples_per_class=3)
CLASSIFIERS = 3 * 4 * 2  # folds x methods x trials


def experiment(grid=GRID, data=DATA, **classifier):
    features = resolve_features(data, FeatureConfig(mel_bins=4))
    kind = kind_named("gansynth")
    own = {"gansynth": kind.resolve(kind.config_class(), features)}
    return ExperimentConfig(data, features, own, ClassifierConfig(**classifier), grid)


class Training:
    """Stand-ins for the trainings of GANs and classifiers; `fail` makes one of them raise."""

    def __init__(self):
        self.classifiers, self.gans, self.generated, self.steps = [], [], [], []
        self.fail = lambda kind, config: False

    def train_classifier(self, config, train, test, synthetic, on_step=None, unlabelled=None):
        if self.fail("classifier", config):
            raise RuntimeError("out of\nmemory")
        self.steps.append(config.classifier_steps)
        self.classifiers.append((config.method, config.trial_seed, len(train), synthetic))
        result = {"accuracy": 0.5, "minutes": 0.1, "steps": 7, "recall": {"a": 0.5, "b": 0.5}, "configuration": {}}
        return SimpleNamespace(result=result)

    def fit(self, config, training, seed, folder, surroundings):
        if self.fail("gan", training):
            raise RuntimeError("diverged")
        self.gans.append(training)

    def write_clips(self, trained, output_dir, samples_per_class, classes, seed, on_progress, keeper):
        self.generated.append(Path(output_dir).name)
        training = self.gans[-1]
        configuration = {"data": to_dict(training.data), "features": to_dict(training.features)}
        metadata = {"class_names": list(classes), "configuration": configuration, "data": training.clips.fingerprint()}
        with SyntheticWriter(output_dir, metadata) as writer:
            writer.write(np.zeros((2, 4, 4, 1)), np.array([0, 1]))


@pytest.fixture
def training(monkeypatch):
    stand_in = Training()
    monkeypatch.setattr(worker, "train_classifier", stand_in.train_classifier)
    for name in ("train_classifier", "write_clips"):
        monkeypatch.setattr(generators, name, getattr(stand_in, name))
    monkeypatch.setattr(kind_named("gansynth").__class__, "fit", lambda kind, *arguments: stand_in.fit(*arguments))
    monkeypatch.setattr(generators, "load_generator", lambda folder, warn: None)
    measures = ClipMeasures(0.75, 0.9, {"a": 0.8, "b": 1.0}, 0.3)
    monkeypatch.setattr(generators, "measure_clips", lambda *_: measures)
    return stand_in


def run(config, clips, folder):
    output = io.StringIO()
    console = Console(output)
    opened, folds = runner.check_experiment(config, clips, folder)
    in_process = worker.Worker(opened, folds, console)
    return runner.run_experiment(opened, folds, in_process, console), output.getvalue()


def test_whole_grid_is_trained_once(training, clips, tmp_path):
    failed, output = run(experiment(), clips, tmp_path)
    rows = read_rows(tmp_path / "results.jsonl")
    assert failed == 0
    assert len(rows) == CLASSIFIERS
    assert len(training.gans) == len(training.generated) == 3
    assert f"[{CLASSIFIERS}/{CLASSIFIERS}]" in output
    columns = {"dataset", "level", "method", "fold", "subset_seed", "gan", "trial", "accuracy", "steps", "minutes"}
    assert columns <= set(rows[0]) and "configuration" not in rows[0]
    assert {row["dataset"] for row in rows} == {"tiny"}


def test_gan_methods_get_synthetic_clips_and_the_others_none(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    of_the_grid = [entry for entry in training.classifiers if entry[2] == 8]  # the judges of GANs see all 16 clips
    assert len(of_the_grid) == CLASSIFIERS
    for method, trial_seed, _, synthetic in of_the_grid:
        assert isinstance(synthetic, SyntheticClips) == method.startswith("gan")
        assert trial_seed in (0, 1)


def test_gan_never_sees_a_test_recording(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    for of_gan in training.gans:
        assert not set(of_gan.data.test_groups) & set(of_gan.clips.groups)
        assert of_gan.clips.counts() == {"a": 4, "b": 4}


def test_gan_measures_are_kept_per_gan(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    rows = read_rows(tmp_path / "gans.jsonl")
    assert [(row["fold"], row["class_agreement"], row["relative_spread"]) for row in rows] == [
        ("1", 0.75, 0.9),
        ("2", 0.75, 0.9),
        ("3", 0.75, 0.9),
    ]


def test_finished_experiment_trains_nothing(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    before = (tmp_path / "results.jsonl").read_bytes()
    training.classifiers.clear()
    failed, _ = run(experiment(), clips, tmp_path)
    assert failed == 0 and not training.classifiers and len(training.gans) == 3
    assert (tmp_path / "results.jsonl").read_bytes() == before


def test_results_carried_to_another_folder_are_not_repeated(training, clips, tmp_path):
    run(experiment(), clips, tmp_path / "one")
    (tmp_path / "two").mkdir()
    lines = (tmp_path / "one" / "results.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "two" / "results.jsonl").write_text("".join(lines[:-1]))
    training.classifiers.clear()
    run(experiment(), clips, tmp_path / "two")
    assert len([entry for entry in training.classifiers if entry[2] == 8 and entry[0] == "gan_augmented"]) == 1
    assert len(read_rows(tmp_path / "two" / "results.jsonl")) == CLASSIFIERS
    assert len(training.gans) == 4


def test_unfinished_synthetic_clips_are_generated_again(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    lines = (tmp_path / "results.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "results.jsonl").write_text("".join(lines[:-1]))
    (tmp_path / "synthetic" / training.generated[-1] / "metadata.json").unlink()
    _, output = run(experiment(), clips, tmp_path)
    assert "generated again" in output
    assert len(training.generated) == 4
    assert len(read_rows(tmp_path / "gans.jsonl")) == 3


def test_failed_classifier_is_shown_and_the_others_go_on(training, clips, tmp_path):
    training.fail = lambda kind, config: (
        kind == "classifier" and config.method == "augmented" and config.trial_seed == 1
    )
    failed, output = run(experiment(), clips, tmp_path)
    assert failed == 3
    assert "FAILED: RuntimeError: out of memory" in output
    assert len(read_rows(tmp_path / "results.jsonl")) == CLASSIFIERS - 3
    training.fail = lambda kind, config: False
    failed, _ = run(experiment(), clips, tmp_path)
    assert failed == 0
    assert len(read_rows(tmp_path / "results.jsonl")) == CLASSIFIERS


def test_failed_gan_fails_its_classifiers_alone_and_is_tried_once(training, clips, tmp_path):
    attempts = []
    training.fail = lambda kind, config: kind == "gan" and config.data.test_groups == ("2",) and not attempts.append(1)
    failed, output = run(experiment(), clips, tmp_path)
    assert failed == 4 and len(attempts) == 1
    assert "its generator failed: RuntimeError: diverged" in output
    assert len(read_rows(tmp_path / "results.jsonl")) == CLASSIFIERS - 4


def test_real_methods_alone_train_no_gan(training, clips, tmp_path):
    grid = GridConfig(folds="group", levels=(4,), trials=2, methods=("baseline", "augmented"))
    assert run(experiment(grid), clips, tmp_path)[0] == 0
    assert not training.gans


def test_every_method_of_a_cell_gets_the_steps_of_the_longest_mixture(training, clips, tmp_path):
    run(experiment(classifier_batch_size=2, classifier_epochs=10), clips, tmp_path)
    # 2 classes of 4 real and 3 synthetic clips are 7 batches.
    of_the_grid = [
        steps for steps, entry in zip(training.steps, training.classifiers, strict=True) if entry[2] == 8
    ]  # the judges of GANs see all 16 clips
    assert of_the_grid == [70] * CLASSIFIERS


def test_methods_without_a_gan_get_the_same_steps_where_no_gan_is_compared(training, clips, tmp_path):
    grid = dataclasses.replace(GRID, methods=("baseline",))
    run(experiment(grid, classifier_batch_size=2, classifier_epochs=10), clips, tmp_path)
    assert set(training.steps) == {70}


def test_paper_s_budget_leaves_the_steps_to_each_method(training, clips, tmp_path):
    run(experiment(budget="paper"), clips, tmp_path)
    assert set(training.steps) == {None}


def test_larger_grid_in_the_same_folder_adds_to_it(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    training.classifiers.clear()
    grid = GridConfig(folds="group", levels=(2, 4), trials=3, samples_per_class=3)
    run(experiment(grid), clips, tmp_path)
    assert len(read_rows(tmp_path / "results.jsonl")) == 3 * 2 * 4 * 3
    assert json.loads((tmp_path / "grid.json").read_text())["configuration"]["grid"]["levels"] == [2, 4]


def test_another_configuration_in_the_folder_is_refused(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    with pytest.raises(InputError, match=r"holds another experiment \(classifier_steps: None -> 5\)"):
        run(experiment(classifier_steps=5), clips, tmp_path)


def test_moved_recordings_are_the_same_experiment(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    moved = DataConfig(dataset_name="tiny", clip_seconds=0.05, data_dir="/elsewhere")
    assert run(experiment(data=moved), clips, tmp_path)[0] == 0


def test_rows_of_simulated_recordings_say_so_and_others_do_not(training, clips, tmp_path):
    simulated = tmp_path / "recordings"
    simulated.mkdir()
    mark_as_simulated(simulated)
    run(experiment(data=dataclasses.replace(DATA, data_dir=str(simulated))), clips, tmp_path / "one")
    run(experiment(), clips, tmp_path / "two")
    for name in ("results.jsonl", "gans.jsonl"):
        assert {row.get("simulated") for row in read_rows(tmp_path / "one" / name)} == {True}
        assert not any("simulated" in row for row in read_rows(tmp_path / "two" / name))


def test_other_data_in_the_folder_are_refused(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    clips.digests["a_1.wav"] = "changed"
    with pytest.raises(InputError, match="data: a_1.wav added, removed or changed"):
        run(experiment(), clips, tmp_path)


def test_carried_results_of_another_configuration_are_refused(training, clips, tmp_path):
    run(experiment(), clips, tmp_path / "one")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "results.jsonl").write_bytes((tmp_path / "one" / "results.jsonl").read_bytes())
    with pytest.raises(InputError, match="results.jsonl: holds results of another configuration or other data"):
        run(experiment(classifier_steps=5), clips, tmp_path / "two")
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == ["results.jsonl"]


def test_synthetic_clips_of_a_gan_that_was_trained_on_the_test_side_are_refused(training, clips, tmp_path):
    run(experiment(), clips, tmp_path)
    (tmp_path / "results.jsonl").unlink()
    folders = sorted((tmp_path / "synthetic").iterdir())
    swapped = folders[0].with_name("swapped")
    folders[0].rename(swapped)
    folders[1].rename(folders[0])
    with pytest.raises(InputError, match="expected a generator that has seen no test file"):
        run(experiment(), clips, tmp_path)


def test_results_that_cannot_be_written_end_the_run_with_one_line(training, clips, tmp_path):
    (tmp_path / "results.jsonl").mkdir()
    with pytest.raises(InputError, match="results.jsonl"):
        run(experiment(), clips, tmp_path)
