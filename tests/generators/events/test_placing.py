"""Impacts placed over backgrounds, against sums by hand."""

import numpy as np

from gansynth_isa.generators.events.impacts import Impacts, over_floor
from gansynth_isa.generators.events.placing import NONE, Patterns, nearest_in_level, with_impacts
from tests.generators.events.conftest import FEATURES

PATTERNS = Patterns(
    np.array([[3, 9, 20], [5, NONE, NONE], [NONE, NONE, NONE]], np.int32),
    np.array([[1.0, 0.5, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]], np.float32),
)


def test_patterns_are_those_of_the_clips():
    impacts = Impacts(
        clips=np.array([0, 0, 2]),
        frames=np.array([3, 9, 5]),
        shapes=np.zeros((3, 2, 4)),
        levels=np.array([1.0, 0.5, 2.0]),
        floor=np.zeros(4),
        alone=np.ones(3, bool),
    )
    patterns = Patterns.of(impacts, num_clips=3)
    np.testing.assert_array_equal(patterns.frames, [[3, 9], [NONE, NONE], [5, NONE]])
    np.testing.assert_array_equal(patterns.levels, [[1.0, 0.5], [0.0, 0.0], [2.0, 0.0]])


def test_pattern_keeps_its_spacings_and_begins_with_that_of_another_clip():
    moved = PATTERNS.begun_with(np.array([0, 1, 0, 2, 0]), np.array([1, 0, 2, 0, 0]), num_frames=22)
    expected = [[5, 11, NONE], [3, NONE, NONE], [3, 9, 20], [NONE] * 3, [3, 9, 20]]
    np.testing.assert_array_equal(moved.frames, expected)
    np.testing.assert_array_equal(moved.levels[0], PATTERNS.levels[0])


def test_candidate_with_the_nearest_level_is_placed():
    levels = np.zeros((3, 3, 4))
    levels[0, 0], levels[1, 0] = [-9.0, 0.8, 1.3, 4.0], [5.0, 3.5, 2.6, -2.0]
    assert nearest_in_level(levels, PATTERNS)[[0, 1], 0].tolist() == [1, 2]


def test_powers_add_up_at_the_level_that_is_asked_for_and_the_end_of_the_clip_cuts_an_impact():
    backgrounds = np.full((3, 22, 4), -3.0, np.float32)
    impacts = np.full((3, 3, 4, 4), 7.0)  # at another level than is asked for
    impacts[..., 3, :] = 6.0  # behind the frames that hear the onset, which alone make the level
    clips = with_impacts(backgrounds, PATTERNS, impacts, FEATURES)
    expected = np.exp(np.full((3, 22, 4), -3.0))
    for clip, frame, level in ((0, 3, 1.0), (0, 9, 0.5), (0, 20, 0.0), (1, 5, 2.0)):
        expected[clip, frame : frame + 3] += np.exp(level)
        expected[clip, frame + 3 : frame + 4] += np.exp(level - 1.0)
    np.testing.assert_allclose(clips, np.log(expected), atol=1e-5)
    assert clips.dtype == np.float32


def test_impact_on_the_floor_has_next_to_no_power():
    floor = np.array([-2.0, -2.0, -3.0, 0.0])
    shapes = np.stack([floor, floor - 1.0, np.logaddexp(floor, [0.0, 1.0, 2.0, 3.0])])[np.newaxis]
    power = np.exp(over_floor(shapes, floor))
    np.testing.assert_allclose(power[0, :2], 1e-6 * np.exp(np.stack([floor, floor])))
    np.testing.assert_allclose(np.log(power[0, 2]), [0.0, 1.0, 2.0, 3.0], atol=1e-9)
