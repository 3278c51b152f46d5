"""Synthetic clips that do not fit, and GANs that have seen the test side."""

import copy
import dataclasses

import numpy as np
import pytest

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.subset import split_sides
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.provenance import check_synthetic, check_unseen
from gansynth_isa.validation import to_dict

DATA, FEATURES = DataConfig(), FeatureConfig(frames=4, mel_bins=4)


@pytest.fixture
def sides(clips):
    return split_sides(clips, ("1",))


@pytest.fixture
def synthetic(sides):
    metadata = {
        "configuration": to_dict(GanConfig(data=DATA, features=FEATURES)),
        "data": sides[0].fingerprint(),
    }
    return SyntheticClips(np.zeros((2, 4, 4, 1), np.float32), np.array([0, 1], np.int32), ("a", "b"), metadata)


def changed(synthetic, **changes):
    return dataclasses.replace(synthetic, **changes)


def test_fitting_clips_of_an_honest_gan_pass(synthetic, sides):
    check_synthetic(synthetic, *sides, DATA, FEATURES)


def test_gan_that_has_seen_a_test_file_by_path_is_refused(sides):
    with pytest.raises(InputError, match="seen no test file, but it was trained on a_1.wav"):
        check_unseen({"a_1.wav": "other content", "a_2.wav": "x"}, sides[1])


def test_gan_that_has_seen_a_test_file_by_content_is_refused(sides):
    with pytest.raises(InputError, match="trained on b_1.wav"):
        check_unseen({"renamed.wav": "digest of b_1.wav"}, sides[1])


def test_gan_that_has_seen_several_test_files_says_how_many(sides):
    with pytest.raises(InputError, match="a_1.wav and 1 more test files"):
        check_unseen({"a_1.wav": "x", "b_1.wav": "y"}, sides[1])


def test_gan_that_was_trained_on_other_clips_than_the_classifier_is_refused(synthetic, sides):
    train, test = sides
    fewer = train.select(range(len(train) - 1))
    with pytest.raises(InputError, match="expected a generator trained on the same 15 clips .* but its 16 were others"):
        check_synthetic(synthetic, fewer, test, DATA, FEATURES)


@pytest.mark.parametrize(("name", "value"), [("peak_normalize", True), ("channels", "0"), ("clip_overlap", 0.5)])
def test_clips_of_a_gan_with_other_clip_settings_are_refused(synthetic, sides, name, value):
    data = DataConfig(**{name: value})
    with pytest.raises(InputError, match=f"expected clips made with {name} = {value}"):
        check_synthetic(synthetic, *sides, data, FEATURES)


def test_clips_of_other_classes_are_refused(synthetic, sides):
    with pytest.raises(InputError, match="expected the classes a, b, got a, c"):
        check_synthetic(changed(synthetic, class_names=("a", "c")), *sides, DATA, FEATURES)


def test_clips_of_another_shape_are_refused(synthetic, sides):
    other = changed(synthetic, spectrograms=np.zeros((2, 8, 4, 1), np.float32))
    with pytest.raises(InputError, match=r"expected clips of shape \(4, 4, 1\), got \(8, 4, 1\)"):
        check_synthetic(other, *sides, DATA, FEATURES)


@pytest.mark.parametrize(("part", "name", "value"), [("features", "hop_length", 256), ("data", "sample_rate", 22050)])
def test_clips_of_another_feature_setting_are_refused(synthetic, sides, part, name, value):
    metadata = copy.deepcopy(synthetic.metadata)
    metadata["configuration"][part][name] = value
    with pytest.raises(InputError, match=f"expected clips made with {name} = .*, got {value}"):
        check_synthetic(changed(synthetic, metadata=metadata), *sides, DATA, FEATURES)
