"""Operations of the image pool; expectations are those of NumPy, SciPy or Pillow."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageFilter
from scipy.ndimage import affine_transform, gaussian_filter

from gansynth_isa.classifiers.augmentation import geometry, image_operations
from gansynth_isa.classifiers.augmentation.image_pool import IMAGE_POOL
from gansynth_isa.classifiers.augmentation.operations import SPECTROGRAM_OPERATIONS

SHAPE = (32, 24, 40, 2)
CLIPS = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
SEED = tf.constant([7, 0], tf.int32)
GEOMETRY = [operation for operation in IMAGE_POOL if operation.__module__ == geometry.__name__]
BOTH_CHANNELS = [*GEOMETRY, image_operations.erasing]

each_operation = pytest.mark.parametrize(
    "operation", [*SPECTROGRAM_OPERATIONS, *IMAGE_POOL], ids=lambda operation: operation.__name__
)


@each_operation
def test_operation_at_strength_zero_is_the_identity(operation):
    np.testing.assert_array_equal(operation(CLIPS, SEED, 0.0).numpy(), CLIPS)


@each_operation
def test_operation_changes_every_clip_at_full_strength_and_keeps_shape_and_type(operation):
    changed = operation(CLIPS, SEED, 1.0).numpy()
    assert changed.shape == SHAPE and changed.dtype == np.float32 and np.isfinite(changed).all()
    assert (changed != CLIPS).any(axis=(1, 2, 3)).all()


@each_operation
def test_operation_changes_more_with_more_strength(operation):
    smooth = gaussian_filter(CLIPS, (0, 6, 6, 0)) * 20  # of noise any shift is as good as the largest
    changes = [np.square(operation(smooth, SEED, strength).numpy() - smooth).mean() for strength in (0.2, 1.0)]
    assert changes[0] < changes[1]


@each_operation
def test_operation_takes_a_strength_per_clip(operation):
    half = np.repeat(np.float32([0.0, 1.0]), 16)
    changed = operation(CLIPS, SEED, half).numpy()
    np.testing.assert_array_equal(changed[:16], CLIPS[:16])
    np.testing.assert_array_equal(changed[16:], operation(CLIPS, SEED, 1.0).numpy()[16:])


@each_operation
def test_operation_takes_an_empty_batch_and_flat_clips(operation):
    assert operation(CLIPS[:0], SEED).shape == (0, *SHAPE[1:])
    assert np.isfinite(operation(np.zeros((2, 8, 8, 1), np.float32), SEED).numpy()).all()


@pytest.mark.parametrize("operation", IMAGE_POOL, ids=lambda operation: operation.__name__)
def test_operation_draws_a_strength_per_clip_from_the_seed(operation):
    same = np.repeat(CLIPS[:1], 32, axis=0)
    changed = operation(same, SEED).numpy()
    assert len({clip.tobytes() for clip in changed}) > 5
    np.testing.assert_array_equal(operation(same, SEED).numpy(), changed)
    assert (operation(same, tf.constant([7, 1], tf.int32)).numpy() != changed).any()


@pytest.mark.parametrize("operation", IMAGE_POOL, ids=lambda operation: operation.__name__)
def test_operation_moves_both_channels_or_changes_the_magnitude_alone(operation):
    changed = operation(CLIPS, SEED, 1.0).numpy()
    if operation in BOTH_CHANNELS:
        second_as_first = operation(CLIPS[..., ::-1], SEED, 1.0).numpy()[..., :1]
        np.testing.assert_allclose(changed[..., 1:], second_as_first, atol=1e-6)
        assert (changed[..., 1] != CLIPS[..., 1]).any()
    else:
        np.testing.assert_array_equal(changed[..., 1], CLIPS[..., 1])


@pytest.mark.parametrize(
    ("operation", "axis", "way"), [(geometry.time_translation, 0, 7), (geometry.frequency_translation, 1, 4)]
)
def test_translation_moves_whole_pixels_to_either_side_and_fills_with_the_mean(operation, axis, way):
    sides = set()
    for before, after in zip(CLIPS, operation(CLIPS, SEED, 1.0).numpy(), strict=True):
        before, after = np.moveaxis(before, axis, 0), np.moveaxis(after, axis, 0)
        later = bool((after[:way] == 0).all())
        kept, filled = (after[way:], after[:way]) if later else (after[:-way], after[-way:])
        np.testing.assert_array_equal(kept, before[:-way] if later else before[way:])
        assert (filled == 0).all()
        sides.add(later)
    assert sides == {True, False}


def in_square(matrix):
    """The map about the centre of CLIPS in pixels, of a matrix in sizes of the clip: time first."""
    sizes = np.array(SHAPE[1:3], float)
    pixels = np.array(matrix) * sizes[:, np.newaxis] / sizes
    center = (sizes - 1) / 2
    return pixels, center - pixels @ center


@pytest.mark.parametrize(
    ("operation", "matrix"),
    [
        (geometry.time_shear, lambda side: [[1, 0.3 * side], [0, 1]]),
        (geometry.frequency_shear, lambda side: [[1, 0], [0.1 * side, 1]]),
        (geometry.zoom, lambda side: np.eye(2) / (1 + 0.2 * side)),
        (
            geometry.rotation,
            lambda side: [
                [np.cos(np.pi / 12), side * np.sin(np.pi / 12)],
                [-side * np.sin(np.pi / 12), np.cos(np.pi / 12)],
            ],
        ),
    ],
)
def test_geometry_is_that_of_scipy_with_shares_of_the_clip(operation, matrix):
    changed = operation(CLIPS, SEED, 1.0).numpy()
    sides = set()
    for before, after in zip(CLIPS[..., 0], changed[..., 0], strict=True):
        expected = {
            side: affine_transform(before, *in_square(matrix(side)), order=1, mode="grid-constant") for side in (-1, 1)
        }
        nearest = min(expected, key=lambda side: np.abs(after - expected[side]).max())
        np.testing.assert_allclose(after, expected[nearest], atol=1e-3)
        sides.add(nearest)
    assert sides == {-1, 1}


def first(operation, strength=1.0):
    """The magnitude before and after."""
    return CLIPS[..., 0], operation(CLIPS, SEED, strength).numpy()[..., 0]


def test_brightness_adds_a_constant_of_either_sign():
    before, after = first(image_operations.brightness, 0.5)
    assert set(np.round(after - before, 3).ravel()) == {-0.5, 0.5}


def test_contrast_scales_about_the_mean_of_the_clip():
    before, after = first(image_operations.contrast)
    np.testing.assert_allclose(after.mean(axis=(1, 2)), before.mean(axis=(1, 2)), atol=1e-5)
    factors = np.float64(after.std(axis=(1, 2)) / before.std(axis=(1, 2)))
    assert set(factors.round(3)) == {0.2, 1.8}


def test_sharpness_is_nine_tenths_of_the_way_to_pillow_s_smoothed_image_or_as_far_from_it():
    before, after = first(image_operations.sharpness)
    images = [Image.fromarray(np.uint8(np.clip(16 * clip + 128, 0, 255))) for clip in before]
    smooth = np.float32([np.array(image.filter(ImageFilter.SMOOTH)) for image in images])
    ways = (smooth - 128) / 16 - before
    inside = (slice(None), slice(1, -1), slice(1, -1))
    shares = np.float64(((after - before) * ways)[inside].sum(axis=(1, 2)) / np.square(ways[inside]).sum(axis=(1, 2)))
    assert set(np.abs(shares).round(1)) == {0.9} and shares.min() < 0 < shares.max()


def test_posterization_rounds_to_multiples_of_the_step():
    before, after = first(image_operations.posterization, 0.5)
    np.testing.assert_array_equal(after, np.round(before * 2) / 2)


def test_solarization_mirrors_the_upper_half_and_stays_in_the_range():
    before, after = first(image_operations.solarization)
    least, largest = (extreme(before, axis=(1, 2), keepdims=True) for extreme in (np.min, np.max))
    expected = np.where(before > (least + largest) / 2, least + largest - before, before)
    np.testing.assert_allclose(after, expected, atol=1e-5)


def test_auto_contrast_brings_every_clip_to_the_same_range_and_leaves_a_flat_one():
    _, after = first(image_operations.auto_contrast)
    np.testing.assert_allclose(after.min(axis=(1, 2)), -4.0, atol=1e-5)
    np.testing.assert_allclose(after.max(axis=(1, 2)), 4.0, atol=1e-5)
    flat = np.full((1, 8, 8, 1), 0.3, np.float32)
    np.testing.assert_array_equal(image_operations.auto_contrast(flat, SEED, 1.0).numpy(), flat)


def test_erasing_hides_one_rectangle_with_half_of_each_side():
    hidden = (image_operations.erasing(CLIPS, SEED, 1.0).numpy() == 0).all(axis=-1)
    assert (hidden.any(axis=2).sum(axis=1) == 12).all() and (hidden.any(axis=1).sum(axis=1) == 20).all()
    assert (hidden.sum(axis=(1, 2)) == 12 * 20).all()
