"""Models with code in them are refused before anything is loaded."""

import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

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
    with pytest.raises(InputError, match=r"touches nothing outside, .* has (Eager)?PyFunc"):
        load_waveform_model(tmp_path / "m")


def writes(waveform):
    with tf.control_dependencies([tf.io.write_file("/tmp/never", "x")]):
        return tf.identity(waveform)


def reads(waveform):
    return waveform + tf.cast(tf.strings.length(tf.io.read_file("/tmp/never")), tf.float32)


def lists(waveform):
    return waveform + tf.cast(tf.size(tf.io.matching_files("/tmp/*")), tf.float32)


def prints(waveform):
    tf.print(waveform, output_stream="file:///tmp/never")
    return tf.identity(waveform)


def reads_records(waveform):
    return waveform + tf.cast(tf.data.TFRecordDataset("/tmp/never").reduce(0, lambda n, _: n + 1), tf.float32)


def reads_a_checkpoint(waveform):
    return waveform + tf.raw_ops.RestoreV2(
        prefix="/tmp/never", tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32]
    )


def reads_a_constant(waveform):
    return waveform + tf.raw_ops.ImmutableConst(dtype=tf.float32, shape=(), memory_region_name="/tmp/never")


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        (writes, "WriteFile"),
        (reads, "ReadFile"),
        (lists, "MatchingFiles"),
        (prints, "PrintV2"),
        (reads_records, "TFRecordDataset"),
        (reads_a_checkpoint, "RestoreV2"),
        (reads_a_constant, "ImmutableConst"),
    ],
)
def test_saved_model_that_does_more_than_calculate_is_refused(
    body, operation, tmp_path, nothing_is_loaded, of_spec, save
):
    save(of_spec((None,), body=lambda waveform: {"vector": body(waveform)}), tmp_path / "m")
    with pytest.raises(InputError, match=f"touches nothing outside, .* but .* has .*{operation}"):
        load_waveform_model(tmp_path / "m")


class WithVariable(tf.Module):
    """A module whose SavedModel has a saver."""

    def __init__(self):
        super().__init__()
        self.gain = tf.Variable([2.0])

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.float32, name="waveform")])
    def __call__(self, waveform):
        return {"vector": waveform * self.gain}


@pytest.fixture(scope="module")
def with_variable(tmp_path_factory):
    """The description of a SavedModel with a variable."""
    folder = tmp_path_factory.mktemp("variable")
    module = WithVariable()
    tf.saved_model.save(module, str(folder), signatures=module.__call__)
    check_safe(folder)
    return (folder / "saved_model.pb").read_bytes()


def edited(contents, edit, folder):
    """A SavedModel whose graph was edited."""
    saved = SavedModel.FromString(contents)
    functions = saved.meta_graphs[0].graph_def.library.function
    named = {part: next(f for f in functions if part in f.signature.name) for part in ("wrapper", "save", "restore")}
    edit(saved.meta_graphs[0], named)
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(saved.SerializeToString())
    return folder


def function_that_nothing_calls(graph, functions):
    function = graph.graph_def.library.function.add()
    function.signature.name = "never_called"
    function.node_def.add(name="n", op="ReadFile")


def operation_that_nobody_knows(graph, functions):
    graph.graph_def.node.add(name="n", op="LibraryOfTheirs")


def signature_that_saves(graph, functions):
    functions["wrapper"].node_def.add(name="n", op="StatefulPartitionedCall").attr["f"].func.name = functions[
        "save"
    ].signature.name


def signature_that_calls_the_saver_by_name(graph, functions):
    functions["wrapper"].node_def.add(name="n", op=functions["restore"].signature.name)


def signature_of_the_saver(graph, functions):
    graph.signature_def["serving_default"].outputs["vector"].name = graph.saver_def.save_tensor_name


def initialiser_that_saves(graph, functions):
    graph.collection_def["saved_model_main_op"].node_list.value.append(graph.saver_def.save_tensor_name)


def restoring_that_saves(graph, functions):
    node = next(node for node in graph.graph_def.node if node.name == graph.saver_def.restore_op_name)
    node.input.append("^" + graph.saver_def.save_tensor_name.split(":")[0])


def saver_that_may_be_called(graph, functions):
    graph.object_graph_def.concrete_functions[functions["save"].signature.name].SetInParent()


def saver_that_may_replace_another_function(graph, functions):
    functions["save"].attr["api_implements"].s = b"x"


@pytest.mark.parametrize(
    ("edit", "operation"),
    [
        (function_that_nothing_calls, "ReadFile"),
        (operation_that_nobody_knows, "LibraryOfTheirs"),
        (signature_that_saves, "SaveV2"),
        (signature_that_calls_the_saver_by_name, "RestoreV2"),
        (signature_of_the_saver, "SaveV2"),
        (initialiser_that_saves, "SaveV2"),
        (restoring_that_saves, "SaveV2"),
        (saver_that_may_be_called, "SaveV2"),
        (saver_that_may_replace_another_function, "SaveV2"),
    ],
)
def test_operations_of_the_saver_are_refused_where_something_else_leads_to_them(
    edit, operation, with_variable, tmp_path
):
    check_safe(edited(with_variable, lambda *_: None, tmp_path / "same"))
    with pytest.raises(InputError, match=f"but .* has .*{operation}"):
        check_safe(edited(with_variable, edit, tmp_path / "m"))


def test_saved_model_of_the_first_tensorflow_with_a_table_is_taken(tmp_path):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        waveform = tf.compat.v1.placeholder(tf.float32, (None,), name="waveform")
        gain = tf.compat.v1.get_variable("gain", (1,))
        initial = tf.lookup.KeyValueTensorInitializer([1], [2.0])
        factor = tf.lookup.StaticHashTable(initial, 0.0).lookup(tf.constant(1))
        session.run((tf.compat.v1.global_variables_initializer(), tf.compat.v1.tables_initializer()))
        tf.compat.v1.saved_model.simple_save(
            session, str(tmp_path / "m"), {"waveform": waveform}, {"vector": waveform * gain * factor}
        )
    check_safe(tmp_path / "m")


def test_exported_network_with_recurrent_and_random_layers_is_taken(tmp_path):
    inputs = keras.Input((80,))
    x = keras.layers.Reshape((8, 10))(inputs)
    x = keras.layers.BatchNormalization()(keras.layers.Conv1D(4, 3, activation="relu")(x))
    x = keras.layers.Dropout(0.5)(keras.layers.LSTM(3)(x))
    keras.Model(inputs, keras.layers.Dense(2)(x)).export(tmp_path / "m", verbose=False)
    check_safe(tmp_path / "m")


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


@pytest.mark.parametrize("name", ["AudioSpectrogram", "FlexEagerPyFunc_"])
def test_litert_file_with_custom_or_flex_operations_is_refused_by_their_names(name, tmp_path, nothing_is_loaded):
    """TensorFlow converts to the first name; the second, as long, stands for an operation of TensorFlow itself."""

    @tf.function(input_signature=[tf.TensorSpec((800, 1), tf.float32)])
    def spectrogram(waveform):
        return tf.raw_ops.AudioSpectrogram(input=waveform, window_size=100, stride=50)

    converter = tf.lite.TFLiteConverter.from_concrete_functions([spectrogram.get_concrete_function()])
    converter.allow_custom_ops = True
    (tmp_path / "m.tflite").write_bytes(converter.convert().replace(b"AudioSpectrogram", name.encode()))
    with pytest.raises(InputError, match=f"built-in operations alone, but .* has {name}$"):
        load_waveform_model(tmp_path / "m.tflite")


def test_litert_file_that_is_cut_short_is_damaged(litert_file, tmp_path):
    check_safe(litert_file)
    (tmp_path / "m.tflite").write_bytes(litert_file.read_bytes()[:40])
    with pytest.raises(InputError, match="expected a LiteRT file, but .* is damaged"):
        check_safe(tmp_path / "m.tflite")


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
