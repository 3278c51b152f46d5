"""Augmented copies of training clips."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.classifiers.augmentation.augmenter import Augmenter
from gansynth_isa.generators.copies.config import CopiesConfig
from gansynth_isa.generators.registry import kind_named

LABELS = np.array([0, 1] * 120, np.int32)


@pytest.fixture
def copies(training, surroundings, tmp_path):
    """Gives the copies of a probability."""

    def fit(probability):
        folder = tmp_path / str(probability)
        config = CopiesConfig(copies_probability=probability)
        kind_named("copies").fit(config, training, 0, folder, surroundings)
        return kind_named("copies").load(folder, print)

    return fit


@pytest.fixture
def parents_of(training):
    """Gives the training clips of the class that generated clips name as their parents."""
    ids = training.clips.fingerprint()["clips"]
    by_id = dict(zip(training.clips.clip_ids, training.clips.spectrograms, strict=True))

    def parents(trained, seed):
        indices = trained.parent_clips(LABELS, seed)[:, 0]
        names = [training.clips.class_names[label] for label in LABELS]
        assert [ids[index].split("/")[0] for index in indices] == names
        return np.stack([by_id[ids[index]] for index in indices])

    return parents


def test_copies_that_are_not_augmented_are_the_training_clips(copies, parents_of):
    trained = copies(0.0)
    np.testing.assert_allclose(trained.clips(LABELS, 7), parents_of(trained, 7), atol=1e-6)


def test_share_of_the_copies_that_are_augmented_is_the_probability(copies, parents_of):
    # Of an augmented clip each of six operations is used with probability 1/2; a mask may hide nothing.
    for probability, lowest, highest in ((0.5, 0.3, 0.6), (1.0, 0.9, 1.0)):
        trained = copies(probability)
        changed = np.abs(trained.clips(LABELS, 7) - parents_of(trained, 7)).max(axis=(1, 2, 3)) > 1e-4
        assert lowest < changed.mean() <= highest


def test_augmented_copies_are_what_the_classifier_s_augmentation_makes_of_their_parents(copies, parents_of, training):
    trained = copies(0.5)
    clips, parents = trained.clips(LABELS, 7), parents_of(trained, 7)
    mean = training.clips.spectrograms.mean(axis=(0, 1))
    std = training.clips.spectrograms.std(axis=(0, 1))  # all above the floor of 0.25
    for block in range(3):
        places = slice(32 * block, 32 * block + 32)
        augmented = Augmenter(0.5, seed=7)((parents[places] - mean) / std, block).numpy()
        np.testing.assert_allclose(clips[places], augmented * std + mean, atol=1e-4)


def test_copies_of_two_probabilities_have_different_digests(copies):
    assert copies(0.5).provenance.weights_sha256 != copies(1.0).provenance.weights_sha256


def test_class_of_one_clip_is_copied(copies, training, surroundings, tmp_path):
    fewer = dataclasses.replace(training, clips=training.clips.select([0, 3]))
    kind_named("copies").fit(CopiesConfig(copies_probability=0.0), fewer, 0, tmp_path / "one", surroundings)
    clips = kind_named("copies").load(tmp_path / "one", print).clips(np.array([1, 0]), 0)
    np.testing.assert_allclose(clips, training.clips.spectrograms[[0, 3]], atol=1e-6)
