"""What the functions for programs give: the same as the commands, quietly, and one line where something is wrong."""

import dataclasses
import json

import numpy as np
import pytest

import gansynth_isa as isa
from gansynth_isa.cli import generate, predict
from gansynth_isa.cli.runtime import run_command


def test_generated_clips_are_those_that_the_command_writes(example, tmp_path):
    generator = isa.train_generator(example["clips"], "gaussian", isa.GaussianConfig(), 5, folder=tmp_path / "run")
    flags = (f"--train_root_dir={tmp_path}/run", f"--output_dir={tmp_path}/clips", "--seed=3", "--samples_per_class=20")
    assert run_command(generate.main, ["generate", *flags]) == 0
    written, made = isa.read_synthetic(tmp_path / "clips"), isa.generate_clips(generator, 20, seed=3)
    assert np.array_equal(written.spectrograms, made.spectrograms)
    assert np.array_equal(written.labels, made.labels)
    assert made.metadata == {name: written.metadata[name] for name in made.metadata}


def test_matched_clips_are_those_that_the_command_writes(example, tmp_path):
    generator = isa.train_generator(example["clips"], "gaussian", isa.GaussianConfig(), 5, folder=tmp_path / "run")
    flags = (f"--train_root_dir={tmp_path}/run", f"--output_dir={tmp_path}/clips", "--samples_per_class=20")
    assert run_command(generate.main, ["generate", *flags, "--match_moments=class"]) == 0
    written, made = isa.read_synthetic(tmp_path / "clips"), isa.generate_clips(generator, 20, match_moments="class")
    assert np.array_equal(written.spectrograms, made.spectrograms)
    assert written.metadata["match_moments"] == made.metadata["match_moments"] == "class"
    assert not np.array_equal(made.spectrograms, isa.generate_clips(generator, 20).spectrograms)


def test_classifier_of_a_folder_is_not_trained_again_and_is_that_of_the_commands(example, tmp_path, capsys):
    settings = isa.ClassifierConfig(classifier="three_layer", classifier_steps=3)
    first = isa.train_classifier(example["clips"], settings, folder=tmp_path / "C")
    written = (tmp_path / "C" / "model.keras").stat().st_mtime_ns
    second = isa.train_classifier(example["clips"], settings, folder=tmp_path / "C")
    assert (tmp_path / "C" / "model.keras").stat().st_mtime_ns == written
    spectrograms = example["clips"].test.spectrograms
    assert np.array_equal(first.probabilities(spectrograms), second.probabilities(spectrograms))
    capsys.readouterr()
    assert run_command(predict.main, ["predict", f"--model={tmp_path}/C", "--json", "new.wav"]) == 0
    answer = json.loads(capsys.readouterr().out)["predictions"][0]
    assert answer == isa.predict(second, "new.wav").to_dict(with_clips=False)
    with pytest.raises(isa.InputError, match="holds another classifier"):
        isa.train_classifier(example["clips"], dataclasses.replace(settings, trial_seed=1), folder=tmp_path / "C")


def test_classifier_of_every_kind_predicts_recordings(example):
    clips = example["clips"]
    always_low = isa.RecordingClassifier(
        clips.class_names,
        clips.data,
        clips.features,
        lambda x: np.tile([0.25, 0.75], (len(x), 1)),
    )
    assert isa.predict(always_low, "new.wav").probabilities.tolist() == [0.25, 0.75]


def test_clips_are_thinned_out_as_the_settings_say(example):
    data = dataclasses.replace(example["data"], clips_per_class=1)
    clips = isa.load_clips(data, isa.FeatureConfig(mel_bins=16, fft_length=256, hop_length=128))
    assert clips.train.counts() == {"high": 1, "low": 1}
    assert len(clips.test) == 8


def test_report_gets_the_lines_of_the_command_and_is_quiet_without(example, tmp_path, capsys):
    lines = []
    isa.train_generator(example["clips"], "gaussian", folder=tmp_path / "a", report=lines.append)
    assert capsys.readouterr().out == ""
    assert len(lines) == 1 and "components to 8 clips" in lines[0]
    isa.train_generator(example["clips"], "gaussian", folder=tmp_path / "b")
    assert capsys.readouterr() == ("", "")


def test_kept_clips_are_those_that_the_command_writes(example, tmp_path):
    generator = isa.train_generator(example["clips"], "gaussian", isa.GaussianConfig(), 5, folder=tmp_path / "run")
    flags = (f"--train_root_dir={tmp_path}/run", f"--output_dir={tmp_path}/clips", "--samples_per_class=20")
    assert run_command(generate.main, ["generate", *flags, "--keep=confident"]) == 0
    made = isa.generate_clips(generator, 20, keep="confident", clips=example["clips"])
    written = isa.read_synthetic(tmp_path / "clips")
    assert np.array_equal(written.spectrograms, made.spectrograms)
    assert written.metadata["kept"] == made.metadata["kept"] and set(made.metadata["kept"]) == {"high", "low"}


BAD = {
    "clips: expected those that the generator was trained on, for keep='agreed'": lambda names: isa.generate_clips(
        names["generator"], 1, keep="agreed"
    ),
    "data_dir: expected the 8 clips that the generator was trained on, got 7 others": lambda names: isa.generate_clips(
        names["generator"],
        1,
        keep="agreed",
        clips=dataclasses.replace(names["clips"], train=names["clips"].train.select(range(7))),
    ),
    "keep: expected one of none, agreed, confident, got 'agree'; did you mean 'agreed'?": lambda names: (
        isa.generate_clips(names["generator"], 1, keep="agree")
    ),
    "data: expected DataConfig, got str 'RECORDINGS'": lambda names: isa.load_clips("RECORDINGS"),
    "data_dir: expected a folder with recordings, but NONE does not exist": lambda names: isa.load_clips(
        isa.DataConfig(data_dir="NONE")
    ),
    "clip_seconds: expected more than 0, got -1": lambda names: isa.DataConfig(clip_seconds=-1),
    "kind: expected one of gansynth, gaussian": lambda names: isa.train_generator(names["clips"], "gausian"),
    "settings: expected GaussianConfig, got FeatureConfig": lambda names: isa.train_generator(
        names["clips"], "gaussian", isa.FeatureConfig()
    ),
    "seed: expected at least 0, got -1": lambda names: isa.generate_clips(names["generator"], 1, seed=-1),
    "samples_per_class: expected at least 1, got 0": lambda names: isa.generate_clips(names["generator"], 0),
    "classes: expected some of high, low, got 'lo'; did you mean 'low'?": lambda names: isa.generate_clips(
        names["generator"], 1, ["lo"]
    ),
    "match_moments: expected one of none, overall, class, got 'clas'; did you mean 'class'?": lambda names: (
        isa.generate_clips(names["generator"], 1, match_moments="clas")
    ),
    "classes: expected a list of names, got 'low'": lambda names: isa.generate_clips(names["generator"], 1, "low"),
    "NONE: expected the folder of a trained generator, but it has no experiment.json": lambda names: isa.load_generator(
        "NONE"
    ),
    "method: gan expects synthetic clips, got none": lambda names: isa.train_classifier(
        names["clips"], isa.ClassifierConfig(method="gan")
    ),
    "synthetic: expected SyntheticClips, got ClipSet": lambda names: isa.train_classifier(
        names["clips"], isa.ClassifierConfig(method="gan"), names["clips"].train
    ),
    "NONE: expected the folder of a trained or exported classifier": lambda names: isa.load_classifier("NONE"),
    "none.wav: ": lambda names: isa.predict(names["classifier"], "none.wav"),
}


@pytest.mark.parametrize(("message", "call"), BAD.items(), ids=list(BAD))
def test_bad_input_raises_input_error_with_one_line(example, message, call):
    with pytest.raises(isa.InputError) as caught:
        call(example)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_misspelt_kind_is_offered_the_right_one(example):
    with pytest.raises(isa.InputError, match="got 'gausian'; did you mean 'gaussian'"):
        isa.train_generator(example["clips"], "gausian")


def test_classifier_refuses_clips_of_a_generator_that_has_seen_test_recordings(example):
    everything = dataclasses.replace(example["data"], file_pattern=r"(?P<label>\w+)/\d.wav$")
    clips = isa.load_clips(everything, isa.FeatureConfig(mel_bins=128))
    assert (len(clips.train), len(clips.test)) == (16, 0)
    dishonest = isa.generate_clips(isa.train_generator(clips, "gaussian"), 2)
    with pytest.raises(isa.InputError, match="has seen no test file, but it was trained on test/high/0.wav and 3 more"):
        isa.train_classifier(example["clips"], isa.ClassifierConfig(method="gan"), dishonest)


def test_seed_within_the_settings_of_a_generator_is_refused(example):
    settings = isa.GansynthConfig(training=isa.TrainingConfig(seed=5))
    with pytest.raises(isa.InputError, match="seed: expected it as an argument of train_generator alone, got 5"):
        isa.train_generator(example["clips"], "gansynth", settings)
