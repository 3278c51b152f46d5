"""Weights of one classifier as the start of another."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest

from gansynth_isa.classifiers.folder import Sources, write_classifier
from gansynth_isa.classifiers.starting import read_starting_weights, with_starting_weights
from gansynth_isa.classifiers.supervised import make_network, prepare
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.errors import InputError


def renamed(clips, name):
    """The clips, their recordings of another content."""
    return dataclasses.replace(clips, digests={path: f"{name} {path}" for path in clips.digests})


@pytest.fixture(scope="module")
def quick():
    return ClassifierConfig(classifier_steps=5, classifier_batch_size=12)


@pytest.fixture(scope="module")
def source(make_clips, quick, tmp_path_factory):
    """Folder of a classifier of three classes, and what was trained."""
    folder = tmp_path_factory.mktemp("source")
    train, test = renamed(make_clips(4, 0), "source"), renamed(make_clips(4, 1), "test")
    trained = train_classifier(quick, train, test, None)
    write_classifier(folder, trained, DataConfig(), FeatureConfig(), Sources.of(train, test, None))
    return folder, trained


def two_classes(clips):
    """Two of the three classes, under other names."""
    chosen = clips.select(np.flatnonzero(clips.labels < 2))
    return dataclasses.replace(chosen, class_names=("bolt", "nut"))


def weights_of(network):
    return [layer.get_weights() for layer in network.layers if layer.weights]


def test_new_network_has_the_weights_of_the_other_but_for_its_last_layer(source, quick, make_clips):
    config = with_starting_weights(dataclasses.replace(quick, classifier_init_from=str(source[0])))
    train = two_classes(make_clips(4, 2))
    started = weights_of(prepare(config, train, None, read_starting_weights(config)).network)
    fresh = weights_of(make_network(config, train))
    theirs = weights_of(source[1].classifier.model.layers[-1])
    for ours, other in zip(started[:-1], theirs[:-1], strict=True):
        for left, right in zip(ours, other, strict=True):
            np.testing.assert_array_equal(left, right)
    assert started[-1][0].shape[-1] == 2 and theirs[-1][0].shape[-1] == 3
    np.testing.assert_array_equal(started[-1][0], fresh[-1][0])


def test_weights_are_read_by_a_process_that_has_imported_nothing_else(source):
    program = (
        "import sys; from gansynth_isa.environment import settle; settle()\n"
        "from gansynth_isa.config import ClassifierConfig\n"
        "from gansynth_isa.classifiers.starting import with_starting_weights\n"
        "print(with_starting_weights(ClassifierConfig(classifier_init_from=sys.argv[1])).classifier_init_sha256)"
    )
    process = subprocess.run(
        [sys.executable, "-c", program, str(source[0])], capture_output=True, text=True, check=False
    )
    config = with_starting_weights(ClassifierConfig(classifier_init_from=str(source[0])))
    assert process.stdout.split() == [config.classifier_init_sha256], process.stderr[-500:]


def test_started_classifier_is_another_than_one_from_random_weights_and_says_what_was_seen(source, quick, make_clips):
    config = with_starting_weights(dataclasses.replace(quick, classifier_init_from=str(source[0])))
    train, test = two_classes(make_clips(4, 2)), renamed(two_classes(make_clips(4, 1)), "new")
    started = train_classifier(config, train, test, None)
    alone = train_classifier(quick, train, test, None)
    assert not np.allclose(started.probabilities(test.spectrograms), alone.probabilities(test.spectrograms))
    assert started.seen == {*train.digests.values(), *source[1].seen}
    assert started.result["configuration"]["classifier_init_sha256"] == config.classifier_init_sha256


def test_weights_that_have_seen_a_test_recording_are_refused(source, quick, make_clips):
    config = dataclasses.replace(quick, classifier_init_from=str(source[0]))
    seen = renamed(make_clips(4, 0), "source")
    with pytest.raises(InputError, match=r"have learnt from 0-0.wav and 11 more test recordings"):
        train_classifier(config, renamed(make_clips(4, 3), "new"), seen, None)


def test_weights_of_another_network_or_size_of_clips_are_refused(source, quick, make_clips):
    train = renamed(make_clips(4, 2), "new")
    other = dataclasses.replace(quick, classifier_init_from=str(source[0]), classifier="three_layer")
    with pytest.raises(InputError, match="expected weights of a three_layer for clips .* got those of a cnn"):
        train_classifier(other, train, train.select([]), None)
    narrow = dataclasses.replace(train, spectrograms=train.spectrograms[:, :, :8])
    config = dataclasses.replace(quick, classifier_init_from=str(source[0]))
    with pytest.raises(InputError, match=r"for clips \(8, 8, 1\), got those of a cnn for clips \(8, 16, 1\)"):
        train_classifier(config, narrow, narrow.select([]), None)


def test_clips_of_another_length_may_start_from_the_weights(source, quick, make_clips):
    train = renamed(make_clips(4, 2), "new")
    longer = dataclasses.replace(train, spectrograms=np.concatenate([train.spectrograms] * 2, axis=1))
    config = dataclasses.replace(quick, classifier_init_from=str(source[0]))
    assert train_classifier(config, longer, longer.select([]), None).result["steps"] == 5


def test_checksum_of_other_weights_is_refused(source, quick):
    config = dataclasses.replace(quick, classifier_init_from=str(source[0]), classifier_init_sha256="0123")
    with pytest.raises(InputError, match="classifier_init_sha256: expected 0123, got [0-9a-f]{64} from"):
        read_starting_weights(config)
    with pytest.raises(InputError, match="classifier_init_from: expected the folder of the weights"):
        read_starting_weights(dataclasses.replace(config, classifier_init_from=None))


def test_folder_that_does_not_say_what_it_has_seen_is_refused(source, quick, tmp_path):
    result = json.loads((source[0] / "result.json").read_text())
    del result["seen_recordings"]
    (tmp_path / "result.json").write_text(json.dumps(result))
    with pytest.raises(InputError, match="expected seen_recordings, .* train it again with this version"):
        read_starting_weights(dataclasses.replace(quick, classifier_init_from=str(tmp_path)))


def test_folder_without_a_classifier_is_refused(quick, tmp_path):
    with pytest.raises(InputError, match="expected the folder of a trained classifier, but it has no result.json"):
        with_starting_weights(dataclasses.replace(quick, classifier_init_from=str(tmp_path)))


def test_lda_has_no_weights_to_start_from(quick):
    with pytest.raises(InputError, match="classifier_init_from: expected a method that trains a network, got 'lda'"):
        dataclasses.replace(quick, method="lda", classifier_init_from="somewhere")
