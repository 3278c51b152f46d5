"""Sample rates in the metadata of LiteRT files, which are written here with the FlatBuffers library."""

import dataclasses

import flatbuffers
import pytest
from tensorflow.lite.python import schema_py_generated as schema

from gansynth_isa.classifiers.embedding.litert_metadata import stated_sample_rate
from gansynth_isa.classifiers.embedding.settings import with_model
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.errors import InputError


def table(builder, size, values):
    """A table of `size` fields; values: {field: (kind, value)}."""
    builder.StartObject(size)
    for field, (kind, value) in values.items():
        if kind == "table":
            builder.PrependUOffsetTRelativeSlot(field, value, 0)
        elif kind == "byte":
            builder.PrependUint8Slot(field, value, 0)
        else:
            builder.PrependUint32Slot(field, value, 0)
    return builder.EndObject()


def vector(builder, entries):
    builder.StartVector(4, len(entries), 4)
    for entry in reversed(entries):
        builder.PrependUOffsetTRelative(entry)
    return builder.EndVector()


def metadata(rate, content_type=4):
    """ModelMetadata of one input whose content is audio of a rate."""
    builder = flatbuffers.Builder(0)
    audio = table(builder, 2, {0: ("number", rate), 1: ("number", 1)})
    content = table(builder, 3, {0: ("byte", content_type), 1: ("table", audio)})
    tensor = table(builder, 7, {3: ("table", content)})
    tensors = vector(builder, [tensor])
    subgraph = table(builder, 9, {2: ("table", tensors)})
    subgraphs = vector(builder, [subgraph])
    builder.Finish(table(builder, 8, {3: ("table", subgraphs)}), file_identifier=b"M001")
    return bytes(builder.Output())


def with_metadata(litert_file, path, content, name=b"TFLITE_METADATA"):
    """A copy of a LiteRT file with metadata, written with TensorFlow's own schema."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(litert_file.read_bytes(), 0))
    entry, buffer = schema.MetadataT(), schema.BufferT()
    entry.name, entry.buffer, buffer.data = name, len(model.buffers), list(content)
    model.buffers.append(buffer)
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    path.write_bytes(builder.Output())
    return path


def config_of(path, rate=None):
    return ClassifierConfig(classifier="embedding", embedding_model=str(path), embedding_sample_rate=rate)


def test_rate_in_the_metadata_is_found_and_taken(litert_file, tmp_path):
    path = with_metadata(litert_file, tmp_path / "m.tflite", metadata(16000))
    assert stated_sample_rate(path) == 16000
    assert with_model(config_of(path)).embedding_sample_rate == 16000
    assert with_model(config_of(path, 16000)).embedding_sample_rate == 16000


def test_other_rate_than_the_model_states_is_refused(litert_file, tmp_path):
    path = with_metadata(litert_file, tmp_path / "m.tflite", metadata(16000))
    with pytest.raises(InputError, match="embedding_sample_rate: expected 16000 Hz, as the model states, got 44100 Hz"):
        with_model(config_of(path, 44100))


def test_file_that_states_no_rate_needs_the_flag(litert_file, tmp_path):
    others = (
        litert_file,
        with_metadata(litert_file, tmp_path / "image.tflite", metadata(16000, content_type=2)),
        with_metadata(litert_file, tmp_path / "zero.tflite", metadata(0)),
        with_metadata(litert_file, tmp_path / "other.tflite", metadata(16000), b"other"),
        with_metadata(litert_file, tmp_path / "cut.tflite", metadata(16000)[:20]),
        with_metadata(litert_file, tmp_path / "empty.tflite", b""),
    )
    for path in others:
        assert stated_sample_rate(path) is None, path
        with pytest.raises(InputError, match="embedding_sample_rate: expected the rate"):
            with_model(config_of(path))
    assert dataclasses.asdict(with_model(config_of(litert_file, 8000)))["embedding_sample_rate"] == 8000


def test_damaged_file_states_no_rate_or_the_same(litert_file, tmp_path):
    whole = with_metadata(litert_file, tmp_path / "m.tflite", metadata(16000)).read_bytes()
    for length in range(0, len(whole), 7):
        (tmp_path / "cut.tflite").write_bytes(whole[:length])
        assert stated_sample_rate(tmp_path / "cut.tflite") in (None, 16000)
