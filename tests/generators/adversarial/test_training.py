"""Trainings of a critic against a generator, on clips of noise."""

import dataclasses
import io
import json

import keras
import numpy as np
import pytest
import soundfile
import tensorflow as tf

from gansynth_isa.config import FeatureConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.errors import InputError, Interrupted, TrainingDiverged
from gansynth_isa.export.exporting import export_generator
from gansynth_isa.generators.adversarial import training as training_module
from gansynth_isa.generators.adversarial.sampler import UniformLatents
from gansynth_isa.generators.adversarial.settings import Stage, WganSettings, stages_of
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.generation import load_generator, write_clips
from gansynth_isa.generators.latents import drawn_latents
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.wavegan.config import WaveganConfig
from gansynth_isa.runs.checkpoints import list_checkpoints, load_checkpoint
from gansynth_isa.runs.training_loop import TrainingLoop

SETTINGS = WganSettings(100, 8, 5, 1e-4, 10.0, 1000, "conditional")


def fit(folder, training, settings_of, name="wavegan", seed=3, **changed):
    kind, output = kind_named(name), io.StringIO()
    config = dataclasses.replace(settings_of(kind), **changed)
    kind.fit(config, training, seed, folder, Surroundings(Console(output)))
    return output.getvalue()


def end_of(folder):
    stages = sorted(path for path in folder.iterdir() if path.name.startswith("stage_"))
    return [load_checkpoint(list_checkpoints(stage)[-1]) for stage in stages]


@pytest.fixture(scope="module")
def finished(recorded, settings_of, tmp_path_factory):
    """Folder of a finished training and what it said."""
    folder = tmp_path_factory.mktemp("wavegan") / "run"
    return folder, fit(folder, recorded, settings_of)


def test_stages_have_whole_steps_and_share_the_images():
    assert stages_of(SETTINGS, 3) == (Stage(0, None, 0, 1000),)
    apart = dataclasses.replace(SETTINGS, classes="apart", num_images=370)
    assert stages_of(apart, 3) == (Stage(0, 0, 0, 120), Stage(1, 1, 120, 240), Stage(2, 2, 240, 360))
    assert Stage(1, 1, 0, 8).members(np.array([1, 0, 1])).tolist() == [0, 2]


def test_seeds_of_stages_and_repeats_are_all_different_and_fit_the_generators_of_tensorflow():
    places = [(seed, stage) for seed in (*range(40), 2**32, 2**40 + 1, 2**63 - 1) for stage in range(8)]
    found = {training_module.stage_seed(*place) for place in places}
    assert len(found) == len(places)
    assert all(0 <= seed < 2**63 for seed in found)


def test_stages_of_one_repeat_share_neither_weights_nor_batches_with_those_of_the_next(
    recorded, settings_of, tmp_path, monkeypatch
):
    used = []

    def noting(function, seed_of):
        def call(*arguments):
            used[-1].update(seed_of(arguments))
            return function(*arguments)

        return call

    monkeypatch.setattr(TrainingLoop, "run", lambda loop, image: None)
    state, batches = training_module.WganState, training_module.gan_batches
    monkeypatch.setattr(training_module, "WganState", noting(state, lambda given: (given[0].seed, given[4])))
    monkeypatch.setattr(training_module, "gan_batches", noting(batches, lambda given: (given[3],)))
    for seed in (3, 4):
        used.append(set())
        fit(tmp_path / str(seed), recorded, settings_of, seed=seed, wavegan_classes="apart", wavegan_num_images=16)
    assert len(used[0]) == len(used[1]) == 2  # one seed for each of two stages
    assert not used[0] & used[1]


def test_training_reports_draws_and_saves(finished):
    folder, said = finished
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert [row["image"] for row in rows] == [4, 8, 12, 16]
    expected = {"critic_loss", "critic_wasserstein", "gradient_penalty", "generator_loss", "images_per_s"}
    assert expected <= rows[0].keys() and all(np.isfinite(list(row.values())).all() for row in rows)
    for row in rows:
        assert row["critic_loss"] == pytest.approx(row["critic_wasserstein"] + 10 * row["gradient_penalty"], rel=1e-4)
    assert len(list((folder / "samples").iterdir())) == 4
    assert list(folder.glob("events.out.tfevents.*"))
    assert "16 images" in said


@pytest.mark.slow  # two trainings, whose graphs are made anew
def test_training_that_is_stopped_ends_with_the_same_bits(finished, recorded, settings_of, tmp_path, monkeypatch):
    keep = TrainingLoop._keep

    def stop_at_8(loop, before, image, ended):
        keep(loop, before, image, ended)
        if image == 8:
            raise Interrupted(15, "stopped")

    monkeypatch.setattr(TrainingLoop, "_keep", stop_at_8)
    with pytest.raises(Interrupted):
        fit(tmp_path / "run", recorded, settings_of)
    monkeypatch.undo()
    monkeypatch.setattr(training_module, "BYTES_IN_GRAPH", 0)  # read by batch from here on, which changes nothing
    assert "resuming in stage 0 at image 8" in fit(tmp_path / "run", recorded, settings_of)
    (whole,), (resumed,) = end_of(finished[0]), end_of(tmp_path / "run")
    assert whole.keys() == resumed.keys()
    for name, array in whole.items():
        np.testing.assert_array_equal(resumed[name], array, err_msg=name)


@pytest.fixture(scope="module")
def long_clips(tiny_config, tmp_path_factory):
    """Two clips of two classes of 2.1 s, noise at two levels, and their recordings."""
    folder, noise = tmp_path_factory.mktemp("long"), np.random.default_rng(0).uniform(-1.0, 1.0, (2, 4200))
    for row, label in zip(noise, ("loud", "quiet"), strict=True):
        (folder / label).mkdir()
        soundfile.write(folder / label / "0.wav", row * (0.5 if label == "loud" else 0.05), 2000, subtype="FLOAT")
    data = dataclasses.replace(tiny_config.data, data_dir=str(folder), sample_rate=2000, clip_seconds=2.1)
    features = FeatureConfig(fft_length=512, hop_length=256, mel_bins=8, frames=16)
    return TrainingData(load_clips(data, features), data, features)


@pytest.mark.slow  # networks of 196,608 samples
def test_envgan_trains_and_makes_clips_above_2_seconds(long_clips, tmp_path):
    config = WaveganConfig(
        wavegan_architecture="envgan",
        wavegan_model_size=4,
        wavegan_batch_size=2,
        wavegan_critic_steps=1,
        wavegan_num_images=4,
    )
    kind_named("wavegan").fit(config, long_clips, 3, tmp_path / "run", Surroundings(Console(io.StringIO())))
    trained = load_generator(tmp_path / "run")
    assert trained.summary().startswith("EnvGAN, one for all classes, of model size 4, after 4 clips")
    assert trained.waveforms(np.array([0, 1]), seed=1).shape == (2, 4200)
    clips = trained.clips(np.array([0, 1]), seed=1)
    assert clips.shape == (2, 16, 8, 1) and np.isfinite(clips).all()


def test_unfinished_training_cannot_be_loaded(recorded, settings_of, tmp_path, monkeypatch):
    monkeypatch.setattr(TrainingLoop, "run", lambda loop, image: None)
    fit(tmp_path / "run", recorded, settings_of)
    with pytest.raises(InputError, match="training is not finished; run gansynth_isa_train again"):
        load_generator(tmp_path / "run")


@pytest.mark.parametrize("name", ["wavegan", "specgan"])
def test_loss_that_is_not_finite_ends_the_training_and_is_not_saved(name, recorded, settings_of, tmp_path):
    folder = tmp_path / "run"
    with pytest.raises(TrainingDiverged, match="stage 0: .*critic_loss is (nan|inf|-inf)"):
        fit(folder, recorded, settings_of, name, **{f"{name}_learning_rate": 1e30})
    for path in list_checkpoints(folder / "stage_00000"):
        assert all(np.isfinite(array).all() for array in load_checkpoint(path).values())


@pytest.mark.slow  # four networks, each with a graph of its own
def test_gan_per_class_learns_from_its_class_alone(recorded, settings_of, tmp_path):
    changed = {"wavegan_classes": "apart", "wavegan_num_images": 16}
    fewer_quiet = dataclasses.replace(recorded, clips=recorded.clips.select([0, 1, 2, 3]))
    fit(tmp_path / "all", recorded, settings_of, **changed)
    fit(tmp_path / "fewer", fewer_quiet, settings_of, **changed)
    (loud, quiet), (same_loud, other_quiet) = end_of(tmp_path / "all"), end_of(tmp_path / "fewer")
    assert [int(loud["image"]), int(quiet["image"])] == [8, 16]
    kernel = "generator/dense/kernel"
    np.testing.assert_array_equal(loud[kernel], same_loud[kernel])
    assert np.abs(quiet[kernel] - other_quiet[kernel]).max() > 0.0
    trained = load_generator(tmp_path / "all")
    together, alone = (trained.waveforms(np.array(labels), seed=1) for labels in ([0, 1, 0, 1], [1, 1, 1, 1]))
    np.testing.assert_array_equal(together[1::2], alone[1::2])
    assert np.abs(together[0] - alone[0]).max() > 1e-4


def test_waveforms_have_the_clips_as_their_features_and_are_written(finished, recorded, tmp_path):
    from gansynth_isa.spectral.transform import make_transform

    trained, labels = load_generator(finished[0]), np.array([0, 1, 1], np.int32)
    waveforms = trained.waveforms(labels, seed=2, first=30)
    assert waveforms.shape == (3, 4410)
    features = make_transform(recorded.features, 44100)(waveforms).numpy()
    np.testing.assert_allclose(trained.clips(labels, 2, 30), features, atol=1e-3)
    write_clips(trained, tmp_path, 2, seed=2, wav=True)
    expected = trained.waveforms(np.array([0, 1, 0, 1]), seed=2)
    for number, path in enumerate(sorted((tmp_path / "wav").iterdir())):
        samples, rate = soundfile.read(path)
        assert rate == 44100
        np.testing.assert_allclose(samples, 0.9 * expected[number] / np.abs(expected[number]).max(), atol=1e-4)


@pytest.fixture(scope="module")
def finished_specgan(recorded, settings_of, tmp_path_factory):
    folder = tmp_path_factory.mktemp("specgan") / "run"
    fit(folder, recorded, settings_of, "specgan")
    return folder


def test_spectrogram_gan_has_no_waveforms(finished_specgan):
    assert load_generator(finished_specgan).waveforms(np.array([0]), seed=1) is None


@pytest.mark.slow  # SavedModels are traced, written and read
@pytest.mark.parametrize("name", ["wavegan", "specgan"])
def test_exports_make_the_clips_of_the_package(name, finished, finished_specgan, tmp_path):
    trained = load_generator(finished[0] if name == "wavegan" else finished_specgan, for_export=True)
    labels = np.array([1, 0, 1], np.int32)
    expected = trained.clips(labels, seed=7)
    export_generator(trained, "saved_model", tmp_path / "S")
    generate = tf.saved_model.load(str(tmp_path / "S")).signatures["generate"]
    made = generate(class_index=tf.constant(labels), seed=tf.constant(7))["log_mel"].numpy()
    np.testing.assert_allclose(made, expected, atol=1e-3)
    export_generator(trained, "keras", tmp_path / "K")
    (path,) = (tmp_path / "K").glob("*.keras")
    latents = drawn_latents(7, 0, trained.latent_size)[:3].numpy()
    model = keras.models.load_model(path)  # in safe mode
    np.testing.assert_allclose(model({"latents": latents, "class_index": labels}), expected, atol=1e-3)


def test_latents_of_exports_are_uniform():
    normal = np.array([[-1.0, 0.0, 0.6744898]], np.float32)  # quantiles 0.1587, 0.5 and 0.75
    np.testing.assert_allclose(UniformLatents()(normal), [[-0.6826895, 0.0, 0.5]], atol=1e-6)
