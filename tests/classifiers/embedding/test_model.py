"""Models of three forms give the same vectors; models of other inputs are refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers.embedding.model import choose_output, load_waveform_model
from gansynth_isa.errors import InputError

WAVEFORM = np.random.default_rng(0).normal(0.0, 0.1, 800).astype(np.float32)


def test_saved_model_gives_the_vectors_of_its_embedding_output(saved_model, frame_values):
    model = load_waveform_model(saved_model)
    assert model.num_samples is None
    np.testing.assert_allclose(model.vectors(WAVEFORM), frame_values(WAVEFORM), rtol=1e-5)


def test_other_output_can_be_asked_for(saved_model, frame_values):
    vectors = load_waveform_model(saved_model, "scores").vectors(WAVEFORM)
    np.testing.assert_allclose(vectors, frame_values(WAVEFORM)[:, :2], rtol=1e-5)


def test_litert_file_gives_the_same_vectors_and_knows_its_length(litert_file, frame_values):
    model = load_waveform_model(litert_file)
    assert model.num_samples == 800
    for waveform in (WAVEFORM, -0.5 * WAVEFORM[::-1]):
        np.testing.assert_allclose(model.vectors(waveform), frame_values(waveform), rtol=1e-5)


def test_litert_file_of_any_length_takes_several(tmp_path, of_spec):
    function = of_spec((1, None), body=lambda waveform: tf.reduce_max(waveform, axis=-1, keepdims=True))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()])
    (tmp_path / "m.tflite").write_bytes(converter.convert())
    model = load_waveform_model(tmp_path / "m.tflite")
    assert model.num_samples is None
    for length in (800, 30, 800):
        assert model.vectors(WAVEFORM[:length]).tolist() == [[WAVEFORM[:length].max()]]


def test_keras_file_gives_one_vector(tmp_path, save):
    inputs = keras.Input((800,))
    model = keras.Model(inputs, keras.layers.Dense(4)(inputs))
    model.save(tmp_path / "m.keras")
    loaded = load_waveform_model(tmp_path / "m.keras")
    weights, biases = model.get_weights()
    np.testing.assert_allclose(loaded.vectors(WAVEFORM), [WAVEFORM @ weights + biases], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("shape", "dtype", "message"),
    [
        ((None, None, 1), tf.float32, r"expected an input \(samples,\) or \(batch, samples\), got one of shape \(any"),
        ((), tf.float32, r"got one of shape \(\)"),
        ((8, 800), tf.float32, r"got one of shape \(8, 800\)"),
        (None, tf.float32, "got one of shape unknown"),
        ((None,), tf.float64, "expected a waveform of float32, got an input of float64"),
        ((None,), tf.int16, "expected a waveform of float32, got an input of int16"),
        ((None, 1), tf.float32, r"got an input of 1 sample"),
    ],
)
def test_saved_model_of_another_input_is_refused(tmp_path, shape, dtype, message, of_spec, save):
    save(of_spec(shape, dtype, lambda waveform: {"vector": tf.identity(waveform)}), tmp_path / "m")
    with pytest.raises(InputError, match=f"embedding_model: .*{message}"):
        load_waveform_model(tmp_path / "m")


def test_saved_model_of_two_inputs_is_refused(tmp_path, save):
    spec = tf.TensorSpec((None,), tf.float32)
    save(tf.function(lambda a, rate: {"vector": a * rate}, input_signature=[spec, spec]), tmp_path / "m")
    with pytest.raises(InputError, match=r"expected one input, a mono waveform, got 2 \(a, rate\)"):
        load_waveform_model(tmp_path / "m")


def test_saved_model_without_signatures_is_refused(tmp_path, save):
    tf.saved_model.save(tf.Module(), str(tmp_path / "m"))
    with pytest.raises(InputError, match="expected one signature, or one named serving_default, found none"):
        load_waveform_model(tmp_path / "m")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (lambda waveform: waveform[tf.newaxis, tf.newaxis, tf.newaxis], "a vector per frame, got an output of shape"),
        (lambda waveform: tf.reduce_sum(waveform), "a vector per frame, got an output of shape"),
        (lambda waveform: tf.math.log(waveform * 0.0), "expected finite values"),
        (lambda waveform: tf.cast(waveform, tf.int32), "expected an output of floats, got int32"),
        (lambda waveform: tf.reshape(waveform, (7, -1)), r"the model fails on 800 samples .*embedding_seconds"),
    ],
)
def test_output_that_is_no_vector_is_refused(tmp_path, body, message, of_spec, save):
    save(of_spec((None,), body=lambda waveform: {"vector": body(waveform)}), tmp_path / "m")
    model = load_waveform_model(tmp_path / "m")
    with pytest.raises(InputError, match=message):
        model.vectors(WAVEFORM)


def test_output_is_chosen_by_name_or_refused():
    assert choose_output(["a"], None) == "a"
    assert choose_output(["scores", "Embeddings"], None) == "Embeddings"
    assert choose_output(["a", "b"], "b") == "b"
    with pytest.raises(InputError, match="embedding_output: expected the name of one of the outputs a, b, got nothing"):
        choose_output(["a", "b"], None)
    with pytest.raises(InputError, match="embedding_output: expected one of a, b, got 'c'"):
        choose_output(["a", "b"], "c")
