"""Selections of clips."""

import numpy as np

from gansynth_isa.data.clip_sets.loading import load_clips


def test_select_keeps_order_and_only_the_digests_in_use(folder_of_two_classes, make_data, features):
    clips = load_clips(make_data(folder_of_two_classes), features)
    chosen = clips.select([29, 0])
    assert chosen.recordings == ("nut/take_2.wav", "ball/take_0.wav")
    assert set(chosen.digests) == set(chosen.recordings)
    np.testing.assert_array_equal(chosen.log_mel, clips.log_mel[[29, 0]])
    assert chosen.counts() == {"ball": 1, "nut": 1}
    assert len(clips.select([])) == 0


def test_select_of_neighbours_shares_the_features_and_of_others_copies(folder_of_two_classes, make_data, features):
    clips = load_clips(make_data(folder_of_two_classes), features)
    assert np.shares_memory(clips.select([3, 4, 5]).log_mel, clips.log_mel)
    assert not np.shares_memory(clips.select([3, 5, 4]).log_mel, clips.log_mel)


def test_fingerprint_names_the_clips_of_a_subset(folder_of_two_classes, make_data, features):
    clips = load_clips(make_data(folder_of_two_classes), features)
    first, other = clips.select([0, 2]), clips.select([0, 3])  # of one recording
    assert first.fingerprint()["clips"] == ["ball/take_0.wav#mix@0.000000", "ball/take_0.wav#mix@0.200000"]
    assert first.fingerprint()["sha256"] != other.fingerprint()["sha256"]
