import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.operations import (
    additive_noise,
    frequency_mask,
    gain,
    random_filter,
    time_mask,
    time_shift,
)
from gansynth_isa.errors import InputError

OPERATIONS = [time_mask, frequency_mask, time_shift, gain, additive_noise, random_filter]
SHAPE = (64, 32, 40, 1)


def clips(seed=0):
    return np.random.default_rng(seed).normal(size=SHAPE).astype(np.float32)


def seed(number=0):
    return tf.constant([7, number], tf.int32)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
def test_operation_with_the_same_seed_repeats_in_and_out_of_a_graph_and_with_another_differs(operation):
    first = operation(clips(), seed()).numpy()
    assert first.shape == SHAPE and first.dtype == np.float32
    np.testing.assert_allclose(tf.function(operation)(clips(), seed()).numpy(), first, rtol=1e-5, atol=1e-5)
    assert not np.allclose(operation(clips(), seed(1)).numpy(), first)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
def test_operation_treats_equal_clips_of_a_batch_differently(operation):
    same = np.repeat(clips()[:1], SHAPE[0], axis=0)
    changed = operation(same, seed()).numpy()
    assert len({clip.tobytes() for clip in changed}) > 5


@pytest.mark.parametrize(("operation", "axis"), [(time_mask, 1), (frequency_mask, 2)])
def test_mask_hides_one_stretch_of_at_most_its_share_and_nothing_else(operation, axis):
    original = clips()
    masked = operation(original, seed(), max_share=0.25).numpy()
    other_axes = tuple({1, 2, 3} - {axis})
    hidden = (masked == 0).all(axis=other_axes)
    assert 0 < hidden.sum(axis=1).max() <= 0.25 * SHAPE[axis]
    edges = np.abs(np.diff(np.pad(hidden, ((0, 0), (1, 1))).astype(int), axis=1)).sum(axis=1)
    assert set(edges) <= {0, 2}
    untouched = np.moveaxis(original, axis, 1)[~hidden]
    np.testing.assert_array_equal(np.moveaxis(masked, axis, 1)[~hidden], untouched)


def test_time_shift_rolls_each_clip_by_whole_frames_within_the_limit():
    original = clips()
    shifted = time_shift(original, seed(), max_share=0.25).numpy()
    found = []
    for before, after in zip(original, shifted, strict=True):
        matches = [shift for shift in range(-8, 9) if np.array_equal(np.roll(before, shift, axis=0), after)]
        assert len(matches) == 1
        found += matches
    assert min(found) < 0 < max(found)


def test_gain_adds_one_constant_per_clip_within_the_limit():
    difference = gain(clips(), seed(), max_change=0.5).numpy() - clips()
    constants = difference.mean(axis=(1, 2, 3))
    np.testing.assert_allclose(difference, np.broadcast_to(constants[:, None, None, None], SHAPE), atol=1e-6)
    assert np.abs(constants).max() <= 0.5 and constants.min() < -0.3 and constants.max() > 0.3


def test_additive_noise_has_levels_between_zero_and_the_limit():
    deviations = (additive_noise(clips(), seed(), max_deviation=0.4).numpy() - clips()).std(axis=(1, 2, 3))
    assert deviations.min() < 0.1 and 0.3 < deviations.max() < 0.42


def test_random_filter_is_the_same_in_all_frames_smooth_and_bounded():
    curve = random_filter(np.zeros(SHAPE, np.float32), seed(), max_change=0.5).numpy()
    np.testing.assert_array_equal(curve, np.broadcast_to(curve[:, :1], SHAPE))
    assert 0.1 < np.abs(curve).max() <= 0.5
    # The fastest cosine has two periods over all bins, so its steepest step is 4 pi / bins of the amplitude.
    assert np.abs(np.diff(curve, axis=2)).max() < 0.5 * 4 * np.pi / SHAPE[2]


@pytest.mark.parametrize("operation", [time_mask, frequency_mask, time_shift])
def test_operation_with_a_share_above_one_is_refused(operation):
    with pytest.raises(InputError, match="max_share: expected a share from 0 to 1, got 1.5"):
        operation(clips(), seed(), max_share=1.5)


@pytest.mark.parametrize("operation", [gain, random_filter])
def test_change_of_level_concerns_the_magnitude_and_leaves_the_phase(operation):
    both = np.concatenate([clips(), clips(1)], axis=-1)
    changed = operation(both, seed()).numpy()
    np.testing.assert_array_equal(changed[..., 1], both[..., 1])
    np.testing.assert_allclose(changed[..., :1], operation(clips(), seed()).numpy(), rtol=1e-6, atol=1e-6)
