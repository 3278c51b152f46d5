import numpy as np
import pytest

from gansynth_isa.classifiers.augmentation.augmenter import Augmenter
from gansynth_isa.classifiers.augmentation.policies import make_policy
from gansynth_isa.config import AUGMENTATIONS

CLIPS = np.random.default_rng(0).normal(size=(40, 8, 10, 1)).astype(np.float32)
CLASS_WEIGHTS = np.eye(2, dtype=np.float32)[np.arange(40) % 2]


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_every_policy_that_may_be_chosen_changes_clips_and_keeps_shapes(name):
    clips, weights = make_policy(name, 0.5, 0.2, 0)(CLIPS, CLASS_WEIGHTS, 0)
    assert clips.shape == CLIPS.shape and weights.shape == CLASS_WEIGHTS.shape
    assert (clips.numpy() != CLIPS).any()


def test_spectrogram_policy_leaves_the_classes_alone_and_is_the_augmenter():
    clips, weights = make_policy("spectrogram", 0.5, 0.2, 3)(CLIPS, CLASS_WEIGHTS, 7)
    np.testing.assert_array_equal(weights, CLASS_WEIGHTS)
    np.testing.assert_array_equal(clips.numpy(), Augmenter(0.5, 3)(CLIPS, 7).numpy())


def test_mixup_policy_mixes_also_where_no_operation_is_used():
    clips, weights = make_policy("mixup_image_pool", 0.0, 1.0, 0)(CLIPS, CLASS_WEIGHTS, 0)
    assert (clips.numpy() != CLIPS).any(axis=(1, 2, 3)).mean() > 0.9
    mixed = (weights.numpy() > 0).all(axis=1)  # of two classes a partner is of the other about half of the time
    assert 0.25 < mixed.mean() < 0.75


def test_policy_that_there_is_not_is_named():
    with pytest.raises(ValueError, match="augmentation: expected spectrogram or mixup_image_pool, got 'mixup'"):
        make_policy("mixup", 0.5, 0.2, 0)
