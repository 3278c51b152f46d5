"""The embedding is what the last layer reads."""

import numpy as np
import pytest

from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import NETWORKS, ClassifierConfig
from gansynth_isa.evaluation.instruments.embedding import Embedding, embedding_of, standardised


@pytest.mark.parametrize("name", NETWORKS)
def test_last_layer_on_the_embedding_gives_the_probabilities(name, make_clips):
    clips = make_clips(3, 0)
    config = ClassifierConfig(classifier=name, classifier_steps=1)
    classifier = train_classifier(config, clips, clips, None).classifier
    features = Embedding(classifier)(clips.spectrograms)
    kernel, bias = classifier.model.layers[-1].layers[-1].get_weights()
    logits = features @ kernel + bias
    expected = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(classifier.probabilities(clips.spectrograms), expected, atol=1e-5)
    assert Embedding(classifier)(clips.spectrograms[:0]).shape == (0, features.shape[1])


def test_a_classifier_that_is_no_network_has_no_embedding():
    assert embedding_of(object()) is None


def test_standardised_features_are_those_of_the_first_set():
    rng = np.random.default_rng(0)
    first, second = rng.normal(3, 2, (50, 4)), rng.normal(3, 2, (20, 4))
    scaled, others = standardised(first, second)
    np.testing.assert_allclose((scaled.mean(axis=0), scaled.std(axis=0)), (np.zeros(4), np.ones(4)), atol=1e-12)
    np.testing.assert_allclose(others, (second - first.mean(axis=0)) / first.std(axis=0))


def test_feature_that_hardly_varies_is_scaled_by_a_tenth_of_the_usual_deviation():
    first = np.array([[-2.0, 0.0, 5.0], [2.0, 0.001, 5.0]])  # deviations 2, 0.0005 and 0
    smallest = 0.1 * np.sqrt((4.0 + 0.0005**2) / 3)
    scaled, others = standardised(first, np.array([[2.0, 1.0005, 6.0]]))
    np.testing.assert_allclose(scaled[:, 0], (-1.0, 1.0))
    np.testing.assert_allclose(others, [[1.0, 1.0 / smallest, 1.0 / smallest]])


def test_features_that_never_vary_keep_their_scale():
    scaled, others = standardised(np.ones((3, 2)), np.array([[2.0, 1.0]]))
    np.testing.assert_array_equal(scaled, np.zeros((3, 2)))
    np.testing.assert_array_equal(others, [[1.0, 0.0]])
