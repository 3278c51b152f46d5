"""The small checkpoint of the original GANSynth against the tensors it was saved from."""

import json
import shutil

import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.networks.building import build_discriminator, build_generator
from gansynth_isa.generators.gansynth.original.names import original_arrays
from gansynth_isa.generators.gansynth.original.run import OriginalRun, is_original_run
from gansynth_isa.generators.gansynth.trained_generator import TrainedGansynth
from gansynth_isa.generators.gansynth.trained_run import read_run
from gansynth_isa.generators.generation import load_generator, write_clips

CHECKPOINT = "stage_00004/model.ckpt-8"


@pytest.fixture(scope="module")
def original_dir(shared_dir):
    """Run folder of the original: three blocks, two channels, five classes."""
    return shared_dir / "reference" / "original_checkpoint"


@pytest.fixture
def copied_dir(original_dir, tmp_path):
    """A copy to damage."""
    shutil.copytree(original_dir, tmp_path / "run")
    return tmp_path / "run"


def change_hparams(folder, **changes):
    path = folder / "experiment.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def networks_with(run):
    """(group of expected.npz, part, network) for generator, moving average and discriminator."""
    experiment = run.description
    shape = (experiment.config.network, len(experiment.class_names), run.num_blocks, False, experiment.num_channels)
    parts = {
        ("after", "generator"): build_generator(*shape),
        ("ema", "average"): build_generator(*shape, name="average"),
        ("after", "discriminator"): build_discriminator(*shape),
    }
    for (_, part), network in parts.items():
        for variable in network.trainable_variables:
            variable.assign(run.arrays[f"{part}/{variable.path}"])
    return parts


def test_every_weight_and_moving_average_is_the_original_one(original_dir):
    run = read_run(original_dir, print)
    assert (run.image, run.num_blocks, run.is_finished) == (4, 3, True)
    compared = set()
    with np.load(original_dir / "expected.npz") as expected:
        for (group, _), network in networks_with(run).items():
            values = [variable.numpy() for variable in network.trainable_variables]
            for name, array in original_arrays(network, values).items():
                np.testing.assert_array_equal(array, expected[f"{group}/{name}"], err_msg=name)
                compared.add(f"{group}/{name}")
        lower_images = {name for name in expected.files if "block_1/to_rgb" in name or "block_2/to_rgb" in name}
        lower_images |= {name for name in expected.files if "block_1/from_rgb" in name or "block_2/from_rgb" in name}
        assert {name for name in expected.files if name.startswith(("after/", "ema/"))} == compared | {
            name for name in lower_images if name.startswith(("after/", "ema/"))
        }


def test_layers_of_lower_images_carry_over_too(original_dir):
    arrays = read_run(original_dir, print).arrays
    with np.load(original_dir / "expected.npz") as expected:
        prefix = "Generator/progressive_gan_generator/progressive_gan_block_2/to_rgb"
        np.testing.assert_array_equal(arrays["average/block_2_to_rgb/kernel"], expected[f"ema/{prefix}/conv2d/kernel"])


def test_clips_come_straight_from_the_folder_and_are_restored_by_the_fixed_normalizer(original_dir, tmp_path):
    trained = TrainedGansynth(original_dir)
    with np.load(original_dir / "expected.npz") as expected:
        latents, labels = expected["in/latents"], expected["in/generator_labels"]
    images = trained.generator(latents, labels).numpy()
    restored = trained.description.normalizer.restore(images)
    np.testing.assert_allclose(restored[..., 0], (images[..., 0] - 0.113718730221) / 0.0661371661726, rtol=1e-5)
    np.testing.assert_allclose(restored[..., 1], images[..., 1] / 0.8, rtol=1e-5)
    write_clips(load_generator(original_dir), tmp_path / "S", samples_per_class=1, classes=("class_3",))
    metadata = json.loads((tmp_path / "S" / "metadata.json").read_text())
    assert metadata["shape"] == [8, 16, 2] and metadata["generated_classes"] == ["class_3"]


def test_checkpoint_in_a_folder_that_reads_as_a_pattern_is_the_same(original_dir, tmp_path):
    shutil.copytree(original_dir, tmp_path / "run [1]*")
    expected, received = read_run(original_dir, print).arrays, read_run(tmp_path / "run [1]*", print).arrays
    assert expected.keys() == received.keys()
    assert all(np.array_equal(expected[name], received[name]) for name in expected)


def test_run_of_this_project_and_no_run_are_no_original_ones(original_dir, tiny_run, tmp_path):
    assert is_original_run(original_dir)
    assert not is_original_run(tiny_run)
    assert not is_original_run(tmp_path)


def test_checkpoint_that_lacks_variables_is_refused_by_name(copied_dir):
    change_hparams(copied_dir, num_resolutions=4)
    (copied_dir / "stage_00004").rename(copied_dir / "stage_00006")
    with pytest.raises(InputError, match="lacks the generator variable '.*progressive_gan_block_4"):
        read_run(copied_dir, print)


def test_truncated_checkpoint_is_refused(copied_dir):
    data = copied_dir / f"{CHECKPOINT}.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:1000])
    with pytest.raises(InputError, match="model.ckpt-8: not a whole checkpoint"):
        read_run(copied_dir, print)


def test_variables_of_other_shapes_than_the_settings_say_are_refused(copied_dir):
    change_hparams(copied_dir, fmap_max=8)
    with pytest.raises(InputError, match="does not fit experiment.json"):
        read_run(copied_dir, print)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"simple_arch": True}, "simple_arch: expected False"),
        ({"scale_mode": "W"}, "scale_mode: expected one of ALL, H"),
        ({"start_height": None}, "expected start_height"),
        ({"mag_normalizer_a": None}, "expected the numbers of the normalizer"),
    ],
)
def test_settings_that_this_project_does_not_rebuild_are_refused(copied_dir, changes, message):
    change_hparams(copied_dir, **changes)
    with pytest.raises(InputError, match=message):
        OriginalRun(copied_dir)


def test_range_that_lay_in_the_data_stops_generating_but_not_reading(copied_dir):
    change_hparams(copied_dir, data_normalizer="specgrams_simple_normalizer")
    assert read_run(copied_dir, print).description.normalizer is None
    with pytest.raises(InputError, match="expected a fixed normalizer"):
        TrainedGansynth(copied_dir)


def test_original_run_without_its_last_stage_is_not_finished(copied_dir):
    change_hparams(copied_dir, num_resolutions=4)
    with pytest.raises(InputError, match="training is not finished"):
        TrainedGansynth(copied_dir)


def test_data_type_of_the_original_is_kept_and_another_than_this_project_knows_is_refused(copied_dir):
    assert OriginalRun(copied_dir).description.config.features.data_type == "mel"
    change_hparams(copied_dir, data_type="wave")
    with pytest.raises(InputError, match="experiment.json: data_type: expected one of .*, got 'wave'"):
        OriginalRun(copied_dir)
