"""The programs in docs/from_python.md run, and do what the page says."""

import importlib.util
import re

import numpy as np
import pytest

import gansynth_isa as isa
from gansynth_isa.generators import registry

SMALL_COMPARISON = {
    "isa.ClassifierConfig(method=method)": "isa.ClassifierConfig("
    "method=method, classifier='three_layer', classifier_batch_size=8, classifier_epochs=2)"
}
SMALL_CHOICE = {"classifier_steps=600": "classifier_steps=5, auto_minutes=0.01"}
SMALL_GAN = {
    "num_images=3000": "num_images=8",
    "num_resolutions=3": "num_resolutions=1",
    "fmap_max=64": "fmap_max=2",
    "samples_per_class=200": "samples_per_class=2",
    'method="gan"': "method='gan', classifier='three_layer', classifier_steps=2",
}


def test_example_has_at_most_20_lines(program):
    assert len(program("import gansynth_isa", {}).splitlines()) <= 20


def test_example_cuts_and_splits_the_recordings(example):
    clips = example["clips"]
    assert clips.train.counts() == clips.test.counts() == {"high": 4, "low": 4}
    assert clips.train.spectrograms.shape == (8, 32, 128, 1)
    assert {path.split("/")[0] for path in clips.train.recordings} == {"train"}
    assert re.search(r"^low +4 +4$", example["printed"][0], re.MULTILINE)


def test_example_makes_labelled_clips_that_are_like_their_class(example):
    clips, synthetic = example["clips"].train, example["synthetic"]
    assert synthetic.spectrograms.shape == (16, 32, 128, 1)
    assert synthetic.spectrograms.dtype == np.float32
    assert synthetic.labels.tolist() == [0, 1] * 8
    means = [clips.spectrograms[clips.labels == label].mean(axis=0) for label in (0, 1)]
    distances = [[np.abs(clip - mean).mean() for mean in means] for clip in synthetic.spectrograms]
    assert np.argmin(distances, axis=1).tolist() == synthetic.labels.tolist()


def test_example_predicts_the_class_of_the_new_recording(example):
    prediction = example["prediction"]
    assert prediction.class_names == ("high", "low")
    assert prediction.class_name == "low"
    assert prediction.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert [clip.start_s for clip in prediction.clips] == [0.0, 0.4]
    assert example["classifier"].result["counts"]["synthetic"] == {"high": 8, "low": 8}


def test_example_gives_the_accuracy_on_the_test_side(example):
    clips, classifier = example["clips"], example["classifier"]
    decided = classifier.probabilities(clips.test.spectrograms).argmax(axis=1)
    assert classifier.result["accuracy"] == np.mean(decided == clips.test.labels) > 0.5
    assert example["printed"][2] == f"accuracy on the test side: {classifier.result['accuracy']}"


def test_example_writes_nothing_and_prints_its_own_lines_alone(example, working):
    assert {path.name for path in working.iterdir()} <= {"RECORDINGS", "new.wav"}
    assert len(example["printed"]) == 4


def test_documented_comparison_gives_every_method_the_steps_of_the_longest(example, program):
    printed = []
    text = program("for method in", SMALL_COMPARISON)
    exec(text, {**example, "print": lambda *values: printed.append(values)})
    # 8 real and 16 synthetic clips are 3 batches of 8, shown twice.
    assert [(method, steps) for method, _, steps in printed] == [
        ("baseline", 6), ("augmented", 6), ("gan", 6), ("gan_augmented", 6),
    ]  # fmt: skip


def test_documented_choice_without_time_takes_its_default_and_tests_it(example, program):
    printed = []
    names = {**example, "print": lambda *values: printed.append(" ".join(map(str, values)))}
    exec(program("settings = isa.ClassifierConfig(augmented_clips", SMALL_CHOICE), names)
    (plan, accuracy), result = printed, names["classifier"].result
    assert plan.startswith(f"auto: takes {result['choice']['chosen']} (") and "--auto_minutes is 0.01" in plan
    assert accuracy == f"accuracy on the test side: {result['accuracy']}"
    assert names["classifier"].class_names == ("high", "low")


@pytest.mark.slow
def test_documented_gan_and_classifier_are_kept_in_folders(example, program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = []
    names = {**example, "print": lines.append}
    exec(program("gan = isa.GansynthConfig(", SMALL_GAN), names)
    assert (tmp_path / "GAN" / "log.txt").is_file()
    assert any("finished, 8 images" in line for line in lines)
    again = isa.generate_clips(names["generator"], samples_per_class=2)
    assert np.array_equal(again.spectrograms, names["synthetic"].spectrograms)
    assert names["classifier"].result["configuration"]["method"] == "gan"


def jitter_module(program, folder):
    """The documented kind of generator, imported as a module of its own."""
    path = folder / "jitter.py"
    path.write_text(program("from dataclasses", {}), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("jitter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_documented_kind_of_generator_is_known_and_keeps_the_promises_of_one(example, program, tmp_path):
    jitter = jitter_module(program, tmp_path)
    try:
        clips = example["clips"]
        generator = isa.train_generator(clips, "jitter", jitter.JitterConfig(jitter_level=0.5), folder=tmp_path / "run")
        made = isa.generate_clips(isa.load_generator(tmp_path / "run"), samples_per_class=50)
    finally:
        registry._registered.pop("jitter")
    labels = np.array([0, 1, 1, 0, 1])
    assert np.array_equal(generator.clips(labels, 3)[2:], generator.clips(labels[2:], 3, first=2))
    mean = clips.train.spectrograms[clips.train.labels == 1].mean(axis=0)
    noise = made.spectrograms[made.labels == 1] - mean
    assert noise.std() == pytest.approx(0.5, rel=0.02)
    assert made.metadata["generator"] == "jitter"
