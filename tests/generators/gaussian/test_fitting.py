"""The Gaussian against covariances that are known, and against sums by hand."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gaussian.basis import principal_components
from gansynth_isa.generators.gaussian.choosing import (
    SHARING_CANDIDATES,
    SHRINKAGE_CANDIDATES,
    all_left_out,
    likeliest,
    log_likelihoods,
)
from gansynth_isa.generators.gaussian.class_rows import ClassRows
from gansynth_isa.generators.gaussian.config import GaussianConfig
from gansynth_isa.generators.gaussian.fitting import fit_gaussian

NUM_VALUES, NUM_COMPONENTS = 60, 5


def draw(num_clips, mixings, noise, seed=0):
    """Clips of classes in turn: standard normal numbers times a mixing (components, values), and noise."""
    rng, num_classes = np.random.default_rng(seed), len(mixings)
    labels = np.arange(num_clips) % num_classes
    rows = np.stack([rng.normal(size=len(mixings[label])) @ mixings[label] for label in labels])
    return (rows + noise * rng.normal(size=rows.shape) + 3.0 * labels[:, np.newaxis]).astype(np.float32), labels


def mixing(seed):
    return np.random.default_rng(seed).normal(size=(NUM_COMPONENTS, NUM_VALUES))


def covariance(gaussian, label):
    """(values, values) covariance of a class: that of its components and that of the residual."""
    inner = gaussian.factors[label].T @ gaussian.factors[label]
    return gaussian.basis.T @ inner @ gaussian.basis + np.diag(gaussian.residual**2)


def fit(rows, labels, sharing=None, components=NUM_COMPONENTS, recordings=None, shrinkage=0.0):
    settings = {"gaussian_components": components, "gaussian_sharing": sharing, "gaussian_shrinkage": shrinkage}
    config = GaussianConfig(**settings, gaussian_smoothing=0.0)
    return fit_gaussian(clips_of(rows, labels, recordings), config)


def clips_of(rows, labels, recordings=None):
    recordings = np.arange(len(rows)) if recordings is None else recordings
    return ClassRows(rows, labels, recordings, labels.max() + 1, (1, rows.shape[1], 1))


def left_out_of(rows, labels, components=NUM_COMPONENTS):
    clips = clips_of(rows, labels)
    return all_left_out(clips, clips.rounds(), components, 0.0, 0.0)


def test_gaussian_of_many_clips_has_mean_covariance_and_residual_of_what_drew_them():
    common = mixing(1)
    rows, labels = draw(4000, [common, common], noise=0.5)
    gaussian = fit(rows, labels)
    wanted = common.T @ common + 0.25 * np.eye(NUM_VALUES)
    assert np.linalg.norm(covariance(gaussian, 0) - wanted) < 0.06 * np.linalg.norm(wanted)
    np.testing.assert_allclose(np.diag(covariance(gaussian, 0)), np.diag(wanted), rtol=0.1)
    assert 0.4 < gaussian.residual.mean() < 0.5  # a part of the noise lies within the components
    np.testing.assert_allclose(gaussian.means[1], 3.0, atol=0.2)


@pytest.mark.parametrize("sharing", [0.0, 0.3, 1.0])
def test_covariance_lies_between_the_classs_own_and_the_mean_of_all(sharing):
    rows, labels = draw(40, [mixing(1), mixing(2)], noise=0.0)
    gaussian = fit(rows, labels, sharing, components=38)
    centred = [rows[labels == label] - rows[labels == label].mean(axis=0) for label in (0, 1)]
    own = centred[0].T @ centred[0] / 19
    within = sum(part.T @ part for part in centred) / 38
    inner = gaussian.factors[0].T @ gaussian.factors[0]
    found = gaussian.basis.T @ inner @ gaussian.basis
    np.testing.assert_allclose(found, (1 - sharing) * own + sharing * within, atol=2e-4 * np.abs(own).max())


def test_class_of_four_clips_among_classes_of_72_takes_most_of_its_covariance_from_them():
    """Degrees 3, 71, 71, in the mean 145 / 3: with l = 0.25 a class's own weighs 0.75 n / (0.75 n + 0.25 * 145 / 3)."""
    rows, labels = draw(216, [mixing(1), mixing(2), mixing(3)], noise=0.0)
    kept = np.concatenate([np.flatnonzero(labels == 0)[:4], np.flatnonzero(labels > 0)])
    rows, labels = rows[kept], labels[kept]
    gaussian = fit(rows, labels, sharing=0.25, components=15)
    centred = [rows[labels == label] - rows[labels == label].mean(axis=0) for label in range(3)]
    within = sum(part.T @ part for part in centred) / 145
    for label, degrees, own_weight in ((0, 3, 0.156977), (1, 71, 0.815051)):
        own = centred[label].T @ centred[label] / degrees
        inner = gaussian.factors[label].T @ gaussian.factors[label]
        found = gaussian.basis.T @ inner @ gaussian.basis
        wanted = own_weight * own + (1 - own_weight) * within
        np.testing.assert_allclose(found, wanted, atol=5e-4 * np.abs(own).max())
    assert np.linalg.matrix_rank(gaussian.factors[0]) > 3


def test_class_of_four_clips_varies_in_what_plentiful_classes_vary_in():
    """All classes have one covariance, which four clips of rank three cannot show and 72 of two others can."""
    common = mixing(1)
    rows, labels = draw(216, [common, common, common], noise=0.1)
    kept = np.concatenate([np.flatnonzero(labels == 0)[:4], np.flatnonzero(labels > 0)])
    gaussian = fit(rows[kept], labels[kept])
    own = rows[kept][:4] - rows[kept][:4].mean(axis=0)
    wanted = common.T @ common + 0.01 * np.eye(NUM_VALUES)
    misses = [np.linalg.norm(found - wanted) for found in (covariance(gaussian, 0), own.T @ own / 3)]
    assert misses[0] < 0.4 * np.linalg.norm(wanted) and misses[0] < 0.6 * misses[1]


def test_covariance_is_that_of_regularised_discriminant_analysis():
    rows, labels = draw(40, [mixing(1), mixing(2)], noise=0.0)
    gaussian = fit(rows, labels, sharing=0.4, components=7, shrinkage=0.3)
    own, within = np.cov(rows[labels == 0].T), sum(np.cov(rows[labels == label].T) for label in (0, 1)) / 2
    between = gaussian.basis @ (0.6 * own + 0.4 * within) @ gaussian.basis.T
    wanted = 0.7 * between + 0.3 * np.trace(between) / 7 * np.eye(7)
    inner = gaussian.factors[0].T @ gaussian.factors[0]
    np.testing.assert_allclose(inner, wanted, atol=1e-4 * np.abs(wanted).max())
    assert gaussian.shrinkage == 0.3


def test_components_of_smoothed_clips_are_those_in_which_whole_clips_differ():
    rng, labels = np.random.default_rng(0), np.arange(12) % 2
    spectrum = np.cos(np.arange(8.0))
    clips = rng.normal(size=(12, 1, 1)) * spectrum + rng.normal(size=(12, 40, 8))  # each clip's level and noise
    rows = ClassRows(clips.reshape(12, -1).astype(np.float32), labels, np.arange(12), 2, (40, 8, 1))
    steady = np.tile(spectrum, 40) / np.linalg.norm(np.tile(spectrum, 40))
    found = {smoothing: principal_components(rows, 1, smoothing).rows[0] for smoothing in (0.0, 40.0)}
    assert abs(found[40.0] @ steady) > max(0.95, abs(found[0.0] @ steady) + 0.02)
    assert np.abs(found[40.0].reshape(40, 8) - found[40.0].reshape(40, 8).mean(axis=0)).max() < 0.01


def test_shrinkage_follows_from_clips_that_were_left_out():
    rng, labels = np.random.default_rng(0), np.arange(24) % 2
    alike = rng.normal(size=(24, 20)).astype(np.float32)  # every value has the same deviation
    apart = rng.normal(size=(600, 20)).astype(np.float32) * np.geomspace(1.0, 0.01, 20, dtype=np.float32)
    assert fit(alike, labels, sharing=1.0, components=20, shrinkage=None).shrinkage >= 0.7
    assert fit(apart, np.arange(600) % 2, sharing=1.0, components=20, shrinkage=None).shrinkage == 0.0


def test_sharing_and_shrinkage_are_chosen_together_where_neither_is_given():
    rows, labels = draw(24, [mixing(1), mixing(2)], noise=0.3)
    left_out = left_out_of(rows, labels)
    chosen = likeliest(left_out)
    totals = {
        (sharing, shrinkage): sum(log_likelihoods(part, (sharing,), (shrinkage,))[0, 0] for part in left_out)
        for sharing in SHARING_CANDIDATES
        for shrinkage in SHRINKAGE_CANDIDATES
    }
    assert totals[chosen] == max(totals.values())
    assert likeliest(left_out, 0.1, 0.9) == (0.1, 0.9)


@pytest.mark.parametrize(("sharing", "shrinkage"), [(0.0, 0.1), (0.5, 0.0), (1.0, 1.0)])
def test_likelihood_is_that_of_a_normal_distribution(sharing, shrinkage):
    rows, labels = draw(30, [mixing(1), mixing(2)], noise=0.3)
    part = left_out_of(rows, labels)[0]
    scores, stayed = part.basis.scores.astype(np.float64), part.basis.labels
    own = [scores[stayed == label].T @ scores[stayed == label] / 11 for label in (0, 1)]  # 12 of 15 clips stay
    wanted = 0.0
    for label in (0, 1):
        between = (1 - sharing) * own[label] + sharing * (own[0] + own[1]) / 2
        covariance = (1 - shrinkage) * between + shrinkage * np.trace(between) / NUM_COMPONENTS * np.eye(NUM_COMPONENTS)
        left = part.scores[part.labels == label]
        density = multivariate_normal(np.zeros(NUM_COMPONENTS), covariance)
        wanted += density.logpdf(left).sum() + len(left) * NUM_COMPONENTS / 2 * np.log(2 * np.pi)
    np.testing.assert_allclose(log_likelihoods(part, (sharing,), (shrinkage,)), [[wanted]], rtol=1e-5)


def test_covariance_of_too_few_clips_is_impossible_unless_it_is_shrunk():
    rows, labels = draw(12, [mixing(1), mixing(2)], noise=1.0)
    part = left_out_of(rows, labels, components=8)[0]
    found = log_likelihoods(part, (0.0, 1.0), (0.0, 0.1))
    assert found[0, 0] == -np.inf and np.isfinite(found[[0, 1, 1], [1, 0, 1]]).all()


def test_share_of_the_mean_follows_from_clips_that_were_left_out():
    common, few, many = mixing(1), 16, 400
    alike = fit(*draw(few, [common, common], noise=0.1))
    apart = fit(*draw(many, [common, 0.05 * mixing(2)], noise=0.01))
    assert alike.sharing == 1.0 and apart.sharing == 0.0


def test_clips_of_one_recording_are_left_out_together():
    rows, labels = draw(24, [mixing(1), mixing(2)], noise=1.0)
    twice, twice_labels = np.repeat(rows, 2, axis=0), np.repeat(labels, 2)
    together = fit(twice, twice_labels, 1.0, recordings=np.repeat(np.arange(24), 2), components=40)
    alone = fit(twice, twice_labels, 1.0, components=40)
    assert together.residual.mean() > 2 * alone.residual.mean()  # a copy of each left-out clip was in the basis


def test_class_of_one_clip_has_the_covariance_of_all():
    rows, labels = draw(20, [mixing(1), mixing(2)], noise=0.1)
    kept = np.flatnonzero((labels == 0) | (np.arange(20) == 1))
    gaussian = fit(rows[kept], labels[kept], sharing=0.0)
    np.testing.assert_allclose(covariance(gaussian, 1), covariance(gaussian, 0), rtol=0.2, atol=1.0)
    assert np.linalg.norm(covariance(gaussian, 1)) > 0


def test_recordings_that_cannot_be_left_out_give_a_note():
    rows, labels = draw(8, [mixing(1), mixing(2)], noise=0.1)
    gaussian = fit(rows, labels, recordings=labels)
    assert len(gaussian.notes) == 1 and "no class has two recordings" in gaussian.notes[0]
    assert fit(rows, labels).notes == ()


def test_pairs_that_fall_into_one_fold_are_left_out_clip_by_clip():
    labels = np.array([0, 0, 1, 2, 3, 4, 4])  # in five folds both pairs lose a clip to the same fold
    rows = np.zeros((7, NUM_VALUES), np.float32)
    rows[:2, 0], rows[5:, 1] = (1.0, -1.0), (2.0, -2.0)
    gaussian = fit(rows, labels)
    # A clip left out lies 2 or 4 from its twin, over the root of 2 as the twin is a mean of one; the squares of the
    # four clips are (2 + 2 + 0 + 0) / 4 in the first value and (0 + 0 + 8 + 8) / 4 in the second.
    np.testing.assert_allclose(gaussian.residual[:3], [1.0, 2.0, 0.0], atol=1e-6)
    assert gaussian.notes == ()


def test_too_few_clips_are_refused_in_one_line():
    rows, labels = draw(4, [mixing(1), mixing(2), mixing(3)], noise=0.1)
    with pytest.raises(InputError, match="expected two clips more than there are classes .* got 4 clips of 3 classes"):
        fit(rows, labels)


def test_identical_clips_give_no_components_and_no_deviation():
    rows = np.repeat(np.arange(2, dtype=np.float32), 4)[:, np.newaxis] * np.ones(NUM_VALUES, np.float32)
    gaussian = fit(rows, np.repeat([0, 1], 4))
    assert gaussian.basis.shape == (0, NUM_VALUES)
    np.testing.assert_array_equal(gaussian.residual, 0.0)
    np.testing.assert_array_equal(gaussian.means, [[0.0] * NUM_VALUES, [1.0] * NUM_VALUES])
