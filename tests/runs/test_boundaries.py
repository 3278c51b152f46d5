"""Boundaries against a list made by hand, and laws that hold for all intervals."""

import numpy as np
import pytest

from gansynth_isa.runs.boundaries import Boundaries


def reached(boundaries, num_steps_per_call=1):
    """(before, image) of every call of a training that takes so many steps per call, at most up to a boundary."""
    image, calls = boundaries.first_image, []
    while not boundaries.has_ended(image):
        before, target = image, boundaries.next(image)
        for _ in range(num_steps_per_call):
            if image < target:
                image += boundaries.batch_size
        calls.append((before, image))
    return calls


def test_training_reports_and_saves_at_the_first_batch_that_reaches_a_multiple():
    boundaries = Boundaries(first_image=48, end_image=92, batch_size=4, report_every=7, save_every=18)
    calls = reached(boundaries)
    # Multiples of 7 behind 48: 55, 62, 69, 76, 83, 90; of 18: 66, 84; the end is 92.
    assert [image for before, image in calls if boundaries.report_is_due(before, image)] == [56, 64, 72, 76, 84, 92]
    assert [image for before, image in calls if boundaries.save_is_due(before, image)] == [68, 84, 92]


@pytest.mark.parametrize(("image", "expected"), [(48, 55), (54, 55), (55, 62), (64, 66), (84, 90), (90, 92)])
def test_next_boundary_is_the_nearest_of_both_intervals_and_the_end(image, expected):
    boundaries = Boundaries(first_image=48, end_image=92, batch_size=4, report_every=7, save_every=18)
    assert boundaries.next(image) == expected


def test_training_that_begins_at_its_end_has_ended_and_its_checkpoint_is_regular():
    boundaries = Boundaries(first_image=16, end_image=16, batch_size=4, report_every=8, save_every=8)
    assert boundaries.has_ended(16) and boundaries.is_regular(16)


def test_first_image_is_no_regular_checkpoint():
    assert not Boundaries(first_image=16, end_image=32, batch_size=4, report_every=8, save_every=8).is_regular(16)


def test_what_is_due_does_not_depend_on_the_steps_per_call():
    random = np.random.default_rng(0)
    for _ in range(300):
        first, length, batch, report_every, save_every, steps = random.integers(1, (50, 200, 9, 40, 40, 30)).tolist()
        boundaries = Boundaries(first, first + length, batch, report_every, save_every)
        one, many = reached(boundaries), reached(boundaries, steps)
        for is_due in (boundaries.report_is_due, boundaries.save_is_due):
            due = [[image for before, image in calls if is_due(before, image)] for calls in (one, many)]
            assert due[0] == due[1], boundaries
        saved = [image for before, image in one if boundaries.save_is_due(before, image)]
        assert saved == [image for _, image in one if boundaries.is_regular(image)], boundaries
