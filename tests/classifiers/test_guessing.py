"""Unlabelled clips as training clips of guessed classes."""

import hashlib

import numpy as np
import pytest

from gansynth_isa.classifiers.guessing import with_guesses
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, GenerationConfig
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips, pool_of
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import Provenance
from gansynth_isa.generators.provenance import check_training_clips


@pytest.fixture
def whole(make_clips):
    """Clips of known classes, a few of which are labelled."""
    return make_clips(8, 0)


@pytest.fixture
def labelled(whole):
    return whole.select(
        np.concatenate([np.flatnonzero(whole.labels == label)[:3] for label in np.unique(whole.labels)])
    )


def joined(labelled, whole):
    return with_guesses(labelled, pool_of(whole, labelled), lambda line: None)


def test_labelled_clips_keep_their_classes_and_others_get_those_that_the_discriminant_finds(labelled, whole):
    found = joined(labelled, whole)
    pool = pool_of(whole, labelled)
    config = ClassifierConfig(method="lda", class_balance="balanced")
    learner = train_classifier(config, labelled, labelled, None).classifier
    np.testing.assert_array_equal(found.labels[: len(labelled)], labelled.labels)
    np.testing.assert_array_equal(
        found.labels[len(labelled) :], learner.probabilities(pool.spectrograms).argmax(axis=1)
    )
    np.testing.assert_array_equal(found.spectrograms[len(labelled) :], pool.spectrograms)
    assert found.clip_ids == (*labelled.clip_ids, *pool.clip_ids)
    assert found.is_guessed.tolist() == [False] * len(labelled) + [True] * len(pool)


def test_true_classes_of_the_pool_change_nothing(labelled, whole):
    pool = pool_of(whole, labelled)
    others = UnlabelledClips(pool.spectrograms, pool.clip_ids, pool.recordings, pool.digests)
    assert not hasattr(others, "labels")
    np.testing.assert_array_equal(joined(labelled, whole).labels, with_guesses(labelled, others, print).labels)


def test_fingerprint_names_the_labelled_clips_and_follows_the_guesses(labelled, whole):
    found = joined(labelled, whole)
    fingerprint = found.fingerprint()
    assert fingerprint["labelled_sha256"] == labelled.fingerprint()["sha256"]
    assert fingerprint["guessed"] == len(found) - len(labelled)
    assert len(fingerprint["clips"]) == len(found)
    changed = found.select(range(len(found)))
    changed.labels[-1] = (changed.labels[-1] + 1) % len(found.class_names)
    assert changed.fingerprint()["sha256"] != fingerprint["sha256"]
    assert changed.fingerprint()["labelled_sha256"] == fingerprint["labelled_sha256"]


def test_fingerprint_without_guesses_is_the_digest_of_recordings_and_clips(labelled):
    digest = hashlib.sha256()
    for path, content in sorted(labelled.digests.items()):
        digest.update(f"{path}\n{content}\n".encode())
    for name in sorted(labelled.clip_ids):
        digest.update(f"{name}\n".encode())
    fingerprint = labelled.fingerprint()
    assert fingerprint["sha256"] == digest.hexdigest()
    assert fingerprint.keys() == {"sha256", "files", "clips", "counts"}


def test_training_clips_of_a_generator_with_guesses_are_not_looked_for(labelled, whole):
    origin = Provenance("gaussian", labelled.class_names, {}, None, None, {}, joined(labelled, whole).fingerprint(), "")
    with pytest.raises(InputError, match="have a class that was guessed"):
        check_training_clips(origin, labelled)


def test_keeping_clips_by_a_judge_does_not_go_with_guesses():
    with pytest.raises(InputError, match="keep: expected none for generators that learn from guessed clips"):
        GenerationConfig(guessed_clips="pool", keep="agreed")


def test_discriminant_of_guesses_is_that_of_all_clips_with_them(labelled, whole):
    pool = pool_of(whole, labelled)
    config = ClassifierConfig(method="lda", learner="guessed", unlabelled="pool")
    none = labelled.select([])
    found = train_classifier(config, labelled, none, None, unlabelled=pool)
    expected = train_classifier(ClassifierConfig(method="lda"), joined(labelled, whole), none, None)
    np.testing.assert_array_equal(found.probabilities(whole.spectrograms), expected.probabilities(whole.spectrograms))
    assert found.result["unlabelled"]["labelled_share"] == 1.0
    assert found.result["counts"]["train"] == labelled.counts()
