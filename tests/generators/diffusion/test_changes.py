"""Changes of training clips, by hand."""

import numpy as np
import tensorflow as tf

from gansynth_isa.generators.diffusion.networks.changes import NUM_CHANGES, NUM_DRAWS, changed, draw_changes

FRAMES, MEL_BINS = 16, 4


def clips_of(channels=1):
    return tf.random.stateless_normal((3, FRAMES, MEL_BINS, channels), (1, 2))


def changes_of(**sizes):
    """Changes of three clips: shift, level and three waves."""
    places = {"shift": 0, "level": 1, "wave_1": 2, "wave_2": 3, "wave_3": 4}
    row = np.zeros((3, NUM_CHANGES), np.float32)
    for name, size in sizes.items():
        row[:, places[name]] = size
    return tf.constant(row)


def test_zeros_which_clips_are_made_with_are_no_change():
    np.testing.assert_array_equal(changed(clips_of(2), tf.zeros((3, NUM_CHANGES))), clips_of(2))


def test_shift_moves_frames_by_an_eighth_at_most_and_mirrors_what_is_missing():
    clips, later, earlier = clips_of(), *(changed(clips_of(), changes_of(shift=size)).numpy() for size in (1.0, -1.0))
    np.testing.assert_array_equal(later[:, 2:], clips[:, :-2])
    np.testing.assert_array_equal(later[:, 1], clips[:, 1])  # frame 0 is now frame 2, and 1 mirrors 3
    np.testing.assert_array_equal(earlier[:, :-2], clips[:, 2:])
    np.testing.assert_array_equal(earlier[:, -1], clips[:, -3])


def test_level_and_waves_are_added_to_magnitudes_alone():
    louder = changed(clips_of(2), changes_of(level=1.0)) - clips_of(2)
    np.testing.assert_allclose(louder[..., 0], np.full((3, FRAMES, MEL_BINS), 0.5), atol=1e-6)
    np.testing.assert_allclose(louder[..., 1], np.zeros((3, FRAMES, MEL_BINS)), atol=1e-6)
    # Half a wave over four bins: the cosine of 22.5, 67.5, 112.5 and 157.5 degrees, of amplitude 0.5; the second, two
    # half waves, of 45, 135, 225 and 315 degrees, of 0.25.
    first = changed(clips_of(), changes_of(wave_1=1.0)) - clips_of()
    np.testing.assert_allclose(first[0, 0, :, 0], [0.46194, 0.19134, -0.19134, -0.46194], atol=1e-5)
    second = changed(clips_of(), changes_of(wave_2=-1.0)) - clips_of()
    np.testing.assert_allclose(second[0, 0, :, 0], [-0.176777, 0.176777, 0.176777, -0.176777], atol=1e-5)


def test_changes_happen_as_often_as_asked_for_and_are_told():
    draws = tf.random.stateless_uniform((4000, NUM_DRAWS), (3, 4))
    assert not draw_changes(draws, 0.0).numpy().any()
    always = draw_changes(draws, 1.0).numpy()
    assert (always != 0).all() and always.min() < -0.99 and always.max() > 0.99
    happened = draw_changes(draws, 0.25).numpy() != 0
    np.testing.assert_allclose(happened.mean(axis=0), np.full(NUM_CHANGES, 0.25), atol=0.03)
    assert (happened[:, 2] == happened[:, 4]).all() and (happened[:, 0] != happened[:, 1]).any()
