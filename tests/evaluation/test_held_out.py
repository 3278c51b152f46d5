"""Which real clips count as not seen."""

import numpy as np

from gansynth_isa.evaluation.held_out import held_out_clips, unseen_clips


def test_the_test_side_is_held_out_where_there_is_one(clips):
    train, test = clips.select(range(16)), clips.select(range(16, 24))
    assert held_out_clips(train.select([0]), train, test) is test


def test_without_a_test_side_recordings_and_groups_that_were_not_seen_are(clips):
    groups = np.array(clips.groups)
    seen = clips.select(np.flatnonzero(groups == "1")[:2])
    found = held_out_clips(seen, clips, clips.select([]))
    assert set(found.groups) == {"2", "3"} and len(found) == 16
    assert len(unseen_clips(clips, clips)) == 0
