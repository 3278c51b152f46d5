import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.image_pool import IMAGE_POOL, ImagePool
from gansynth_isa.errors import InputError

CLIPS = np.random.default_rng(0).normal(size=(600, 4, 6, 1)).astype(np.float32)


def marker(number):
    """An operation that adds a power of two of its own, so that sums tell which were used."""
    return lambda clips, seed: clips + 2.0**number


MARKERS = [marker(number) for number in range(5)]


def used(probability, seed=1, step=0):
    """bool (clips, operations), read off the sums."""
    sums = ImagePool(probability, seed, MARKERS)(CLIPS * 0.0, step).numpy()[:, 0, 0, 0].astype(int)
    return (sums[:, np.newaxis] >> np.arange(5)) & 1 == 1


def test_pool_with_probability_one_uses_two_different_operations_on_every_clip_and_all_equally_often():
    drawn = used(1.0)
    assert (drawn.sum(axis=1) == 2).all()  # the same one twice would carry into another bit
    np.testing.assert_allclose(drawn.mean(axis=0), 2 / 5, atol=0.06)
    assert len({tuple(row) for row in drawn}) == 10  # every pair


def test_pool_with_half_probability_uses_each_of_the_two_on_half_of_the_clips():
    counts = used(0.5).sum(axis=1)
    np.testing.assert_allclose([(counts == number).mean() for number in range(3)], [0.25, 0.5, 0.25], atol=0.06)


def test_pool_with_probability_zero_changes_nothing():
    np.testing.assert_array_equal(ImagePool(0.0, 1)(CLIPS, 3).numpy(), CLIPS)


def test_pool_changes_the_share_of_clips_that_the_dice_say():
    changed = (ImagePool(0.5, 1, IMAGE_POOL[6:8])(CLIPS, 0).numpy() != CLIPS).any(axis=(1, 2, 3))
    assert changed.mean() == pytest.approx(0.75, abs=0.06)


def test_pool_depends_on_seed_and_step_alone_in_and_out_of_a_graph():
    first = ImagePool(0.5, 1)(CLIPS, 5).numpy()
    assert first.shape == CLIPS.shape and first.dtype == np.float32 and np.isfinite(first).all()
    np.testing.assert_array_equal(ImagePool(0.5, 1)(CLIPS, 5).numpy(), first)
    np.testing.assert_allclose(tf.function(ImagePool(0.5, 1))(CLIPS, tf.constant(5)).numpy(), first, atol=1e-5)
    assert (used(0.5, step=6) != used(0.5, step=5)).any()
    assert (used(0.5, seed=2) != used(0.5, seed=1)).any()


@pytest.mark.parametrize("shape", [(0, 8, 10, 1), (1, 8, 10, 2), (3, 5, 3, 2)])
def test_pool_takes_batches_of_any_size_also_none(shape):
    clips = np.ones(shape, np.float32)
    assert ImagePool(1.0, 2**40)(clips, 0).shape == shape


def test_pool_with_a_probability_out_of_range_is_refused():
    with pytest.raises(InputError, match="augmentation_probability: expected 0 to 1, got -0.5"):
        ImagePool(-0.5, 0)
