"""Nearest clips by loops, and what counts as memorised."""

import numpy as np
import pytest

from gansynth_isa.measures.nearest import NearestClips, memorisation, nearest_distances

NAMES = ("a", "b")


def clips(count, seed, deviation=1.0):
    return np.random.default_rng(seed).normal(0, deviation, (count, 4, 6, 1)).astype(np.float32)


def by_loops(seen, others):
    std = seen[..., 0].std(axis=(0, 1))
    return [[np.linalg.norm((other - one)[..., 0] / std) for one in seen] for other in others]


def test_nearest_clips_are_those_of_a_direct_computation():
    seen, others = clips(70, 0), clips(130, 1)
    distances, places = NearestClips(seen).find(others)
    expected = np.array(by_loops(seen, others))
    np.testing.assert_array_equal(places, expected.argmin(axis=1))
    np.testing.assert_allclose(distances, expected.min(axis=1), rtol=1e-5)


def test_nearest_distances_of_rows_are_those_of_a_direct_computation():
    rows, others = clips(9, 0).reshape(9, -1), clips(7, 1).reshape(7, -1)
    expected = [min(np.linalg.norm(row.astype(float) - other) for other in others) for row in rows]
    np.testing.assert_allclose(nearest_distances(rows, others), expected, rtol=1e-10)
    among = [
        min(np.linalg.norm(row.astype(float) - other) for place, other in enumerate(rows) if place != number)
        for number, row in enumerate(rows)
    ]
    np.testing.assert_allclose(nearest_distances(rows, rows, leave_out_self=True), among, rtol=1e-10)
    np.testing.assert_allclose(nearest_distances(rows, rows), 0.0, atol=1e-6)


def test_the_second_channel_does_not_count_and_a_constant_bin_is_bounded():
    seen, others = clips(8, 0), clips(5, 1)
    seen[:, :, 2] = 0.0
    with_phases = [np.concatenate([part, 9 * clips(len(part), 7)], axis=-1) for part in (seen, others)]
    found = NearestClips(with_phases[0]).find(with_phases[1])[0]
    np.testing.assert_allclose(found, NearestClips(seen).find(others)[0])
    assert found.max() < np.linalg.norm(others[..., 0] / 0.25, axis=(1, 2)).max() + 20


def test_left_out_distances_pass_over_the_clips_own_group():
    seen = clips(6, 0)
    groups = ["x", "x", "y", "y", "y", "z"]
    expected = np.array(by_loops(seen, seen))
    for first, one in enumerate(groups):
        for second, other in enumerate(groups):
            if one == other:
                expected[first, second] = np.inf
    np.testing.assert_allclose(NearestClips(seen, groups).left_out(), expected.min(axis=1), rtol=1e-5)
    assert np.isinf(NearestClips(seen, ["x"] * 6).left_out()).all()


def measured(seen, synthetic, unseen=None):
    def labels(count):
        return np.arange(count) % 2

    nearest = NearestClips(seen)
    reference = (nearest.left_out(), labels(len(seen)))
    if unseen is not None:
        reference = (nearest.find(unseen)[0], labels(len(unseen)))
    return memorisation((nearest.find(synthetic)[0], labels(len(synthetic))), reference, NAMES)


def test_memorisation_of_copies_is_zero_of_further_clips_one_and_of_far_ones_above():
    seen, unseen = clips(200, 0), clips(100, 1)
    assert measured(seen, seen, unseen).mean == pytest.approx(0.0, abs=1e-6)
    assert measured(seen, clips(100, 2), unseen).mean == pytest.approx(1.0, abs=0.04)
    assert measured(seen, 3 * clips(100, 2), unseen).mean > 2


def test_memorisation_of_left_out_training_clips_is_about_the_same():
    seen = clips(200, 0)
    assert measured(seen, clips(100, 2)).mean == pytest.approx(1.0, abs=0.04)
    assert measured(seen, seen).mean == pytest.approx(0.0, abs=1e-6)


def test_memorisation_from_one_recording_is_not_known():
    seen = clips(6, 0)
    nearest = NearestClips(seen, ["x"] * 6)
    labels = np.arange(6) % 2
    found = memorisation((nearest.find(seen)[0], labels), (nearest.left_out(), labels), NAMES)
    assert found.mean is None and "did not see" in found.why_not


def test_some_left_out_distances_are_those_among_all():
    nearest = NearestClips(clips(80, 0))
    np.testing.assert_allclose(nearest.left_out(np.array([70, 3])), nearest.left_out()[[70, 3]])
