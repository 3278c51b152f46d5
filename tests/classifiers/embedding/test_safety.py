"""Models with code in them are refused before anything is loaded."""

import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers.embedding.model import load_waveform_model
from gansynth_isa.classifiers.embedding.safety import check_safe, model_sha256
from gansynth_isa.errors import InputError


@pytest.fixture
def nothing_is_loaded(monkeypatch):
    """Whatever loads a model fails the test."""

    def load(*arguments, **options):
        raise AssertionError("something was loaded")

    monkeypatch.setattr(tf.saved_model, "load", load)
    monkeypatch.setattr(keras.models, "load_model", load)
    monkeypatch.setattr(tf.lite, "Interpreter", load)


def numpy_function(waveform):
    return tf.ensure_shape(tf.numpy_function(np.abs, [waveform], tf.float32), (None,))


def py_function(waveform):
    return tf.ensure_shape(tf.py_function(tf.abs, [waveform], tf.float32), (None,))


inner = tf.function(numpy_function)


def in_a_function_of_a_branch(waveform):
    return tf.cond(tf.size(waveform) > 3, lambda: inner(waveform), lambda: waveform)


@pytest.mark.parametrize("body", [numpy_function, py_function, in_a_function_of_a_branch])
def test_saved_model_that_calls_python_is_refused_before_it_is_loaded(body, tmp_path, nothing_is_loaded, of_spec, save):
    save(of_spec((None,), body=lambda waveform: {"vector": body(waveform)}), tmp_path / "m")
    with pytest.raises(InputError, match="expected a model without Python code, but .* calls (Eager)?PyFunc"):
        load_waveform_model(tmp_path / "m")


def test_saved_model_that_reads_or_writes_files_is_refused(tmp_path, nothing_is_loaded, of_spec, save):
    def body(waveform):
        with tf.control_dependencies([tf.io.write_file("/tmp/never", "x")]):
            return {"vector": tf.identity(waveform)}

    save(of_spec((None,), body=body), tmp_path / "m")
    with pytest.raises(InputError, match="touches no files, but .* calls WriteFile"):
        load_waveform_model(tmp_path / "m")


@pytest.mark.parametrize("name", ["saved_model.pbtxt", "saved_model.cpb"])
def test_second_description_that_could_be_loaded_instead_is_refused(saved_model, tmp_path, name):
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes((saved_model / "saved_model.pb").read_bytes())
    check_safe(folder)
    (folder / name).touch()
    with pytest.raises(InputError, match=f"found {name} too"):
        check_safe(folder)


def test_keras_file_with_a_lambda_is_refused_before_it_is_loaded(tmp_path, nothing_is_loaded, save):
    inputs = keras.Input((800,))
    inner_model = keras.Sequential([keras.layers.Lambda(lambda x: x * 2)])
    keras.Model(inputs, keras.layers.Dense(2)(inner_model(inputs))).save(tmp_path / "m.keras")
    with pytest.raises(InputError, match="expected a model without Python code, but .* has the layer .*ambda"):
        load_waveform_model(tmp_path / "m.keras")


def test_litert_file_that_names_python_is_refused_before_it_is_loaded(litert_file, tmp_path, nothing_is_loaded):
    (tmp_path / "m.tflite").write_bytes(litert_file.read_bytes() + b"FlexPyFunc\0")
    with pytest.raises(InputError, match="expected a model without Python code"):
        load_waveform_model(tmp_path / "m.tflite")


@pytest.mark.parametrize("name", ["missing", "empty", "file.pt", "zip.keras", "text.keras", "text.tflite", "damaged"])
def test_file_that_is_no_model_is_refused(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "saved_model.pb").write_bytes(b"\xff" * 100)
    for text in ("file.pt", "text.keras", "text.tflite"):
        (tmp_path / text).write_text("no model")
    with zipfile.ZipFile(tmp_path / "zip.keras", "w") as archive:
        archive.writestr("other.json", "{}")
    with pytest.raises(InputError, match="embedding_model: "):
        check_safe(tmp_path / name)


def test_checksum_follows_the_content_alone(saved_model, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "saved_model.pb").write_bytes((saved_model / "saved_model.pb").read_bytes())
    (tmp_path / "b" / "fingerprint.pb").write_bytes(b"the time")
    assert model_sha256(tmp_path / "a") == model_sha256(tmp_path / "b")
    (tmp_path / "b" / "variables").mkdir()
    (tmp_path / "b" / "variables" / "x").write_bytes(b"weights")
    assert model_sha256(tmp_path / "a") != model_sha256(tmp_path / "b")
