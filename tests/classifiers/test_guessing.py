"""Unlabelled clips as training clips of guessed classes."""

import dataclasses
import hashlib

import numpy as np
import pytest

from gansynth_isa.classifiers.guessing import with_guesses
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, GenerationConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips, pool_of
from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.held_out import held_out_clips, seen_clips
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


def of_levels(levels, name):
    """Clips of two classes, quiet and loud, that differ in their level alone: natural logarithms of power."""
    heights = np.array(levels, np.float32)
    noise = 0.1 * np.random.default_rng(0).normal(size=(len(levels), 16, 16, 1))
    paths = tuple(f"{name}-{index}.wav" for index in range(len(levels)))
    return ClipSet(
        spectrograms=(heights[:, np.newaxis, np.newaxis, np.newaxis] + noise).astype(np.float32),
        labels=(heights > 0).astype(np.int32),
        class_names=("quiet", "loud"),
        recordings=paths,
        groups=paths,
        splits=("train",) * len(levels),
        digests={path: path for path in paths},
    )


def test_labelled_clips_keep_their_classes_and_others_get_that_of_the_nearer_level():
    labelled, others = of_levels([-5, -5.2, 5, 5.2], "a"), of_levels([4, -4, 6, -7], "b")
    wrong = dataclasses.replace(others, labels=np.array([0, 1, 0, 1], np.int32))
    lines = []
    for clips in (others, wrong):  # what their true classes are must not matter
        found = with_guesses(labelled, UnlabelledClips.of(clips), lines.append)
        assert found.labels.tolist() == [0, 0, 1, 1, 1, 0, 1, 0]
        np.testing.assert_array_equal(found.spectrograms[4:], others.spectrograms)
        assert found.clip_ids == (*labelled.clip_ids, *others.clip_ids)
        assert found.is_guessed.tolist() == [False] * 4 + [True] * 4
    assert lines == ["guessed classes of unlabelled clips: 2 quiet, 2 loud"] * 2


def test_clips_of_guessed_classes_count_as_seen_and_no_others(labelled, whole, as_synthetic):
    found = joined(labelled, whole).select(range(len(labelled) + 4))
    synthetic = dataclasses.replace(as_synthetic(labelled), metadata={"data": found.fingerprint()})
    seen = seen_clips(labelled, whole, synthetic)
    assert set(seen.clip_ids) == set(found.clip_ids)
    held_out = held_out_clips(seen, whole, whole.select([]))
    assert set(held_out.clip_ids) == set(whole.clip_ids) - set(found.clip_ids)
    plain = dataclasses.replace(synthetic, metadata={"data": labelled.fingerprint()})
    assert seen_clips(labelled, whole, plain) is labelled


def test_clips_of_a_recording_that_was_in_another_folder_count_as_seen(labelled, whole, as_synthetic):
    apart = dataclasses.replace(whole, digests={path: f"content of {path}" for path in whole.digests})
    own = apart.select([apart.clip_ids.index(name) for name in labelled.clip_ids])
    metadata = {"data": with_guesses(own, pool_of(apart, own).named_in("unlabelled")).fingerprint()}
    seen = seen_clips(own, apart, dataclasses.replace(as_synthetic(own), metadata=metadata))
    assert set(seen.clip_ids) == set(whole.clip_ids)


def test_classifier_of_guesses_takes_the_steps_of_the_labelled_clips_with_the_papers_budget(labelled, whole):
    config = ClassifierConfig(classifier="cnn", budget="paper", classifier_epochs=2, classifier_batch_size=3)
    config = dataclasses.replace(config, learner="guessed", unlabelled="pool")
    found = train_classifier(config, labelled, labelled.select([]), None, unlabelled=pool_of(whole, labelled))
    assert found.result["steps"] == 2 * -(-len(labelled) // 3)


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
