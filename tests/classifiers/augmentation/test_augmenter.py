import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.augmenter import Augmenter
from gansynth_isa.classifiers.augmentation.operations import gain, time_mask
from gansynth_isa.errors import InputError

CLIPS = np.random.default_rng(0).normal(size=(400, 8, 10, 1)).astype(np.float32)


def add_one(clips, seed):
    return clips + 1.0


def test_augmenter_with_probability_zero_changes_nothing():
    np.testing.assert_array_equal(Augmenter(0.0, 1)(CLIPS, 3).numpy(), CLIPS)


def test_augmenter_with_half_probability_leaves_half_of_the_clips_alone():
    operations = [add_one] * 8  # of a chosen clip all eight are left out once in 256
    changed = (Augmenter(0.5, 1, operations)(CLIPS, 0).numpy() != CLIPS).any(axis=(1, 2, 3))
    assert 0.4 < changed.mean() < 0.6


def test_augmenter_with_probability_one_uses_each_operation_on_half_of_the_clips():
    changed = (Augmenter(1.0, 1, [add_one])(CLIPS, 0).numpy() != CLIPS).any(axis=(1, 2, 3))
    assert 0.4 < changed.mean() < 0.6


def test_augmenter_depends_on_seed_and_step_alone():
    first = Augmenter(0.5, 1)(CLIPS, 5).numpy()
    np.testing.assert_array_equal(Augmenter(0.5, 1)(CLIPS, 5).numpy(), first)
    assert (Augmenter(0.5, 1)(CLIPS, 6).numpy() != first).any()
    assert (Augmenter(0.5, 2)(CLIPS, 5).numpy() != first).any()


def test_augmenter_inside_a_graph_takes_a_tensor_step():
    augmenter = Augmenter(0.5, 1, [gain, time_mask])
    graph = tf.function(augmenter)
    np.testing.assert_allclose(graph(CLIPS, tf.constant(2)).numpy(), augmenter(CLIPS, 2).numpy(), atol=1e-6)


def test_augmenter_with_a_seed_beyond_32_bits_works():
    assert np.isfinite(Augmenter(0.5, 2**40 + 1)(CLIPS, 0).numpy()).all()


def test_augmenter_with_a_probability_out_of_range_is_refused():
    with pytest.raises(InputError, match="augmentation_probability: expected 0 to 1, got 1.2"):
        Augmenter(1.2, 0)
