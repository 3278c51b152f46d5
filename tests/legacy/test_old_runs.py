"""GAN runs that the commit in artefacts/README.md wrote: finished, interrupted, generated from, exported, reused."""

import json

import numpy as np
import pytest

LAST_CHECKPOINT = "stage_00002/checkpoint-000000000096.npz"
# Other threads and instruction sets (SSE4.1, AVX2, without oneDNN) were 3e-5 of an array's largest value off.
WEIGHT_TOLERANCE = 3e-4
# The same runs' losses were up to 1e-5 off.
LOSS_TOLERANCE = 1e-3
CLOCK = ("images_per_s", "stage_left_s", "run_left_s")


def rows_of(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def leaves(values: dict) -> dict:
    """{innermost name: value} of nested dictionaries."""
    found = {}
    for name, value in values.items():
        found |= leaves(value) if isinstance(value, dict) else {name: value}
    return found


def clips_of(folder) -> list[tuple[str, np.ndarray]]:
    """(class name, float16 values) of every clip in a synthetic folder's one shard."""
    import tensorflow as tf

    clips = []
    for record in tf.data.TFRecordDataset(str(folder / "synthetic-00000.tfrecord")).as_numpy_iterator():
        feature = tf.train.Example.FromString(record).features.feature
        values = np.frombuffer(feature["log_mel"].bytes_list.value[0], "<f2")
        clips.append((feature["label_name"].bytes_list.value[0].decode(), values))
    return clips


def event_steps(path) -> list[int]:
    """The steps in a TensorBoard file, without the one that tells the format."""
    import tensorflow as tf

    records = list(tf.data.TFRecordDataset(str(path)).as_numpy_iterator())
    return [tf.compat.v1.Event.FromString(record).step for record in records[1:]]


def assert_gives_the_old_clips(keras_file, old) -> None:
    """The exported generator gives the clips that the old one gave for the same latents."""
    import keras

    expected = json.loads((old.path / "expected/generator_clips.json").read_text())
    model = keras.models.load_model(keras_file, compile=False, safe_mode=True)
    latents, classes = np.array(expected["latents"], np.float32), np.array(expected["class_index"], np.int32)
    clips = np.asarray(model({"latents": latents, "class_index": classes}))
    np.testing.assert_allclose(clips, expected["log_mel"], rtol=0, atol=1e-3)


def test_finished_run_trained_again_has_nothing_to_do_and_does_not_change(old):
    before = old.contents("finished_run")
    assert "nothing to do" in old.run("train", *old.subset, "--train_root_dir=finished_run")
    assert old.contents("finished_run") == before


@pytest.mark.slow
def test_interrupted_run_goes_on_and_ends_with_the_weights_of_the_finished_one(old):
    finished, run = old.path / "finished_run", old.path / "interrupted_run"
    (events,) = run.glob("events.out.tfevents.*")
    assert set(event_steps(events)) == {40, 48, 56, 64}
    output = old.run("train", *old.subset, "--train_root_dir=interrupted_run")
    assert "image 48" in output

    with np.load(finished / LAST_CHECKPOINT) as expected, np.load(run / LAST_CHECKPOINT) as got:
        assert set(got.files) == set(expected.files) and len(expected.files) == 91
        for name in expected.files:
            atol = WEIGHT_TOLERANCE * np.abs(expected[name]).max()
            np.testing.assert_allclose(got[name], expected[name], rtol=0, atol=atol, err_msg=name)

    expected_rows, rows = rows_of(finished / "metrics.jsonl"), rows_of(run / "metrics.jsonl")
    assert [row["image"] for row in rows] == list(range(8, 97, 8))
    for expected_row, row in zip(expected_rows, rows, strict=True):
        for name in expected_row.keys() - set(CLOCK):
            assert row[name] == pytest.approx(expected_row[name], rel=LOSS_TOLERANCE, abs=LOSS_TOLERANCE), name

    # What TensorBoard was told behind the checkpoint is cut off, and told again by the new process.
    assert set(event_steps(events)) == {40, 48}
    (new_events,) = set(run.glob("events.out.tfevents.*")) - {events}
    assert min(event_steps(new_events)) == 56


def test_clips_generated_from_an_old_run_are_the_old_clips(old):
    old.run("generate", "--train_root_dir=finished_run", "--output_dir=again", "--seed=3")
    expected, clips = clips_of(old.path / "synthetic"), clips_of(old.path / "again")
    assert [name for name, _ in clips] == [name for name, _ in expected] == ["hum", "rattle"] * 8
    for (_, old_values), (_, values) in zip(expected, clips, strict=True):
        # Float32 rounds otherwise elsewhere, and may so end on the neighbouring float16.
        assert (np.abs(values - old_values) <= np.abs(np.spacing(old_values))).all()


def test_metadata_of_clips_from_an_old_run_say_what_they_said(old):
    old.run("generate", "--train_root_dir=finished_run", "--output_dir=again", "--seed=3")
    expected = json.loads((old.path / "synthetic/metadata.json").read_text())
    metadata = json.loads((old.path / "again/metadata.json").read_text())
    settings = leaves(expected.pop("configuration"))
    assert {name: metadata.get(name) for name in expected} == expected
    # Settings may be grouped otherwise, and there may be new ones.
    assert leaves(metadata).items() >= {name: value for name, value in settings.items() if value}.items()


def test_generator_exported_from_an_old_run_gives_the_old_clips(old):
    old.run_bare("export", "--train_root_dir=finished_run", "--export_dir=exported", "--format=keras")
    assert_gives_the_old_clips(old.path / "exported/generator.keras", old)


def test_old_keras_file_of_a_generator_gives_the_old_clips(old):
    # A command that reads a run makes the generator's layers known to Keras, as a person's import does.
    old.run("generate", "--train_root_dir=finished_run", "--output_dir=again", "--samples_per_class=1")
    assert_gives_the_old_clips(old.path / "generator/generator.keras", old)


@pytest.mark.slow
def test_training_from_the_weights_of_an_old_run_takes_all_of_them(old):
    one_stage = ("--notrain_progressive", "--stable_stage_num_images=8")
    output = old.run("train", *old.subset, *one_stage, "--init_from=finished_run", "--train_root_dir=new")
    # 10 arrays of the generator, as many moving averages, 14 arrays of the discriminator.
    assert "34 of 34 arrays fit" in output
    assert json.loads((old.path / "new/experiment.json").read_text())["initialised_from"]["image"] == 96
