"""Folders of synthetic clips that somebody edited, or put something else into: refused before anything is lost."""

import json

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticWriter, count_synthetic, read_synthetic
from gansynth_isa.data.clip_sets.wav_folder import WavFolder, remove_wavs
from gansynth_isa.errors import InputError

METADATA = {"class_names": ["ball", "nut"], "generated_classes": ["ball", "nut"], "seed": 3}
SHARD = "synthetic-00000.tfrecord"


class Sine:
    """Stands for what turns clips into sounds."""

    def sounds(self, clips):
        return np.tile(np.sin(np.arange(100)), (len(clips), 1))


def write(folder, value=1.0):
    with SyntheticWriter(folder, METADATA) as writer:
        writer.write(np.full((2, 4, 8, 1), value), np.array([0, 1]))


def edit(folder, changes):
    path = folder / "metadata.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"generated_classes": 5}, "generated_classes: expected a list of texts, got 5"),
        ({"generated_classes": [1, 2]}, "generated_classes: expected a list of texts"),
        ({"generated_classes": None}, "generated_classes: expected a list of texts"),
        ({"class_names": "ab"}, "class_names: expected a list of texts"),
        ({"shape": ["a", 1, 1]}, "shape: expected positive whole numbers"),
        ({"shape": [-1, 8, 1]}, "shape: expected positive whole numbers"),
        ({"shape": [4, True, 1]}, "shape: expected positive whole numbers"),
        ({"num_clips": 2.0, "shards": {SHARD: 2.0}}, "shards: expected positive whole numbers"),
        ({"num_clips": -2, "shards": {SHARD: -2}}, "shards: expected positive whole numbers"),
        ({"num_clips": 2.0}, "shards: expected the clips of each file"),
        ({"shards": {"../" + SHARD: 2}}, "shards: expected the clips of each file"),
        ({"shards": [2]}, "damaged"),
    ],
)
def test_edited_metadata_are_refused_whoever_reads_them(tmp_path, changes, message):
    write(tmp_path)
    edit(tmp_path, changes)
    with pytest.raises(InputError, match=message):
        read_synthetic(tmp_path)
    with pytest.raises(InputError, match=message):
        count_synthetic(tmp_path)
    with pytest.raises(InputError, match=message):
        write(tmp_path)


@pytest.mark.parametrize("num_clips", [40, 10**12, 10**30])
def test_more_clips_than_a_shard_can_hold_are_refused_before_memory_is_taken(tmp_path, num_clips):
    write(tmp_path)
    edit(tmp_path, {"num_clips": num_clips, "shards": {SHARD: num_clips}})
    with pytest.raises(InputError, match=f"expected at least {num_clips * 4 * 8 * 2} bytes"):
        read_synthetic(tmp_path)


@pytest.mark.parametrize("num_clips", [10**10, 10**30])
def test_missing_shard_is_refused_before_memory_is_taken(tmp_path, num_clips):
    write(tmp_path)
    missing = "synthetic-00001.tfrecord"
    edit(tmp_path, {"num_clips": 2 + num_clips, "shards": {SHARD: 2, missing: num_clips}})
    with pytest.raises(InputError, match=f"{missing}: expected {num_clips} synthetic clips, but the file is missing"):
        read_synthetic(tmp_path)


@pytest.mark.parametrize(
    ("label", "name", "value", "message"),
    [
        (-1, "nut", 1.0, "expected a label from 0 to 1, got -1"),
        (2, "nut", 1.0, "expected a label from 0 to 1, got 2"),
        (0, "nut", 1.0, "the label's name is another one"),
        (1, "nut", np.nan, "expected finite values"),
        (1, "nut", np.inf, "expected finite values"),
    ],
)
def test_clip_with_a_wrong_label_or_value_is_refused_by_file_and_number(tmp_path, label, name, value, message):
    write(tmp_path)
    records = list(tf.data.TFRecordDataset(str(tmp_path / SHARD)).as_numpy_iterator())
    example = tf.train.Example.FromString(records[1])
    example.features.feature["label"].int64_list.value[0] = label
    example.features.feature["label_name"].bytes_list.value[0] = name.encode()
    clip = np.full((4, 8, 1), 1.0, "<f2")
    clip[1, 2, 0] = value
    example.features.feature["log_mel"].bytes_list.value[0] = clip.tobytes()
    with tf.io.TFRecordWriter(str(tmp_path / SHARD)) as writer:
        writer.write(records[0])
        writer.write(example.SerializeToString())
    with pytest.raises(InputError, match=f"{SHARD}: the synthetic clips are damaged at clip 1 .{message}"):
        read_synthetic(tmp_path)


def test_metadata_nested_too_deeply_are_refused(tmp_path):
    (tmp_path / "metadata.json").write_text("[" * 200_000)
    with pytest.raises(InputError, match="metadata.json: the metadata of the synthetic clips are damaged"):
        read_synthetic(tmp_path)


def test_folder_in_the_place_of_a_shard_is_refused_and_all_stays(tmp_path):
    write(tmp_path)
    (tmp_path / "synthetic-00001.tfrecord").mkdir()
    before = (tmp_path / "metadata.json").read_bytes()
    with pytest.raises(InputError, match="synthetic-00001.tfrecord: expected a file that can be replaced"):
        write(tmp_path, 2.0)
    assert (tmp_path / "metadata.json").read_bytes() == before and read_synthetic(tmp_path).spectrograms.max() == 1.0


def test_folder_that_appears_while_clips_are_written_is_refused_and_all_stays(tmp_path):
    write(tmp_path)
    with (
        pytest.raises(InputError, match="synthetic-00001.tfrecord: expected a file that can be replaced"),
        SyntheticWriter(tmp_path, METADATA) as writer,
    ):
        writer.write(np.full((2, 4, 8, 1), 2.0), np.array([0, 1]))
        (tmp_path / "synthetic-00001.tfrecord").mkdir()
    assert read_synthetic(tmp_path).spectrograms.max() == 1.0
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.parametrize("is_there_before", [True, False])
def test_folder_in_the_place_of_a_wav_is_refused_and_leaves_nothing_unfinished(tmp_path, is_there_before):
    wav = tmp_path / "wav"
    wav.mkdir()
    (wav / "synthetic-00000-old.wav").touch()
    if is_there_before:
        (wav / "synthetic-mine.wav").mkdir()
    with (
        pytest.raises(InputError, match="synthetic-mine.wav: expected a file that can be replaced"),
        WavFolder(tmp_path, Sine(), 8000, ("ball",)) as writer,
    ):
        writer.write(np.zeros((1, 4, 8, 1)), np.array([0]))
        (wav / "synthetic-mine.wav").mkdir()
    assert sorted(path.name for path in wav.iterdir()) == ["synthetic-00000-old.wav", "synthetic-mine.wav"]


def test_removing_wavs_leaves_a_folder_alone(tmp_path):
    (tmp_path / "wav" / "synthetic-mine.wav").mkdir(parents=True)
    remove_wavs(tmp_path)
    assert (tmp_path / "wav" / "synthetic-mine.wav").is_dir()
