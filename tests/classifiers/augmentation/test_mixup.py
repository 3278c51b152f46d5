import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import beta, kstest

from gansynth_isa.classifiers.augmentation.dice import split, step_seed
from gansynth_isa.classifiers.augmentation.mixup import MIXUP_STREAM, Mixup, beta_weights
from gansynth_isa.errors import InputError

COUNT, CLASSES = 64, 5
# A clip's values are its number, so that a mixture tells its parts.
CLIPS = np.broadcast_to(np.arange(COUNT, dtype=np.float32)[:, None, None, None], (COUNT, 3, 4, 2))
CLASS_WEIGHTS = np.eye(CLASSES, dtype=np.float32)[np.arange(COUNT) % CLASSES]
SEED = tf.constant([3, 4], tf.int32)


def test_mixup_mixes_clips_and_class_weights_by_the_same_weights_with_the_same_partners():
    clips, weights = (part.numpy() for part in Mixup(1.0, 0)(CLIPS, np.eye(COUNT, dtype=np.float32), 0))
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-6)
    assert weights.min() >= 0.0
    # With a class for each clip the weights say what was mixed.
    np.testing.assert_allclose(clips, np.tensordot(weights, CLIPS, axes=1), rtol=1e-5, atol=1e-4)
    assert ((weights > 0).sum(axis=1) <= 2).all() and ((weights > 0).sum(axis=1) == 2).mean() > 0.9
    # Every clip is a partner once: it appears under its own number and under one other.
    assert (np.count_nonzero(weights, axis=0) <= 2).all()


def test_mixup_of_class_weights_keeps_their_sum():
    _, weights = Mixup(0.2, 0)(CLIPS, CLASS_WEIGHTS, 0)
    assert weights.shape == (COUNT, CLASSES)
    np.testing.assert_allclose(weights.numpy().sum(axis=1), 1.0, atol=1e-6)


@pytest.mark.parametrize("alpha", [0.2, 1.0, 4.0])
def test_mixup_s_weights_have_the_beta_distribution_of_scipy(alpha):
    weights = beta_weights(4000, alpha, SEED).numpy()
    assert kstest(weights, beta(alpha, alpha).cdf).pvalue > 0.01


@pytest.mark.parametrize("alpha", [1e-3, 1e3])
def test_mixup_s_weights_are_finite_for_extreme_alphas(alpha):
    weights = beta_weights(4000, alpha, SEED).numpy()
    assert np.isfinite(weights).all() and weights.min() >= 0.0 and weights.max() <= 1.0
    assert weights.mean() == pytest.approx(0.5, abs=0.03)


def test_mixup_depends_on_seed_and_step_alone_in_and_out_of_a_graph():
    first = Mixup(0.2, 1)(CLIPS, CLASS_WEIGHTS, 5)[0].numpy()
    np.testing.assert_array_equal(Mixup(0.2, 1)(CLIPS, CLASS_WEIGHTS, 5)[0].numpy(), first)
    graph = tf.function(Mixup(0.2, 1))
    np.testing.assert_allclose(graph(CLIPS, CLASS_WEIGHTS, tf.constant(5))[0].numpy(), first, atol=1e-4)
    assert (Mixup(0.2, 1)(CLIPS, CLASS_WEIGHTS, 6)[0].numpy() != first).any()
    assert (Mixup(0.2, 2)(CLIPS, CLASS_WEIGHTS, 5)[0].numpy() != first).any()


@pytest.mark.parametrize("count", [0, 1])
def test_mixup_of_no_clip_and_of_one_gives_it_back(count):
    clips, weights = Mixup(0.2, 0)(CLIPS[:count], CLASS_WEIGHTS[:count], 0)
    np.testing.assert_allclose(clips.numpy(), CLIPS[:count])
    np.testing.assert_allclose(weights.numpy(), CLASS_WEIGHTS[:count])


def test_mixup_with_an_alpha_of_zero_is_refused():
    with pytest.raises(InputError, match="mixup_alpha: expected more than 0, got 0"):
        Mixup(0, 0)


def test_mixup_throws_other_dice_than_the_operations_before_it():
    seeds = [tuple(seed.numpy()) for stream in (0, MIXUP_STREAM) for seed in split(step_seed(3, 5, stream), 20)]
    assert len(set(seeds)) == 40
