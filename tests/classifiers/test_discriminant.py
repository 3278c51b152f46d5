"""Shrunk linear discriminant analysis as a Keras model, beside SciPy's densities and the formula of Ledoit and Wolf."""

import dataclasses
from itertools import pairwise

import keras
import numpy as np
import pytest
from scipy.stats import multivariate_normal

from gansynth_isa.classifiers.discriminant import BandStatistics, learn_lda
from gansynth_isa.classifiers.folder import Sources, read_classifier, write_classifier
from gansynth_isa.classifiers.linear import level_statistics
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


def shrunk_covariance(rows):
    """Equations 14 to 16 of Ledoit and Wolf (2004) for rows of mean 0: towards a multiple of the identity matrix."""
    count, size = rows.shape
    sample = rows.T @ rows / count
    target = np.trace(sample) / size * np.eye(size)
    distance = np.sum((sample - target) ** 2)
    error = sum(np.sum((np.outer(row, row) - sample) ** 2) for row in rows) / count**2
    share = min(error, distance) / distance
    return share * target + (1 - share) * sample


def reference(train, test, priors=None):
    """Probabilities by Gaussian densities of one covariance; silence, which does not vary, is left out by hand."""
    rows, others = level_statistics(train.spectrograms), level_statistics(test.spectrograms)
    tells = rows.std(axis=0) > 1e-6
    others = (others[:, tells] - rows[:, tells].mean(axis=0)) / rows[:, tells].std(axis=0)
    rows = (rows[:, tells] - rows[:, tells].mean(axis=0)) / rows[:, tells].std(axis=0)
    of_class = [rows[train.labels == label] for label in range(len(train.class_names))]
    centred = np.concatenate([part - part.mean(axis=0) for part in of_class])
    covariance = shrunk_covariance(centred) * len(rows) / (len(rows) - len(of_class))
    priors = [len(part) / len(rows) for part in of_class] if priors is None else priors
    logs = [multivariate_normal.logpdf(others, part.mean(axis=0), covariance) for part in of_class]
    logs = np.stack(logs, axis=1) + np.log(priors)
    densities = np.exp(logs - logs.max(axis=1, keepdims=True))
    return densities / densities.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("counts", [(4, 4), (4, 4, 4), (40, 40, 40), (72, 4, 72), (30, 1, 2)])
def test_lda_gives_the_probabilities_of_gaussians_with_one_shrunk_covariance(counts):
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
    assert found[:, 1].mean() > 1.25 * reference(train, test)[:, 1].mean()


@pytest.mark.parametrize("bands", [(6, 4), (17, 3), (64, 8)])
def test_band_statistics_layer_equals_numpy_also_where_bands_have_different_widths(bands):
    clips = np.random.default_rng(0).normal(-4.0, 2.0, (3, 5, 17, 2)).astype(np.float32)
    power = np.exp(clips[..., 0].astype(float))
    narrow, wide = (
        np.stack([np.log(power[:, :, first:last].mean(axis=2)) for first, last in pairwise(edges)], axis=2)
        for edges in ([17 * band // min(count, 17) for band in range(min(count, 17) + 1)] for count in bands)
    )
    layer = BandStatistics(level_bands=bands[0], variation_bands=bands[1])
    found = np.asarray(layer(clips))
    expected = np.concatenate([narrow.mean(axis=1), wide.std(axis=1)], axis=1)
    np.testing.assert_allclose(found[..., 0], expected, rtol=1e-5, atol=2e-6)
    assert layer.compute_output_shape(clips.shape) == found.shape
    again = BandStatistics.from_config(layer.get_config())
    np.testing.assert_array_equal(np.asarray(again(clips)), found)


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


@pytest.mark.parametrize("differ", [False, True])
def test_lda_of_copies_of_one_clip_per_class_is_refused_in_one_line(differ):
    train = make_clips((3, 3, 3), 0)
    levels = train.labels[:, np.newaxis, np.newaxis, np.newaxis] * differ - np.float32(5.3)
    same = dataclasses.replace(train, spectrograms=np.broadcast_to(levels, train.spectrograms.shape).copy())
    with pytest.raises(UnfitClips, match="lda expects training clips that differ within a class, got copies"):
        train_classifier(ClassifierConfig(method="lda"), same, same, None)


def test_lda_of_the_same_two_clips_in_both_classes_finds_them_equally_likely():
    train = make_clips((2, 2), 0)
    rng = np.random.default_rng(1)
    one, other = rng.normal(-5.0, 1.0, (2, *SHAPE))
    spectrograms = np.stack([one, other, one, other]).astype(np.float32)  # twice under each label: no inverse
    same = dataclasses.replace(train, spectrograms=spectrograms)
    found = learn_lda(ClassifierConfig(method="lda"), same).classifier.probabilities(spectrograms)
    np.testing.assert_allclose(found, 0.5, atol=1e-5)  # of the same clips no class is likelier
