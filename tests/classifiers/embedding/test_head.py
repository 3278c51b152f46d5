"""Heads of embeddings against scikit-learn and a hand computation."""

import dataclasses

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from gansynth_isa.classifiers.embedding.embedder import EmbeddedClips
from gansynth_isa.classifiers.embedding.head import learn_head
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError, UnfitClips

CONFIG = ClassifierConfig(classifier="embedding", embedding_model="m", embedding_sample_rate=8000)
LOGISTIC = dataclasses.replace(CONFIG, embedding_head="logistic")


def embedded(rows, labels, kind=EmbeddedClips):
    names = tuple(f"{number}.wav" for number in range(len(rows)))
    return kind(
        spectrograms=np.asarray(rows, np.float32)[:, np.newaxis, :, np.newaxis],
        labels=np.asarray(labels, np.int32),
        class_names=tuple("abcdef"[: max(labels) + 1]),
        recordings=names,
        groups=names,
        splits=(None,) * len(rows),
        digests={name: name for name in names},
    )


def draws(num_classes, num_clips=60, num_values=5, seed=0):
    rng = np.random.default_rng(seed)
    labels = np.arange(num_clips) % num_classes
    scales = 10.0 ** np.arange(-2, num_values - 2)
    means = np.random.default_rng(9).normal(size=(num_classes, num_values))
    return (rng.normal(size=(num_clips, num_values)) + 1.5 * means[labels]) * scales, labels


@pytest.mark.parametrize("num_classes", [2, 3])
def test_logistic_head_agrees_with_scikit_learn(num_classes):
    rows, labels = draws(num_classes)
    scaled = StandardScaler().fit(rows)
    reference = LogisticRegression(max_iter=2000).fit(scaled.transform(rows), labels)
    new, new_labels = draws(num_classes, seed=1)
    found = learn_head(LOGISTIC, embedded(rows, labels)).classifier.probabilities(
        embedded(new, new_labels).spectrograms
    )
    np.testing.assert_allclose(found, reference.predict_proba(scaled.transform(new)), atol=2e-3)


def test_discriminant_head_of_many_clips_is_that_of_the_gaussians_they_were_drawn_from():
    rng = np.random.default_rng(0)
    labels = np.arange(4000) % 2
    means = np.array([[0.0, 0.0], [100.0, 0.02]])
    rows = means[labels] + rng.normal(size=(4000, 2)) * [100.0, 0.01]
    classifier = learn_head(CONFIG, embedded(rows, labels)).classifier
    asked = np.array([[50.0, 0.01], [200.0, 0.0], [0.0, 0.015]])
    # The log-odds of two Gaussians with one diagonal covariance, by hand.
    odds = (asked - means.mean(axis=0)) @ ((means[1] - means[0]) / [100.0**2, 0.01**2])
    found = classifier.probabilities(np.asarray(asked, np.float32)[:, np.newaxis, :, np.newaxis])
    np.testing.assert_allclose(found[:, 1], 1 / (1 + np.exp(-odds)), atol=0.03)


@pytest.mark.parametrize("config", [CONFIG, LOGISTIC])
def test_value_that_never_changes_is_passed_over(config):
    rows, labels = draws(3)
    rows[:, 0] = 7.0
    clips = embedded(rows, labels)
    classifier = learn_head(config, clips).classifier
    rows[:, 0] = 1000.0
    np.testing.assert_allclose(
        classifier.probabilities(embedded(rows, labels).spectrograms), classifier.probabilities(clips.spectrograms)
    )


def test_balanced_classes_are_equally_probable():
    rows, labels = draws(2, num_clips=60)
    kept = np.flatnonzero((labels == 0) | (np.arange(60) < 8))
    clips = embedded(rows[kept], labels[kept])
    for config in (CONFIG, LOGISTIC):
        balanced = dataclasses.replace(config, class_balance="balanced")
        means = [
            learn_head(one, clips).classifier.probabilities(clips.spectrograms)[:, 1].mean()
            for one in (config, balanced)
        ]
        assert means[1] > means[0]


def test_copies_of_one_clip_are_refused():
    with pytest.raises(UnfitClips, match="expected embeddings that differ"):
        learn_head(CONFIG, embedded(np.ones((6, 3)), [0, 1, 2] * 2))


def test_one_clip_per_class_is_refused_by_the_discriminant_and_taken_by_logistic_regression():
    clips = embedded(np.eye(3), [0, 1, 2])
    with pytest.raises(UnfitClips, match="embedding expects two training clips in some class"):
        learn_head(CONFIG, clips)
    assert learn_head(LOGISTIC, clips).classifier.probabilities(clips.spectrograms).argmax(axis=1).tolist() == [0, 1, 2]


def test_clips_that_were_not_embedded_are_refused():
    with pytest.raises(InputError, match="classifier: expected one of spectrograms here, got 'embedding'"):
        train_classifier(CONFIG, embedded(np.eye(3), [0, 1, 2], ClipSet), embedded(np.eye(3), [0, 1, 2], ClipSet), None)


@pytest.mark.parametrize("method", ["augmented", "gan", "gan_augmented", "lda", "auto"])
def test_other_method_than_the_baseline_is_refused(method):
    with pytest.raises(InputError, match="method: expected baseline for --classifier=embedding"):
        dataclasses.replace(CONFIG, method=method)


def test_result_says_that_no_steps_were_taken():
    rows, labels = draws(3)
    result = train_classifier(CONFIG, embedded(rows, labels), embedded(*draws(3)), None).result
    assert (result["steps"], result["accuracy"] > 0.8) == (0, True)
