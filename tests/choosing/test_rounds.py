import numpy as np
import pytest

from gansynth_isa.choosing.rounds import MAX_ROUNDS, obstacle, rounds_of
from gansynth_isa.data.clip_sets.clip_set import ClipSet


def clips_of(pairs):
    """Clips of (group, label), which are all that matters here."""
    groups, labels = zip(*pairs, strict=True)
    names = tuple("abcdef"[: max(labels) + 1])
    count = len(pairs)
    recordings = tuple(f"{group}{label}" for group, label in pairs)
    return ClipSet(
        np.zeros((count, 1, 1, 1)), np.array(labels, np.int32), names, recordings, groups, (None,) * count, {}
    )


SETS = {
    "recordings of one clip": [(f"{label}{index}", label) for label in range(3) for index in range(4)],
    "sessions with all classes": [(str(session), label) for session in range(3) for label in range(2)] * 4,
    "a rare class": [(f"a{index}", 0) for index in range(30)] + [("b0", 1), ("b0", 1), ("b1", 1)],
    "groups of some classes": [("x", 0), ("x", 1), ("y", 0), ("y", 2), ("z", 1), ("z", 2), ("w", 0)],
}


@pytest.mark.parametrize("pairs", SETS.values(), ids=SETS)
def test_rounds_leave_out_each_clip_once_groups_together_and_never_a_whole_class(pairs):
    clips = clips_of(pairs)
    rounds = rounds_of(clips)
    assert 2 <= len(rounds) <= MAX_ROUNDS
    np.testing.assert_array_equal(np.sum(rounds, axis=0), np.ones(len(pairs)))
    for is_left_out in rounds:
        groups = np.array(clips.groups)
        assert not set(groups[is_left_out]) & set(groups[~is_left_out])
        assert set(clips.labels[~is_left_out]) == set(clips.labels)
    assert obstacle(clips) is None


def test_rounds_of_four_recordings_per_class_leave_out_one_of_each():
    clips = clips_of(SETS["recordings of one clip"])
    assert [sorted(clips.labels[is_left_out]) for is_left_out in rounds_of(clips)] == [[0, 1, 2]] * 4


def test_rounds_do_not_depend_on_the_order_of_the_clips():
    pairs = SETS["recordings of one clip"]
    order = np.random.default_rng(0).permutation(len(pairs))
    first, other = rounds_of(clips_of(pairs)), rounds_of(clips_of([pairs[index] for index in order]))
    for one, two in zip(first, other, strict=True):
        np.testing.assert_array_equal(one[order], two)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("x", 0), ("y", 0), ("z", 1)], "class 'b' has 1 recording or group"),
        ([("x", 0), ("x", 1)], "class 'a' has 1 recording or group"),
        ([("x", 0), ("y", 0), ("z", 2), ("w", 2)], "class 'b' has 0 recording or group"),
    ],
)
def test_class_with_fewer_than_two_groups_is_an_obstacle(pairs, message):
    assert message in obstacle(clips_of(pairs))
