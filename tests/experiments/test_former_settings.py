"""Experiments of earlier versions keep their names and are continued; expected names are what those versions gave."""

import dataclasses
import json
from types import SimpleNamespace

import pytest

from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.resolution import resolved_generator
from gansynth_isa.derived import resolve_features
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import ExperimentConfig, experiment_ids
from gansynth_isa.experiments.experiment import open_experiment

CLIPS = SimpleNamespace(fingerprint=lambda: {"sha256": "0" * 64})
FOLDER = ("--dataset=folder", "--clip_seconds=1")


def name_of(*arguments):
    options = parse_options(["command", *arguments], "does something")
    features = resolve_features(options.data, options.features)
    generators = {"gansynth": resolved_generator(options, "gansynth", options.data, features)}
    config = ExperimentConfig(options.data, features, generators, options.classifier, options.grid, options.seeds)
    return experiment_ids(config, CLIPS)[0]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("--dataset=pucks",), "f23a67d4c33d"),
        (("--dataset=mb",), "edd55aedddf3"),
        (
            ("--flagfile=flags/pucks_two_cores.flags", "--flagfile=flags/as_published.flags", "--real_share=union"),
            "5c85586029bb",
        ),
        (
            ("--flagfile=flags/mb_two_cores.flags", "--flagfile=flags/as_published.flags", "--real_share=union"),
            "29b27e39ec00",
        ),
        (("--flagfile=flags/bulk_material.flags", "--flagfile=flags/as_published.flags"), "95bbbea34b76"),
        (FOLDER, "e84a3feedf4a"),
        ((*FOLDER, "--real_share=0"), "29dec7b11bf4"),
        ((*FOLDER, "--real_share=union"), "29dec7b11bf4"),
        ((*FOLDER, "--real_share=0.5"), "e6bafe01a822"),
    ],
)
def test_experiment_keeps_the_name_that_earlier_versions_gave_it(arguments, name, repository, monkeypatch):
    monkeypatch.chdir(repository)
    assert name_of(*arguments) == name


@pytest.mark.parametrize(("dataset", "decide_per"), [("pucks", "clip"), ("mb", "recording")])
def test_experiment_that_decides_otherwise_has_another_name(dataset, decide_per):
    usual = f"--dataset={dataset}"
    assert name_of(usual) != name_of(usual, f"--decide_per={decide_per}")


def test_experiment_on_pucks_of_an_earlier_version_is_continued_if_it_decides_per_recording(
    tiny_experiment, clips, tmp_path
):
    data = dataclasses.replace(tiny_experiment.data, dataset="pucks")
    classifier = dataclasses.replace(tiny_experiment.classifier, real_share="union", decide_per="recording")
    config = dataclasses.replace(tiny_experiment, data=data, classifier=classifier)
    opened = open_experiment(config, clips, tmp_path)
    (path,) = tmp_path.iterdir()
    description = json.loads(path.read_text())
    del description["configuration"]["classifier"]["decide_per"]
    description["configuration"]["classifier"]["real_share"] = 0.0
    path.write_text(json.dumps(description))
    assert ExperimentConfig.from_dict(description["configuration"]) == config
    assert open_experiment(config, clips, tmp_path).identity == opened.identity
    path.write_text(json.dumps(description))
    per_clip = dataclasses.replace(config, classifier=dataclasses.replace(classifier, decide_per="clip"))
    with pytest.raises(InputError, match=r"another experiment \(decide_per: recording -> clip\)"):
        open_experiment(per_clip, clips, tmp_path)
