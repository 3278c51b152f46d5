"""Small models that map a waveform to vectors, as a user may bring them."""

import numpy as np
import pytest
import tensorflow as tf

FRAME = 100


def frame_values(waveform: np.ndarray) -> np.ndarray:
    """What the models give, by NumPy: mean, largest and rms magnitude of every whole frame of 100 samples."""
    frames = np.abs(waveform[: len(waveform) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64))
    return np.stack([frames.mean(axis=1), frames.max(axis=1), np.sqrt((frames**2).mean(axis=1))], axis=1)


def values_of(frames):
    magnitudes = tf.abs(frames)
    rms = tf.sqrt(tf.reduce_mean(tf.square(frames), axis=-1))
    return tf.stack([tf.reduce_mean(magnitudes, axis=-1), tf.reduce_max(magnitudes, axis=-1), rms], axis=-1)


class FrameModel(tf.Module):
    """(samples,) -> scores (frames, 2), embeddings (frames, 3): an interface as YAMNet's."""

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.float32, name="waveform")])
    def __call__(self, waveform):
        embeddings = values_of(tf.signal.frame(waveform, FRAME, FRAME))
        return {"scores": embeddings[:, :2], "embeddings": embeddings}


def save(function, folder):
    """A SavedModel of one function of the input that its signature says."""
    module = tf.Module()
    module.function = function
    tf.saved_model.save(module, str(folder), signatures=function)
    return folder


def of_spec(shape, dtype=tf.float32, body=tf.identity):
    """A function of one input of a shape."""
    return tf.function(body, input_signature=[tf.TensorSpec(shape, dtype, name="waveform")])


@pytest.fixture(name="frame_values")
def frame_values_fixture():
    return frame_values


@pytest.fixture(name="of_spec")
def of_spec_fixture():
    return of_spec


@pytest.fixture(name="save")
def save_fixture():
    return save


@pytest.fixture(scope="session")
def saved_model(tmp_path_factory):
    """The folder of a `FrameModel`."""
    folder = tmp_path_factory.mktemp("models") / "frames"
    module = FrameModel()
    tf.saved_model.save(module, str(folder), signatures=module.__call__)
    return folder


@pytest.fixture(scope="session")
def litert_file(tmp_path_factory):
    """A LiteRT file (1, 800) -> (8, 3)."""
    function = of_spec((1, 800), body=lambda waveform: values_of(tf.reshape(waveform, (8, FRAME))))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()])
    path = tmp_path_factory.mktemp("models") / "frames.tflite"
    path.write_bytes(converter.convert())
    return path
