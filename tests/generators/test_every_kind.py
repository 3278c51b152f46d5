"""What every kind of generator must do, the package's own and one that it does not know."""

import dataclasses
import gc
import io
import tracemalloc

import keras
import numpy as np
import pytest

from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import BATCH_SIZE, Surroundings
from gansynth_isa.generators.generation import class_names_in, load_generator, write_clips
from gansynth_isa.generators.latents import drawn_latents
from gansynth_isa.generators.provenance import check_synthetic
from gansynth_isa.generators.registry import kind_in, kind_named

KINDS = (
    *("gansynth", "gaussian", "transfer", "smote", "events", "copies"),
    *("diffusion", "wavegan", "specgan", "imported", "toy"),
)
FROM_PARENTS = ("transfer", "smote", "events", "copies")
LABELS = np.array([1, 0, 1, 1, 0] * 9, np.int32)  # more than one block of clips


@pytest.fixture(params=KINDS, scope="module")
def kind(request, toy):
    return kind_named(request.param)


@pytest.fixture(scope="module")
def training(recorded):
    """Clips whose recordings are there: some kinds learn from waveforms."""
    return recorded


@pytest.fixture(scope="module")
def folder(kind, training, settings_of, surroundings, tmp_path_factory):
    """A finished training of the kind, which tests must not change."""
    run = tmp_path_factory.mktemp(kind.name) / "run"
    kind.fit(settings_of(kind), training, 3, run, surroundings)
    return run


def files_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_kind_plans_without_a_folder(kind, training, settings_of):
    lines = kind.plan(settings_of(kind), training.features)
    assert lines and all(isinstance(line, str) and line for line in lines)


def test_kind_is_found_by_the_folder_of_its_training(kind, folder, training):
    assert kind_in(folder).name == kind.name
    assert class_names_in(folder) == training.clips.class_names


def test_clips_do_not_depend_on_how_many_are_asked_for(kind, folder):
    trained = load_generator(folder)
    clips = trained.clips(LABELS, seed=5)
    assert clips.dtype == np.float32 and clips.shape == (len(LABELS), *trained.provenance.features.shape)
    assert np.isfinite(clips).all()
    np.testing.assert_array_equal(
        np.concatenate([trained.clips(LABELS[:7], 5), trained.clips(LABELS[7:], 5, 7)]), clips
    )
    np.testing.assert_array_equal(trained.clips(LABELS[40:41], 5, 40), clips[40:41])
    assert trained.clips(LABELS[:0], 5).shape == (0, *clips.shape[1:])


def test_clips_follow_the_seed(kind, folder):
    trained = load_generator(folder)
    np.testing.assert_array_equal(trained.clips(LABELS, 5), load_generator(folder).clips(LABELS, 5))
    assert np.abs(trained.clips(LABELS, 5) - trained.clips(LABELS, 6)).max() > 1e-4


def test_finished_training_changes_nothing(kind, folder, training, settings_of):
    before, output = files_of(folder), io.StringIO()
    kind.fit(settings_of(kind), training, 3, folder, Surroundings(Console(output), show_reports=False))
    assert files_of(folder) == before
    assert "finished, nothing to do" in output.getvalue()


def test_folder_of_another_seed_or_other_clips_is_refused(kind, folder, training, settings_of, surroundings):
    with pytest.raises(InputError, match="seed: 3 -> 4"):
        kind.fit(settings_of(kind), training, 4, folder, surroundings)
    fewer = dataclasses.replace(training, clips=training.clips.select([0, 1, 3, 4]))
    with pytest.raises(InputError, match="data: "):
        kind.fit(settings_of(kind), fewer, 3, folder, surroundings)


def test_provenance_tells_what_it_was_trained_on(kind, folder, training):
    origin = load_generator(folder).provenance
    assert (origin.kind, origin.class_names) == (kind.name, training.clips.class_names)
    assert origin.class_counts == {"loud": 3, "quiet": 3}
    assert origin.recordings == training.clips.fingerprint()
    assert (origin.data, origin.features) == (training.data, training.features)
    assert len(origin.weights_sha256) == 64


def test_written_clips_are_accepted_beside_their_recordings_and_refused_beside_seen_test_recordings(
    kind, folder, training, tmp_path
):
    write_clips(load_generator(folder), tmp_path / "clips", samples_per_class=4, seed=1)
    synthetic, clips = read_synthetic(tmp_path / "clips"), training.clips
    assert synthetic.metadata["generator"] == kind.name and len(synthetic) == 8
    nothing = clips.select([])
    check_synthetic(synthetic, clips, nothing, training.data, training.features)
    with pytest.raises(InputError, match="a generator that has seen no test file, but it was trained on loud/0.wav"):
        check_synthetic(synthetic, clips, clips.select([0]), training.data, training.features)


def test_exported_model_gives_the_clips_or_says_that_there_is_none(kind, folder):
    trained = load_generator(folder, for_export=True)
    if kind.name in ("events", "copies", "imported", "toy"):
        with pytest.raises(InputError, match=f"of the kind {kind.name} cannot be exported"):
            trained.keras_model()
        return
    model = trained.keras_model()
    assert isinstance(model, keras.Model)
    latents = drawn_latents(5, 0, model.input["latents"].shape[-1]).numpy()
    clips = model({"latents": latents, "class_index": LABELS[: len(latents)]}).numpy()
    np.testing.assert_allclose(clips, trained.clips(LABELS[: len(latents)], seed=5), atol=1e-4)


def test_card_names_the_generator(kind, folder):
    assert load_generator(folder).summary()[0].isupper()


def test_parents_are_training_clips_of_the_class_first_and_do_not_depend_on_how_many_are_asked_for(
    kind, folder, training
):
    trained = load_generator(folder)
    parents = trained.parent_clips(LABELS, seed=5)
    if kind.name not in FROM_PARENTS:
        assert parents is None
        return
    ids = training.clips.fingerprint()["clips"]
    names = [training.clips.class_names.index(ids[index].split("/")[0]) for index in parents[:, 0]]
    np.testing.assert_array_equal(names, LABELS)
    assert len(set(parents[:, 0])) == len(ids)
    np.testing.assert_array_equal(trained.parent_clips(LABELS[40:41], 5, 40), parents[40:41])
    assert trained.parent_clips(LABELS[:0], 5).shape == (0, parents.shape[1])


def test_neither_clips_nor_graphs_pile_up_while_clips_are_made(kind, folder):
    trained, block = load_generator(folder), np.zeros(BATCH_SIZE, np.int32)
    of_arrays = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)

    def held_bytes(blocks):
        """What arrays, and what Python in all, hold once so many blocks were made and let go."""
        for number in blocks:
            trained.clips(block, 5, number * BATCH_SIZE)
            trained.waveforms(block, 5, number * BATCH_SIZE)
        gc.collect()
        arrays = tracemalloc.take_snapshot().filter_traces((of_arrays,)).traces
        return np.array([sum(each.size for each in arrays), tracemalloc.get_traced_memory()[0]])

    tracemalloc.start()
    try:
        before = held_bytes(range(4))  # makes graphs
        arrays, in_all = held_bytes(range(4, 28)) - before
    finally:
        tracemalloc.stop()
    assert arrays < 4 * trained.clips(block, 5).nbytes  # of 24 blocks
    assert in_all < 24 * 128 * 1024  # a graph is larger; TensorFlow keeps up to 70 KiB of numbers a block, of `copies`
