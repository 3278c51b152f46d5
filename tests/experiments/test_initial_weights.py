"""Generators of an experiment that start from the weights of another training."""

import dataclasses
import io
import json

import pytest

from gansynth_isa.config import GenerationConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.experiments import runner
from gansynth_isa.experiments.config import experiment_ids
from gansynth_isa.experiments.folds import make_folds
from gansynth_isa.experiments.initial_weights import check_initial_weights, initial_origin, with_initial_weights
from gansynth_isa.experiments.rows.files import read_rows
from gansynth_isa.experiments.workers.worker import Worker
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.gaussian.config import GaussianConfig
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.training import fit_generator


@pytest.fixture
def console():
    return Console(io.StringIO())


@pytest.fixture(scope="module")
def source(tiny_experiment, clips, tmp_path_factory):
    """Folder of a GAN of other recordings, whose files have the names of the training side's."""
    folder = tmp_path_factory.mktemp("source") / "run"
    (fold,) = folds_of(tiny_experiment, of_other_content(clips)).values()
    training = TrainingData(fold.train, tiny_experiment.data, tiny_experiment.features)
    surroundings = Surroundings(Console(io.StringIO()))
    fit_generator(kind_named("gansynth"), tiny_experiment.generators["gansynth"], training, 3, folder, surroundings)
    return folder


@pytest.fixture
def config(tiny_experiment, source, console):
    """An experiment of one level whose GANs start from the weights in `source`."""
    generation = GenerationConfig(init_from=str(source))
    generation = with_initial_weights(generation, initial_origin(generation, console.line))
    grid = dataclasses.replace(tiny_experiment.grid, levels=(4,), methods=("gan",))
    return dataclasses.replace(tiny_experiment, grid=grid, generation=generation)


def of_other_content(clips):
    return dataclasses.replace(clips, digests={path: f"other {digest}" for path, digest in clips.digests.items()})


def folds_of(config, clips):
    return make_folds(clips, config.data, config.grid)


def check(config, clips, console):
    check_initial_weights(config, initial_origin(config.generation, console.line), folds_of(config, clips), console)


def test_generators_start_from_the_weights_and_rows_say_so(config, clips, tmp_path):
    output = io.StringIO()
    opened, folds = runner.check_experiment(config, clips, tmp_path / "experiment")
    assert runner.run_experiment(opened, folds, Worker(opened, folds, Console(output)), Console(output)) == 0
    (run,) = (tmp_path / "experiment" / "gans").iterdir()
    source = json.loads((run / "experiment.json").read_text())["initialised_from"]
    assert source["image"] == 64
    assert "init_from: 22 of 22 arrays fit and are taken" in output.getvalue()
    rows = read_rows(tmp_path / "experiment" / "results.jsonl")
    assert {row["init_sha256"] for row in rows} == {config.generation.init_sha256}
    without = dataclasses.replace(config, generation=GenerationConfig())
    assert experiment_ids(config, clips)[0] != experiment_ids(without, clips)[0]


def test_weights_that_have_seen_a_test_recording_are_refused(config, clips, console):
    data = dataclasses.replace(config.data, test_groups=("1",))
    config = dataclasses.replace(config, data=data)
    with pytest.raises(InputError, match="init_from: expected a generator that has seen no test file, but it was trai"):
        check(config, clips, console)


def test_weights_that_know_labels_of_the_training_side_are_refused(config, clips, console):
    expected = "init_from: expected weights of other recordings than the experiment's, .* from a_1.wav and 3 more train"
    with pytest.raises(InputError, match=expected):
        check(config, of_other_content(clips), console)


@pytest.mark.parametrize(
    ("side", "expected"), [("test", "has seen no test file"), ("train", "of other recordings than")]
)
def test_weights_that_started_from_weights_which_know_a_recording_are_refused(side, expected, config, clips, console):
    (fold,) = folds_of(config, clips).values()
    digest = next(iter(getattr(fold, side).digests.values()))
    origin = initial_origin(config.generation, console.line)
    recordings = {**origin.recordings, "files_before": {"long_ago.wav": [digest]}}
    with pytest.raises(InputError, match=f"init_from: expected .* {expected}"):
        check_initial_weights(config, dataclasses.replace(origin, recordings=recordings), {"all": fold}, console)


def test_weights_of_another_kind_are_refused(config, clips, console, tmp_path):
    (fold,) = folds_of(config, of_other_content(clips)).values()
    training = TrainingData(fold.train, config.data, config.features)
    fit_generator(kind_named("gaussian"), GaussianConfig(), training, 3, tmp_path / "g", Surroundings(console))
    generation = GenerationConfig(init_from=str(tmp_path / "g"))
    with pytest.raises(InputError, match="init_from: expected a training of gansynth, got one of gaussian"):
        check(dataclasses.replace(config, generation=generation), clips, console)


def test_kind_that_starts_from_no_weights_is_refused(config, clips, console):
    grid = dataclasses.replace(config.grid, generators=("gansynth", "gaussian"))
    generators = {**config.generators, "gaussian": GaussianConfig()}
    both = dataclasses.replace(config, grid=grid, generators=generators)
    with pytest.raises(InputError, match="init_from: expected generators that start from weights, got gaussian among"):
        check(both, clips, console)


def test_other_weights_than_expected_and_none_at_all_are_refused(config, console):
    generation = config.generation
    with pytest.raises(InputError, match="init_sha256: expected 0123, got [0-9a-f]{64} from"):
        initial_origin(dataclasses.replace(generation, init_sha256="0123"), console.line)
    with pytest.raises(InputError, match="init_from: expected the folder of the weights of init_sha256, got none"):
        initial_origin(GenerationConfig(init_sha256="0123"), console.line)
    with pytest.raises(InputError, match="nowhere"):
        initial_origin(GenerationConfig(init_from="nowhere"), console.line)
