"""A GAN that starts from the clips of a fitted generator, through tiny runs."""

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.checks.crash_battery import run_differences
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.export.exporting import export_generator
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.gansynth.config import GansynthConfig
from gansynth_isa.generators.gansynth.kind import BASE_FOLDER, GansynthKind
from gansynth_isa.generators.gansynth.networks.base_images import base_images
from gansynth_isa.generators.gansynth.networks.building import build_generator
from gansynth_isa.generators.gansynth.networks.growth import blend_images, downscale
from gansynth_isa.generators.generation import load_generator
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.runs.checkpoints import checkpoint_image
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.spectral.normalizers import fit_normalizer
from gansynth_isa.validation import leaves

SEED = 3


def settings(tiny_config, base):
    """Settings of a tiny GAN with that base."""
    return GansynthConfig(dataclasses.replace(tiny_config.network, base_generator=base), tiny_config.training)


@pytest.fixture(scope="module")
def training(tiny_config, tiny_clips):
    """What a kind is trained on."""
    return TrainingData(tiny_clips, tiny_config.data, tiny_config.features)


@pytest.fixture(scope="module", params=["gaussian", "transfer", "smote"])
def run(request, tiny_config, training, tmp_path_factory):
    """Folder of a finished run; tests must not change it."""
    folder = tmp_path_factory.mktemp("base") / "run"
    fit(folder, settings(tiny_config, request.param), training)
    return folder


def fit(folder, config, training, console=None):
    surroundings = Surroundings(console or Console(), show_reports=False)
    kind_named("gansynth").fit(config, training, SEED, folder, surroundings)


@pytest.fixture(scope="module")
def base(run):
    """The fitted generator that the run starts from."""
    return load_generator(run / BASE_FOLDER)


@pytest.mark.parametrize(("num_blocks", "growing"), [(1, False), (2, True), (2, False)])
def test_untrained_network_shows_the_bases_clips_as_real_ones_are_shown(
    base, tiny_config, tiny_clips, num_blocks, growing
):
    normalizer = fit_normalizer("specgrams_simple_normalizer", tiny_clips.spectrograms, 0.8)
    images = base_images(base.keras_model(), normalizer)
    generator = build_generator(tiny_config.network, 2, num_blocks, growing, base=images)
    latents = np.random.default_rng(0).normal(size=(3, generator.latent_size)).astype(np.float32)
    classes, progress = np.array([1, 0, 1], np.int32), 0.3
    inputs = {"latents": latents[:, -base.latent_size :], "class_index": classes}
    expected = normalizer.normalize(np.asarray(base.keras_model()(inputs)))
    if num_blocks == 1:
        expected = np.asarray(downscale(expected, (2, 2)))
    if growing:
        expected = np.asarray(blend_images(expected, progress, 2, (2, 2)))
    shown = generator(latents, np.eye(2, dtype=np.float32)[classes], tf.constant(progress) if growing else None)
    np.testing.assert_allclose(np.asarray(shown), expected, atol=1e-5)


def test_training_changes_what_is_shown_of_the_base_but_not_the_base(run, base, tiny_config, training, tmp_path):
    trained = load_generator(run)
    assert all(float(np.abs(gain.gain)) > 0 for gain in trained.generator.gains.values())
    alone = kind_named(base.provenance.kind)
    alone.fit(
        alone.resolve(alone.config_class(), training.features),
        training,
        SEED,
        tmp_path / "alone",
        Surroundings(Console()),
    )
    assert load_generator(tmp_path / "alone").provenance.weights_sha256 == base.provenance.weights_sha256


def test_run_resumed_in_a_transition_equals_one_that_was_never_stopped(run, tiny_config, training, base, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    for path in (tmp_path / "run").glob("stage_*/checkpoint-*.npz"):
        if checkpoint_image(path) > 24:
            path.unlink()
    fit(tmp_path / "run", settings(tiny_config, base.provenance.kind), training)
    assert run_differences(run, tmp_path / "run") == []


def test_saved_model_and_keras_file_make_the_clips_of_the_package(run, tmp_path):
    trained = load_generator(run, for_export=True)
    labels = (np.arange(40) % 2).astype(np.int32)
    clips = trained.clips(labels, seed=7)
    np.testing.assert_array_equal(trained.clips(labels[30:], seed=7, first=30), clips[30:])
    export_generator(trained, "saved_model", tmp_path / "X")
    generate = tf.saved_model.load(str(tmp_path / "X")).signatures["generate"]
    exported = generate(class_index=tf.constant(labels), seed=tf.constant(7))["log_mel"].numpy()
    np.testing.assert_allclose(exported, clips, atol=1e-4)
    export_generator(trained, "keras", tmp_path / "K")
    model = keras.models.load_model(tmp_path / "K" / "generator.keras", safe_mode=True)
    latents = np.random.default_rng(0).normal(size=(2, trained.latent_size)).astype(np.float32)
    inputs = {"latents": latents, "class_index": np.array([0, 1], np.int32)}
    np.testing.assert_allclose(np.asarray(model(inputs)), np.asarray(trained.keras_model()(inputs)), atol=1e-4)


def test_digest_of_the_weights_follows_the_base_too(run):
    trained = load_generator(run)
    before = trained.weights_sha256()
    variable = trained.generator.base.model.variables[0]
    variable.assign(variable + 1)
    assert trained.weights_sha256() != before


def test_run_without_its_base_is_refused_by_name(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / BASE_FOLDER)
    with pytest.raises(InputError, match=r"base: expected the folder of"):
        load_generator(tmp_path / "run")


def test_other_base_is_another_run(run, tiny_config, training, base):
    other = "smote" if base.provenance.kind == "gaussian" else "gaussian"
    with pytest.raises(InputError, match="use another --train_root_dir"):
        fit(run, settings(tiny_config, other), training)
    described = json.loads((run / BASE_FOLDER / "experiment.json").read_text())
    assert described["generator"] == base.provenance.kind


@pytest.mark.parametrize("other", ["kind", "clips"])
def test_base_left_alone_by_a_killed_training_is_fitted_anew_where_it_does_not_fit(
    other, tiny_config, training, tmp_path, monkeypatch
):
    """The training itself is no matter here, which starts when its base is there."""
    monkeypatch.setattr("gansynth_isa.generators.gansynth.training.run.train_gan", lambda *_, **__: None)
    kind, clips = ("smote", training.clips) if other == "kind" else ("gaussian", training.clips.select([0, 1, 3, 4]))
    fit(tmp_path / "run", settings(tiny_config, kind), dataclasses.replace(training, clips=clips))
    for name in ("run", "new"):
        fit(tmp_path / name, settings(tiny_config, "gaussian"), training)
    bases = [load_generator(tmp_path / name / BASE_FOLDER).provenance for name in ("run", "new")]
    assert bases[0].kind == "gaussian"
    assert bases[0].weights_sha256 == bases[1].weights_sha256


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"init_from": "R"}, "expected none with --init_from"),
        ({"replicas": Replicas()}, "expected none with --strategy"),
    ],
)
def test_base_beside_what_it_does_not_go_with_is_refused(tiny_config, changed, message):
    surroundings = Surroundings(Console(), **changed)
    with pytest.raises(InputError, match=message):
        kind_named("gansynth").check(settings(tiny_config, "gaussian"), surroundings)


def test_base_of_a_kind_that_is_not_at_hand_is_refused(tiny_config):
    with pytest.raises(InputError, match="base_generator: the kind smote is not at hand"):
        GansynthKind().check(settings(tiny_config, "smote"), Surroundings(Console()))


def test_base_takes_its_own_settings_and_others_are_another_run(tiny_config, training, tmp_path):
    config = settings(tiny_config, "gaussian")
    shared = GansynthConfig(
        dataclasses.replace(config.network, base_settings=("gaussian_sharing=1", "gaussian_components=2")),
        config.training,
    )
    fit(tmp_path / "run", shared, training)
    found = load_generator(tmp_path / "run" / BASE_FOLDER).provenance.configuration
    assert (leaves(found)["gaussian_sharing"], leaves(found)["gaussian_components"]) == (1.0, 2)
    with pytest.raises(InputError, match=r"base_settings: .* -> .*use another --train_root_dir"):
        fit(tmp_path / "run", config, training)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (("gaussian_sharing",), "expected NAME=VALUE, got 'gaussian_sharing'"),
        (("gaussian_sharing=",), "expected NAME=VALUE, got 'gaussian_sharing='"),
        (("gaussian_sharin=1",), r"got 'gaussian_sharin'; did you mean 'gaussian_sharing'|gaussian_sharing"),
        (("gaussian_sharing=1", "gaussian_sharing=0"), "got 'gaussian_sharing' twice"),
        (("gaussian_sharing=one",), "gaussian_sharing: expected a number, got 'one'"),
        (("gaussian_sharing=2",), "base_settings: gaussian_sharing: expected at most 1, got 2"),
        (("gaussian_components=1.5",), "gaussian_components: expected a whole number, got '1.5'"),
    ],
)
def test_base_settings_that_are_none_are_refused_in_one_line(tiny_config, entries, message):
    config = settings(tiny_config, "gaussian")
    config = GansynthConfig(dataclasses.replace(config.network, base_settings=entries), config.training)
    with pytest.raises(InputError, match=message) as caught:
        kind_named("gansynth").check(config, Surroundings(Console()))
    assert "\n" not in str(caught.value)


def test_base_settings_without_a_base_are_refused(tiny_config):
    network = dataclasses.replace(tiny_config.network, base_settings=("gaussian_sharing=1",))
    with pytest.raises(InputError, match="base_settings: expected none without --base_generator"):
        kind_named("gansynth").check(GansynthConfig(network, tiny_config.training), Surroundings(Console()))
