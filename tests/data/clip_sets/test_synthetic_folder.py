"""Folders of synthetic clips: written, read back, damaged."""

import json

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticWriter, read_synthetic
from gansynth_isa.errors import InputError

METADATA = {"class_names": ["ball", "nut"], "seed": 3}
LABELS = np.array([0, 1, 1, 0, 1])


def make_spectrograms(seed=0):
    return np.random.default_rng(seed).normal(-5.0, 4.0, (5, 4, 8, 1)).astype(np.float32)


def write(folder, spectrograms, metadata=METADATA):
    with SyntheticWriter(folder, metadata, clips_per_shard=2) as writer:
        writer.write(spectrograms[:3], LABELS[:3])
        writer.write(spectrograms[3:], LABELS[3:])


def test_synthetic_clips_come_back_rounded_to_float16_with_labels_and_metadata(tmp_path):
    write(tmp_path / "new" / "folder", make_spectrograms())
    clips = read_synthetic(tmp_path / "new" / "folder")
    np.testing.assert_array_equal(clips.spectrograms, make_spectrograms().astype(np.float16).astype(np.float32))
    assert clips.spectrograms.dtype == np.float32
    np.testing.assert_array_equal(clips.labels, LABELS)
    assert clips.class_names == ("ball", "nut")
    assert clips.metadata["seed"] == 3
    assert clips.metadata["counts"] == {"ball": 2, "nut": 3}
    assert clips.metadata["shape"] == [4, 8, 1]
    assert len(clips) == 5


def test_synthetic_folder_holds_shards_and_metadata_and_nothing_else(tmp_path):
    write(tmp_path, make_spectrograms())
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "metadata.json",
        "synthetic-00000.tfrecord",
        "synthetic-00001.tfrecord",
        "synthetic-00002.tfrecord",
    ]


def test_synthetic_shards_hold_examples_that_tensorflow_parses(tmp_path):
    write(tmp_path, make_spectrograms())
    spec = {
        "log_mel": tf.io.FixedLenFeature([], tf.string),
        "label": tf.io.FixedLenFeature([], tf.int64),
        "label_name": tf.io.FixedLenFeature([], tf.string),
    }
    serialized = next(iter(tf.data.TFRecordDataset(str(tmp_path / "synthetic-00001.tfrecord"))))
    example = tf.io.parse_single_example(serialized, spec)
    values = tf.reshape(tf.io.decode_raw(example["log_mel"], tf.float16), (4, 8, 1))
    np.testing.assert_array_equal(values, make_spectrograms()[2].astype(np.float16))
    assert (int(example["label"]), example["label_name"].numpy()) == (1, b"nut")


def test_synthetic_shards_of_the_same_clips_have_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write(tmp_path / name, make_spectrograms())
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_synthetic_folder_written_again_holds_the_new_clips_only(tmp_path):
    write(tmp_path, make_spectrograms())
    with SyntheticWriter(tmp_path, METADATA) as writer:
        writer.write(make_spectrograms(1)[:1], LABELS[:1])
    assert len(read_synthetic(tmp_path)) == 1
    assert len(list(tmp_path.glob("*.tfrecord"))) == 1


def test_synthetic_folder_keeps_its_old_clips_when_writing_fails(tmp_path):
    write(tmp_path, make_spectrograms())
    with pytest.raises(RuntimeError, match="stopped"), SyntheticWriter(tmp_path, METADATA) as writer:
        writer.write(make_spectrograms(1), LABELS)
        raise RuntimeError("stopped")
    np.testing.assert_array_equal(read_synthetic(tmp_path).spectrograms, make_spectrograms().astype(np.float16))
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.parametrize("num_clips", [5, 5000])  # the larger number fills TensorFlow's buffer before the end
def test_synthetic_writer_on_a_full_disk_is_bad_input_and_the_old_clips_stay(tmp_path, num_clips):
    write(tmp_path, make_spectrograms())
    full = tmp_path / "synthetic-00000.tfrecord.unfinished"
    with (
        pytest.raises(InputError, match=f"{tmp_path}: cannot be written: .*No space left"),
        SyntheticWriter(tmp_path, METADATA, clips_per_shard=10**6) as writer,
    ):
        full.symlink_to("/dev/full")
        writer.write(np.zeros((num_clips, 4, 8, 1)), np.zeros(num_clips, int))
    np.testing.assert_array_equal(read_synthetic(tmp_path).spectrograms, make_spectrograms().astype(np.float16))
    assert not full.is_symlink()


def test_error_while_writing_is_not_hidden_by_a_full_disk(tmp_path):
    with pytest.raises(RuntimeError, match="stopped"), SyntheticWriter(tmp_path, METADATA) as writer:
        (tmp_path / "synthetic-00000.tfrecord.unfinished").symlink_to("/dev/full")
        writer.write(make_spectrograms(), LABELS)
        raise RuntimeError("stopped")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("spectrograms", "labels", "message"),
    [
        (np.full((1, 4, 8, 1), np.nan), [0], "finite in float16"),
        (np.full((1, 4, 8, 1), 1e6), [0], "finite in float16"),
        (np.zeros((1, 4, 8, 1)), [2], "labels: expected 0 to 1, got 2"),
        (np.zeros((1, 4, 9, 1)), [0], r"expected shape \(1, 4, 8, 1\)"),
        (np.zeros((2, 4, 8, 1)), [0], r"expected shape \(1, 4, 8, 1\)"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_synthetic_writer_refuses_bad_clips(tmp_path, spectrograms, labels, message):
    with pytest.raises(ValueError, match=message), SyntheticWriter(tmp_path, METADATA) as writer:
        writer.write(np.zeros((1, 4, 8, 1)), [0])
        writer.write(spectrograms, labels)
    assert not list(tmp_path.iterdir())


def test_synthetic_writer_where_a_file_stands_is_refused(tmp_path):
    (tmp_path / "taken").touch()
    with (
        pytest.raises(InputError, match="output_dir: cannot write to .*taken"),
        SyntheticWriter(tmp_path / "taken", METADATA),
    ):
        pass


def damage(folder, kind):
    shard = folder / "synthetic-00001.tfrecord"
    metadata_path = folder / "metadata.json"
    if kind == "flipped":
        contents = bytearray(shard.read_bytes())
        contents[len(contents) // 2] ^= 0xFF
        shard.write_bytes(contents)
    if kind == "truncated":
        shard.write_bytes(shard.read_bytes()[:-20])
    if kind == "one clip less":
        records = list(tf.data.TFRecordDataset(str(shard)).as_numpy_iterator())
        with tf.io.TFRecordWriter(str(shard)) as writer:
            writer.write(records[0])
    if kind == "shard missing":
        shard.unlink()
    if kind == "unfinished":
        metadata_path.unlink()
    if kind == "not json":
        metadata_path.write_text("{")
    if kind == "other classes":
        values = json.loads(metadata_path.read_text())
        metadata_path.write_text(json.dumps({**values, "class_names": ["ball", "screw"]}))
    if kind == "wrong sum":
        values = json.loads(metadata_path.read_text())
        metadata_path.write_text(json.dumps({**values, "num_clips": 6}))


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("flipped", "synthetic-00001.tfrecord: the synthetic clips are damaged"),
        ("truncated", "synthetic-00001.tfrecord: the synthetic clips are damaged at clip 1"),
        ("one clip less", "synthetic-00001.tfrecord: expected 2 synthetic clips, found 1"),
        ("shard missing", "synthetic-00001.tfrecord: expected 2 synthetic clips, but the file is missing"),
        ("unfinished", "holds no finished set of synthetic clips"),
        ("not json", "metadata.json: the metadata of the synthetic clips are damaged"),
        ("other classes", "synthetic-00000.tfrecord: the synthetic clips are damaged"),
        ("wrong sum", "metadata.json: expected format version 1"),
    ],
)
def test_read_synthetic_of_damaged_folder_is_refused_and_names_the_file(tmp_path, kind, message):
    write(tmp_path, make_spectrograms())
    damage(tmp_path, kind)
    with pytest.raises(InputError, match=message):
        read_synthetic(tmp_path)


def test_read_synthetic_of_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="nowhere does not exist"):
        read_synthetic(tmp_path / "nowhere")


def test_clips_of_a_folder_that_does_not_say_its_data_type_are_log_mel(tmp_path):
    write(tmp_path, make_spectrograms())
    path = tmp_path / "metadata.json"
    metadata = json.loads(path.read_text())
    assert metadata.pop("data_type") == "log_mel"
    path.write_text(json.dumps(metadata))
    assert read_synthetic(tmp_path).data_type == "log_mel"


def test_two_channels_come_back_with_their_data_type(tmp_path):
    spectrograms = np.concatenate([make_spectrograms(), make_spectrograms(1)], axis=-1)
    write(tmp_path, spectrograms, {**METADATA, "data_type": "mel"})
    clips = read_synthetic(tmp_path)
    assert clips.data_type == "mel" and clips.spectrograms.shape == (5, 4, 8, 2)
    serialized = next(tf.data.TFRecordDataset(str(tmp_path / "synthetic-00000.tfrecord")).as_numpy_iterator())
    example = tf.io.parse_single_example(serialized, {"data_type": tf.io.FixedLenFeature([], tf.string)})
    assert example["data_type"].numpy() == b"mel"


def test_clips_of_an_unknown_data_type_are_refused(tmp_path):
    write(tmp_path, make_spectrograms(), {**METADATA, "data_type": "wave"})
    with pytest.raises(InputError, match="of a known data_type"):
        read_synthetic(tmp_path)


@pytest.mark.parametrize("name", ["experiment.json", "result.json", "grid.json", "export.json"])
def test_synthetic_writer_refuses_the_folder_of_something_else(tmp_path, name):
    (tmp_path / name).write_text("{}")
    with pytest.raises(InputError, match=f"expected a folder of its own for clips, but .* holds {name}"):
        write(tmp_path, make_spectrograms())
    assert [path.name for path in tmp_path.iterdir()] == [name]


MADE = {**METADATA, "generator": "gaussian", "weights_sha256": "ab" * 32, "generated_classes": ["ball", "nut"]}
IMPORTED = {"class_names": ["ball", "nut"], "generator": "imported", "source": "a model", "weights_sha256": "ab" * 32}


@pytest.mark.parametrize(
    ("before", "change", "message"),
    [
        (MADE, {"generator": "smote"}, "generator: gaussian -> smote"),
        (MADE, {"weights_sha256": "cd" * 32}, "weights: abababababab -> cdcdcdcdcdcd"),
        (MADE, {"generated_classes": ["nut"]}, "classes: ball, nut -> nut"),
        (MADE, {"match_moments": "class"}, "match_moments: none -> class"),
        (MADE, {"keep": "agreed"}, "keep: none -> agreed"),
        (IMPORTED, {"source": "another"}, "source: a model -> another"),
    ],
)
def test_synthetic_writer_refuses_to_replace_other_clips(tmp_path, before, change, message):
    write(tmp_path, make_spectrograms(), before)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(InputError) as refusal:
        write(tmp_path, make_spectrograms(1), before | change)
    assert str(refusal.value) == f"output_dir: {tmp_path} holds other clips ({message}); choose another --output_dir"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_synthetic_writer_tells_imported_clips_from_those_of_a_generator(tmp_path):
    write(tmp_path, make_spectrograms(), MADE)
    with pytest.raises(InputError, match="generator: gaussian -> imported; source: None -> a model; "):
        write(tmp_path, make_spectrograms(), IMPORTED)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MADE, {"samples_per_class": 7, "kept": {"ball": {"drawn": 8}}}),
        (IMPORTED, {"weights_sha256": "cd" * 32, "generated_classes": ["nut"]}),
    ],
)
def test_synthetic_writer_replaces_clips_of_the_same_origin(tmp_path, before, after):
    write(tmp_path, make_spectrograms(), before)
    write(tmp_path, make_spectrograms(1), before | after)
    np.testing.assert_array_equal(read_synthetic(tmp_path).spectrograms, make_spectrograms(1).astype(np.float16))


def test_synthetic_writer_replaces_clips_that_an_earlier_version_made_with_the_same_weights(tmp_path):
    write(tmp_path, make_spectrograms(), {**METADATA, "generated_classes": ["ball", "nut"], "gan_sha256": "ab" * 32})
    write(tmp_path, make_spectrograms(1), MADE | {"generator": "gansynth"})
    assert read_synthetic(tmp_path).metadata["generator"] == "gansynth"


@pytest.mark.parametrize("content", ["{", '{"name": "of another program"}', "[]"])
def test_synthetic_writer_leaves_metadata_alone_that_it_cannot_read(tmp_path, content):
    (tmp_path / "metadata.json").write_text(content)
    with pytest.raises(InputError, match="output_dir: expected a folder of its own for clips, but .*metadata.json: "):
        write(tmp_path, make_spectrograms())
    assert (tmp_path / "metadata.json").read_text() == content and len(list(tmp_path.iterdir())) == 1
