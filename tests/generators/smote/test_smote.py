"""SMOTE: neighbours against distances by hand, and clips on the way between two of a class."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.errors import UnfitClips
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.smote.config import SmoteConfig
from gansynth_isa.generators.smote.neighbours import nearest_neighbours

LABELS = np.array([0, 1] * 150, np.int32)


@pytest.fixture
def smote(training, surroundings, tmp_path):
    """Gives what was fitted with settings."""

    def fit(**settings):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        kind_named("smote").fit(SmoteConfig(**settings), training, 0, folder, surroundings)
        return kind_named("smote").load(folder, print)

    return fit


def test_neighbours_are_the_nearest_of_the_class():
    rows = np.array([[0.0], [10.0], [1.0], [3.0], [10.5], [0.1]], np.float32)
    neighbours, counts = nearest_neighbours(rows, np.array([0, 1, 0, 0, 1, 1]), 2)
    assert [list(row) for row in neighbours] == [[2, 3], [4, 5], [0, 3], [2, 0], [1, 5], [1, 4]]
    assert list(counts) == [2] * 6


def test_class_of_few_clips_has_fewer_neighbours():
    neighbours, counts = nearest_neighbours(np.arange(6.0).reshape(6, 1), np.array([0, 0, 1, 1, 1, 1]), 5)
    assert list(counts) == [1, 1, 3, 3, 3, 3]
    assert [list(row[:count]) for row, count in zip(neighbours[:3], counts, strict=False)] == [[1], [0], [3, 4, 5]]


def test_copy_of_a_clip_is_its_neighbour_and_the_clip_itself_is_not():
    neighbours, _ = nearest_neighbours(np.zeros((2, 3), np.float32), np.array([0, 0]), 1)
    assert list(neighbours[:, 0]) == [1, 0]


def rows_of(training):
    """Training clips as rows, in the order in which parents are named."""
    order = [training.clips.clip_ids.index(name) for name in training.clips.fingerprint()["clips"]]
    return training.clips.spectrograms[order].reshape(len(order), -1), training.clips.labels[order]


@pytest.mark.parametrize("largest", [1.0, 0.25])
def test_clips_lie_on_the_way_between_two_training_clips_of_the_class(smote, training, largest):
    trained, (rows, labels) = smote(smote_largest_share=largest), rows_of(training)
    clips, parents = trained.clips(LABELS, 4).reshape(300, -1), trained.parent_clips(LABELS, 4)
    assert (labels[parents] == LABELS[:, np.newaxis]).all() and (parents[:, 0] != parents[:, 1]).all()
    start, way = rows[parents[:, 0]], rows[parents[:, 1]] - rows[parents[:, 0]]
    shares = np.sum((clips - start) * way, axis=1) / np.sum(way**2, axis=1)
    np.testing.assert_allclose(clips, start + shares[:, np.newaxis] * way, atol=1e-5)
    assert 0.0 <= shares.min() < 0.05 * largest and 0.95 * largest < shares.max() <= largest
    # A uniform number has the variance 1 / 12.
    assert abs(shares.mean() - largest / 2) < 5 * largest / np.sqrt(12 * 300)


def test_every_pair_of_a_class_is_drawn(smote):
    parents = smote().parent_clips(LABELS, 0)
    assert len({tuple(pair) for pair in parents[:, :2]}) == 2 * 3 * 2
    nearest_only = smote(smote_neighbours=1).parent_clips(LABELS, 0)
    assert len({tuple(pair) for pair in nearest_only[:, :2]}) == 2 * 3


def test_class_of_one_clip_is_refused_before_anything_is_written(training, surroundings, tmp_path):
    fewer = dataclasses.replace(training, clips=training.clips.select([0, 3, 4]))
    with pytest.raises(
        UnfitClips, match="two clips of each class or more for the neighbours of smote, got 1 of 'quiet'"
    ):
        kind_named("smote").fit(SmoteConfig(), fewer, 0, tmp_path / "run", surroundings)
    assert not (tmp_path / "run").exists()
