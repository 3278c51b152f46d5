"""Experiments of earlier versions keep their names and are continued; expected names are what those versions gave."""

import dataclasses
import json
from types import SimpleNamespace

import pytest

from gansynth_isa.cli.options import parse_options
from gansynth_isa.derived import resolve
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.experiment import ExperimentConfig, experiment_id, open_experiment, stored_config

CLIPS = SimpleNamespace(fingerprint=lambda: {"sha256": "0" * 64})
FOLDER = ("--dataset=folder", "--clip_seconds=1")


def parse(*arguments):
    options = parse_options(["command", *arguments], "does something")
    return ExperimentConfig(gan=resolve(options.gan), classifier=options.classifier, grid=options.grid)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("--dataset=pucks",), "f23a67d4c33d"),
        (("--dataset=mb",), "edd55aedddf3"),
        (("--flagfile=flags/pucks_two_cores.flags",), "5c85586029bb"),
        (("--flagfile=flags/mb_two_cores.flags",), "29b27e39ec00"),
        (("--flagfile=flags/bulk_material.flags",), "95bbbea34b76"),
        (FOLDER, "e84a3feedf4a"),
        ((*FOLDER, "--real_share=0"), "29dec7b11bf4"),
        ((*FOLDER, "--real_share=union"), "29dec7b11bf4"),
        ((*FOLDER, "--real_share=0.5"), "e6bafe01a822"),
    ],
)
def test_experiment_keeps_the_name_that_earlier_versions_gave_it(arguments, name, repository, monkeypatch):
    monkeypatch.chdir(repository)
    assert experiment_id(parse(*arguments), CLIPS) == name


@pytest.mark.parametrize(("dataset", "decide_per"), [("pucks", "clip"), ("mb", "recording")])
def test_experiment_that_decides_otherwise_has_another_name(dataset, decide_per):
    usual, other = parse(f"--dataset={dataset}"), parse(f"--dataset={dataset}", f"--decide_per={decide_per}")
    assert experiment_id(usual, CLIPS) != experiment_id(other, CLIPS)


def test_experiment_on_pucks_of_an_earlier_version_is_continued_if_it_decides_per_recording(
    tiny_experiment, clips, tmp_path
):
    data = dataclasses.replace(tiny_experiment.gan.data, dataset="pucks")
    classifier = dataclasses.replace(tiny_experiment.classifier, real_share="union", decide_per="recording")
    gan = dataclasses.replace(tiny_experiment.gan, data=data)
    config = dataclasses.replace(tiny_experiment, gan=gan, classifier=classifier)
    opened = open_experiment(config, clips, tmp_path)
    path = tmp_path / "experiment.json"
    description = json.loads(path.read_text())
    del description["configuration"]["classifier"]["decide_per"]
    description["configuration"]["classifier"]["real_share"] = 0.0
    path.write_text(json.dumps(description))
    assert stored_config(description) == config
    assert open_experiment(config, clips, tmp_path).identity == opened.identity
    path.write_text(json.dumps(description))
    per_clip = dataclasses.replace(config, classifier=dataclasses.replace(classifier, decide_per="clip"))
    with pytest.raises(InputError, match=r"another experiment \(decide_per: recording -> clip\)"):
        open_experiment(per_clip, clips, tmp_path)
