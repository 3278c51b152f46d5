"""Runs that start from the weights of another."""

import dataclasses
import io
import json

import numpy as np
import pytest

from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.trained_run import read_run
from gansynth_isa.generators.gansynth.training.initial_weights import InitialWeights
from gansynth_isa.generators.gansynth.training.run import describe_run, train_gan


@pytest.fixture(scope="module")
def tiny_source(tiny_run):
    return read_run(tiny_run, print, all_images=True)


def test_all_arrays_of_an_equal_run_fit(tiny_source, tiny_config, tiny_clips):
    initial = InitialWeights(tiny_source, tiny_config.network, tiny_clips.class_names, (4, 8, 1))
    assert set(initial.arrays) == set(tiny_source.arrays)
    assert initial.normalizer is tiny_source.description.normalizer
    assert {name.split("/")[-2] for name in initial.arrays} >= {"block_1_to_rgb", "block_2_to_rgb", "block_1_from_rgb"}


def test_other_labels_leave_out_what_depends_on_their_number_and_say_so(tiny_source, tiny_config):
    initial = InitialWeights(tiny_source, tiny_config.network, ("a", "b", "c"), (4, 8, 1))
    missing = {"/".join(name.split("/")[-2:]) for name in set(tiny_source.arrays) - set(initial.arrays)}
    assert missing == {"block_1_conv0/kernel", "class_logits/kernel", "class_logits/bias"}
    assert any("block_1_conv0/kernel" in line and line.startswith("  not taken") for line in initial.lines())


def test_turned_start_resolution_does_not_take_the_kernel_of_equal_size(tiny_source, tiny_config):
    turned = dataclasses.replace(tiny_config.network, start_height=4, start_width=2)
    initial = InitialWeights(tiny_source, turned, ("loud", "quiet"), (8, 4, 1))
    missing = {"/".join(name.split("/")[-2:]) for name in set(tiny_source.arrays) - set(initial.arrays)}
    assert tiny_config.network.start_resolution == (2, 4)
    # That of the generator's first layer has the two axes in its shape.
    assert missing == {"block_1_conv1/kernel", "block_1_conv0/kernel"}
    assert "generator/block_1_conv1/kernel" in initial.arrays
    (line,) = [line for line in initial.lines() if "discriminator/block_1_conv1/kernel" in line]
    assert line.endswith("laid out for another start resolution")


def test_other_channels_keep_convolutions_and_fit_the_normalizer_anew(shared_dir, tiny_config, tiny_clips):
    original = read_run(shared_dir / "reference" / "original_checkpoint", print)
    network = dataclasses.replace(original.description.config.network, num_resolutions=3, start_height=2, start_width=4)
    classes = original.description.class_names
    assert InitialWeights(original, network, classes, (8, 16, 2), "linear").normalizer is None
    both = InitialWeights(original, network, classes, (8, 16, 2), "mel")
    assert set(both.arrays) == set(original.arrays) and both.normalizer is original.description.normalizer
    one = InitialWeights(original, network, classes, (8, 16, 1))
    assert one.normalizer is None and "fitted to the clips" in one.lines()[-1]
    missing = set(original.arrays) - set(one.arrays)
    assert missing and all("rgb" in name for name in missing)
    assert not [name for name in one.arrays if name.endswith("rgb/kernel")]


def test_training_starts_from_the_weights_and_remembers_them(tiny_run, tiny_source, tiny_config, tiny_clips, tmp_path):
    """With learning rates next to nothing the weights of the other run are still there at the end."""
    training = dataclasses.replace(
        tiny_config.training,
        generator_learning_rate=1e-9,
        discriminator_learning_rate=1e-9,
        moving_average_half_life_images=1e9,
        stable_stage_num_images=4,
        transition_stage_num_images=4,
    )
    config = dataclasses.replace(tiny_config, training=training)
    output = io.StringIO()
    train_gan(config, tiny_clips, tmp_path / "run", Console(output), init_from=tiny_run)
    assert "init_from: " in output.getvalue()
    for name, array in read_run(tmp_path / "run", print).arrays.items():
        np.testing.assert_allclose(array, tiny_source.arrays[name], atol=1e-6, err_msg=name)
    values = json.loads((tmp_path / "run" / "experiment.json").read_text())
    assert values["initialised_from"]["sha256"] == tiny_source.sha256()
    assert values["data"]["files_before"].keys() == tiny_clips.digests.keys()
    with pytest.raises(InputError, match="init_from: weights [0-9a-f]{12} -> None"):
        train_gan(config, tiny_clips, tmp_path / "run", Console(output))


def test_recordings_seen_by_a_run_before_the_run_before_are_remembered(tiny_source, tiny_config, tiny_clips):
    before = {**tiny_source.description.data, "files_before": {"x.wav": ["0" * 64]}}
    source = dataclasses.replace(tiny_source, description=dataclasses.replace(tiny_source.description, data=before))
    initial = InitialWeights(source, tiny_config.network, tiny_clips.class_names, (4, 8, 1))
    experiment = describe_run(tiny_config, tiny_clips, initial)
    assert experiment.data["files_before"]["x.wav"] == ["0" * 64]
    assert experiment.data["sha256"] == tiny_clips.fingerprint()["sha256"]
