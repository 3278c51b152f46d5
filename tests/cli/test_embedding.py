"""A classifier of embeddings through the commands."""

import json
import shutil

import numpy as np
import pytest
import soundfile
import tensorflow as tf

from gansynth_isa.cli import classify, evaluate, experiment, export, predict
from gansynth_isa.cli.runtime import run_command

SIZE = ("--sample_rate=8000", "--clip_seconds=0.1", "--fft_length=128", "--hop_length=64", "--mel_bins=8")
PATTERN = "--file_pattern=(?P<label>[^/]+)/(?P<group>[0-9])_[^/]+$"


class Levels(tf.Module):
    """(batch, samples) -> (batch, 2): level of the waveform and of its differences."""

    @tf.function(input_signature=[tf.TensorSpec((None, None), tf.float32, name="waveform")])
    def __call__(self, waveform):
        parts = (waveform, waveform[:, 1:] - waveform[:, :-1])
        return {"levels": tf.stack([tf.math.log(tf.reduce_mean(part**2, axis=1) + 1e-9) for part in parts], axis=1)}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder, module = tmp_path_factory.mktemp("models") / "levels", Levels()
    tf.saved_model.save(module, str(folder), signatures=module.__call__)
    return folder


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    for number, label in enumerate(("rough", "smooth")):
        (folder / label).mkdir()
        for index in range(6):
            noise = np.random.default_rng(10 * number + index).normal(0.0, 0.1, 1600)
            sound = noise if label == "rough" else np.convolve(noise, np.ones(8) / 8, "same")
            soundfile.write(folder / label / f"{index % 3}_{index}.wav", sound, 8000)
    return folder


@pytest.fixture
def flags(recordings, model, tmp_path):
    settings = ("--classifier=embedding", f"--embedding_model={model}", "--embedding_sample_rate=8000")
    return (*SIZE, PATTERN, f"--data_dir={recordings}", f"--feature_cache_dir={tmp_path / 'cache'}", *settings)


@pytest.fixture
def classifier(flags, tmp_path):
    arguments = ["classify", *flags, "--test_groups=0", f"--output_dir={tmp_path / 'C'}"]
    assert run_command(classify.main, arguments) == 0
    return tmp_path / "C"


def one_error(capfd):
    error = capfd.readouterr().err
    assert error.startswith("error: ") and error.count("\n") == 1
    return error


def asked(classifier, recordings, capfd, *arguments):
    capfd.readouterr()
    files = [str(recordings / "rough" / "0_0.wav"), str(recordings / "smooth" / "0_0.wav")]
    assert run_command(predict.main, ["predict", f"--model={classifier}", "--json", *arguments, *files]) == 0
    return [answer["class"] for answer in json.loads(capfd.readouterr().out)["predictions"]]


def test_classifier_tells_rough_from_smooth_and_keeps_the_checksum_of_its_model(classifier, flags, tmp_path, capfd):
    result = json.loads((classifier / "result.json").read_text())
    assert result["accuracy"] == 1.0 and result["steps"] == 0
    assert len(result["configuration"]["embedding_sha256"]) == 64
    capfd.readouterr()
    assert run_command(classify.main, ["classify", *flags, "--test_groups=0", f"--output_dir={classifier}"]) == 0
    assert "finished, nothing to do" in capfd.readouterr().out
    other = [*flags, "--test_groups=0", f"--output_dir={classifier}", "--embedding_head=logistic"]
    assert run_command(classify.main, ["classify", *other]) == 2
    assert "embedding_head: discriminant -> logistic" in one_error(capfd)


def test_trained_and_exported_classifier_answer_with_the_model_and_refuse_another(
    classifier, recordings, model, tmp_path, capfd
):
    assert asked(classifier, recordings, capfd) == ["rough", "smooth"]
    arguments = (f"--classifier_dir={classifier}", f"--export_dir={tmp_path / 'X'}")
    assert run_command(export.main, ["export", *arguments, "--format=keras"]) == 0
    assert "which is not part of this one" in (tmp_path / "X" / "MODEL_CARD.md").read_text()
    assert str(model) not in (tmp_path / "X" / "export.json").read_text()
    moved = tmp_path / "moved"
    shutil.copytree(model, moved)
    assert asked(tmp_path / "X", recordings, capfd, f"--embedding_model={moved}") == ["rough", "smooth"]
    file = str(recordings / "rough" / "0_0.wav")
    assert run_command(predict.main, ["predict", f"--model={tmp_path / 'X'}", file]) == 2
    assert "embedding_model: expected a SavedModel" in one_error(capfd)
    (moved / "variables" / "more").write_bytes(b"other")
    for folder in (classifier, tmp_path / "X"):
        assert run_command(predict.main, ["predict", f"--model={folder}", f"--embedding_model={moved}", file]) == 2
        assert "embedding_model: expected the model with the checksum" in one_error(capfd)


@pytest.mark.parametrize("form", ["saved_model", "litert"])
def test_export_that_would_have_to_hold_the_model_is_refused(classifier, tmp_path, capfd, form):
    arguments = (f"--classifier_dir={classifier}", f"--export_dir={tmp_path / 'X'}", f"--format={form}")
    capfd.readouterr()
    assert run_command(export.main, ["export", *arguments]) == 2
    assert "format: expected keras for a classifier of embeddings" in one_error(capfd)
    assert not (tmp_path / "X").exists()


# Other processes start slowly.
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_experiment_has_rows_of_every_fold(flags, tmp_path, jobs):
    grid = ("--folds=group", "--levels=2", "--methods=baseline", "--trials=1", f"--jobs={jobs}")
    assert run_command(experiment.main, ["experiment", *flags, *grid, f"--output_dir={tmp_path / 'E'}"]) == 0
    rows = [json.loads(line) for line in (tmp_path / "E" / "results.jsonl").read_text().splitlines()]
    assert sorted((row["fold"], row["accuracy"]) for row in rows) == [("0", 1.0), ("1", 1.0), ("2", 1.0)]


@pytest.mark.parametrize(
    ("module", "arguments", "message"),
    [
        (classify, ("--method=augmented",), "method: expected baseline"),
        (classify, ("--method=gan", "--synthetic_dir=S"), "method: expected baseline"),
        (classify, ("--embedding_model=",), "embedding_model: expected a SavedModel"),
        (classify, ("--embedding_model=/missing",), "/missing does not exist"),
        (classify, ("--embedding_head=linear",), "embedding_head: expected one of discriminant, logistic"),
        (classify, ("--embedding_sha256=00",), "expected the model with the checksum 00"),
        (experiment, ("--levels=2", "--methods=baseline,gan"), "methods: expected baseline alone"),
        (experiment, ("--levels=2", "--methods=baseline", "--embedding_model=/missing"), "/missing does not exist"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(flags, tmp_path, capfd, module, arguments, message):
    split = () if module is experiment else ("--test_groups=0",)
    run = [module.__name__, *flags, *split, *arguments, f"--output_dir={tmp_path / 'new'}"]
    assert run_command(module.main, run) == 2
    assert message in one_error(capfd)
    assert not (tmp_path / "new").exists()


def test_evaluation_of_synthetic_clips_refuses_a_classifier_of_embeddings(flags, tmp_path, capfd):
    assert run_command(evaluate.main, ["evaluate", *flags, "--test_groups=0", f"--synthetic_dir={tmp_path}"]) == 2
    one_error(capfd)
