"""A network as a classifier; expected values are those of the network on clips that NumPy standardised."""

import numpy as np

from gansynth_isa.classifiers.classifier import NetworkClassifier, is_standardised, standardised_model
from gansynth_isa.classifiers.networks import build_classifier
from gansynth_isa.spectral.standardisation import Standardisation

SHAPE = (8, 16, 1)


def clips(count):
    return np.random.default_rng(0).normal(-5.0, 2.0, size=(count, *SHAPE)).astype(np.float32)


def test_classifier_takes_clips_in_the_units_of_the_features():
    network = build_classifier("cnn", SHAPE, 3)
    classifier = NetworkClassifier(standardised_model(Standardisation.fit(clips(20)), network), ("a", "b", "c"))
    many = clips(150)  # several batches
    standardised = (many - clips(20).mean(axis=(0, 1))) / clips(20).std(axis=(0, 1))
    np.testing.assert_allclose(classifier.probabilities(many), network(standardised), atol=1e-5)


def test_classifier_without_clips_gives_no_rows():
    network = NetworkClassifier(build_classifier("cnn", SHAPE, 3), ("a", "b", "c"))
    assert network.probabilities(clips(0)).shape == (0, 3)


def test_model_is_told_from_a_network_of_standardised_clips():
    network = build_classifier("cnn", SHAPE, 3)
    assert is_standardised(standardised_model(Standardisation.fit(clips(20)), network))
    assert not is_standardised(network)
