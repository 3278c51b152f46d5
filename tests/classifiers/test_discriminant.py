"""Shrunk linear discriminant analysis as a Keras model, beside scikit-learn's."""

import dataclasses
import warnings

import keras
import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import StandardScaler

from gansynth_isa.classifiers.discriminant import BandStatistics, learn_lda
from gansynth_isa.classifiers.folder import Sources, read_classifier, write_classifier
from gansynth_isa.classifiers.linear import band_statistics
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import UnfitClips

SHAPE = (16, 24, 1)
NAMES = ("a", "b", "c")


def make_clips(counts, seed, shape=SHAPE, shift=0.35):
    """Noise whose classes differ in a few bins each, by `shift` on average; the last bins are digital silence."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    level = rng.normal(0.0, 0.5, (len(labels), 1, 1, 1))  # of the clip: what all bins share
    spectrograms = rng.normal(-5.0, 1.0, (len(labels), *shape)) + level
    for label in range(len(counts)):
        spectrograms[labels == label, :, 3 * label : 3 * label + 4] += shift
    spectrograms[:, :, -4:] = -13.8155
    names = tuple(f"{index}.wav" for index in range(len(labels)))
    digests = dict.fromkeys(names, "x")
    sides = (None,) * len(labels)
    return ClipSet(spectrograms.astype(np.float32), labels, NAMES[: len(counts)], names, names, sides, digests)


def reference(train, test, priors=None):
    """scikit-learn's probabilities; silence, whose statistics do not vary, is left to it by hand."""
    rows, others = band_statistics(train.spectrograms), band_statistics(test.spectrograms)
    tells = rows.std(axis=0) > 1e-6
    scaler = StandardScaler().fit(rows[:, tells])
    analysis = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=priors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        analysis.fit(scaler.transform(rows[:, tells]), train.labels)
    return analysis.predict_proba(scaler.transform(others[:, tells]))


@pytest.mark.parametrize("counts", [(4, 4), (4, 4, 4), (40, 40, 40), (72, 4, 72), (30, 1, 2)])
def test_lda_gives_the_probabilities_of_scikit_learn(counts):
    train, test = make_clips(counts, 0), make_clips((20,) * len(counts), 1)
    found = learn_lda(ClassifierConfig(method="lda"), train).classifier.probabilities(test.spectrograms)
    expected = reference(train, test)
    assert ((expected > 0.05) & (expected < 0.95)).any()  # some are undecided, where rounding shows
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_lda_of_balanced_classes_takes_them_to_be_equally_probable():
    train, test = make_clips((72, 4, 72), 0), make_clips((20, 20, 20), 1)
    config = ClassifierConfig(method="lda", class_balance="balanced")
    found = learn_lda(config, train).classifier.probabilities(test.spectrograms)
    np.testing.assert_allclose(found, reference(train, test, np.full(3, 1 / 3)), atol=1e-5)
    assert found[:, 1].mean() > 1.5 * reference(train, test)[:, 1].mean()


def test_band_statistics_layer_equals_the_function_also_where_bands_have_different_widths():
    clips = np.random.default_rng(0).normal(-4.0, 2.0, (3, 5, 17, 2)).astype(np.float32)
    found = np.asarray(BandStatistics(num_bands=6)(clips))
    np.testing.assert_allclose(found[..., 0], band_statistics(clips, 6), rtol=1e-5, atol=1e-6)
    assert BandStatistics(6).compute_output_shape(clips.shape) == found.shape == (3, 12, 1)


def test_lda_of_training_is_the_same_whatever_the_seed_and_takes_no_steps():
    train, test = make_clips((6, 6, 6), 0), make_clips((9, 9, 9), 1)
    results = [
        train_classifier(ClassifierConfig(method="lda", trial_seed=seed, classifier_steps=600), train, test, None)
        for seed in (0, 7)
    ]
    first, second = (result.probabilities(test.spectrograms) for result in results)
    np.testing.assert_array_equal(first, second)
    expected = (reference(train, test).argmax(axis=1) == test.labels).mean()
    assert {(result.result["steps"], result.result["accuracy"]) for result in results} == {(0, expected)}


@pytest.mark.parametrize("channels", [1, 2])
def test_lda_written_and_read_again_gives_the_same_probabilities(tmp_path, channels):
    shape = (*SHAPE[:2], channels)
    train, test = make_clips((6, 6, 6), 0, shape), make_clips((9, 9, 9), 1, shape)
    trained = train_classifier(ClassifierConfig(method="lda"), train, test, None)
    features = FeatureConfig(frames=16, mel_bins=24, data_type="log_mel" if channels == 1 else "mel")
    write_classifier(tmp_path, trained, DataConfig(clip_seconds=0.4), features, Sources.of(train, test, None))
    stored = read_classifier(tmp_path)
    expected = trained.probabilities(test.spectrograms)
    np.testing.assert_array_equal(stored.network.probabilities(test.spectrograms), expected)
    assert isinstance(stored.network.model, keras.Model)


def test_lda_of_one_clip_per_class_is_refused_in_one_line():
    with pytest.raises(UnfitClips, match="lda expects two training clips in some class.*got 3 of 3 classes"):
        train_classifier(ClassifierConfig(method="lda"), make_clips((1, 1, 1), 0), make_clips((1, 1, 1), 1), None)


def test_lda_of_clips_that_are_all_the_same_is_refused_in_one_line():
    train = make_clips((3, 3, 3), 0)
    same = dataclasses.replace(train, spectrograms=np.full_like(train.spectrograms, -5.0))
    with pytest.raises(UnfitClips, match="lda expects training clips that differ"):
        train_classifier(ClassifierConfig(method="lda"), same, same, None)
