"""One step of training, against NumPy: a network of one layer of weights has gradients in closed form."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.classifiers.augmentation.policies import make_policy
from gansynth_isa.classifiers.steps import BatchRules, make_run_steps
from gansynth_isa.spectral.standardisation import Standardisation

SHAPE = (2, 3, 1)
BATCH, NUM_REAL, NUM_CLASSES = 6, 4, 2
RATE = 0.5
MOMENTUM = 0.9

rng = np.random.default_rng(0)
CLIPS = rng.normal(size=(BATCH, *SHAPE)).astype(np.float32)
CLIPS[NUM_REAL:] += 3.0
LABELS = np.array([0, 1, 1, 0, 1, 0], np.int32)
WEIGHTS = rng.normal(size=(6, NUM_CLASSES)).astype(np.float32)


def linear_network(normalised=False):
    inputs = keras.Input(SHAPE)
    x = keras.layers.BatchNormalization(momentum=MOMENTUM)(inputs) if normalised else inputs
    head = keras.layers.Dense(NUM_CLASSES, activation="softmax")
    network = keras.Model(inputs, head(keras.layers.Flatten()(x)))
    head.set_weights([WEIGHTS, np.zeros(NUM_CLASSES, np.float32)])
    return network


def after_one_step(rules, network, num_real=NUM_REAL):
    """(loss, weights of the last layer) after one step of plain gradient descent."""
    standardise = Standardisation(np.zeros(SHAPE[1:]), np.ones(SHAPE[1:]))
    optimizer = keras.optimizers.SGD(RATE)
    optimizer.build(network.trainable_variables)
    run_steps = make_run_steps(standardise, network, optimizer, rules)
    counts = np.array([num_real], np.int32)
    losses = run_steps(CLIPS[np.newaxis], LABELS[np.newaxis], counts, tf.constant(0)).numpy()
    return losses[0], network.layers[-1].get_weights()[0]


def expected_step(clips, targets, weights):
    """The same by hand: softmax regression, whose gradient is x (p - y), each clip with its share of the loss."""
    x, shares = clips.reshape(BATCH, -1), np.asarray(weights) / np.sum(weights)
    logits = x @ WEIGHTS
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = -(shares[:, np.newaxis] * targets * np.log(p)).sum()
    return loss, WEIGHTS - RATE * x.T @ (shares[:, np.newaxis] * (p - targets))


ONE_HOT = np.eye(NUM_CLASSES, dtype=np.float32)[LABELS]


def check(found, expected):
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-6)


def test_step_weighs_all_clips_the_same_by_default():
    check(after_one_step(BatchRules(), linear_network()), expected_step(CLIPS, ONE_HOT, np.ones(BATCH)))


@pytest.mark.parametrize(("num_real", "weights"), [(4, [1, 1, 1, 1, 0.3, 0.3]), (6, [1] * 6), (0, [0.3] * 6)])
def test_step_with_a_weight_of_synthetic_clips_takes_the_weighted_mean_of_the_losses(num_real, weights):
    found = after_one_step(BatchRules(synthetic_weight=0.3), linear_network(), num_real)
    check(found, expected_step(CLIPS, ONE_HOT, weights))


def test_step_mixes_the_weights_as_it_mixes_the_clips():
    def mix(values):
        return 0.75 * values + 0.25 * values[::-1]

    found = after_one_step(BatchRules(lambda clips, y, _: (mix(clips), mix(y)), synthetic_weight=0.4), linear_network())
    weights = np.array([1, 1, 1, 1, 0.4, 0.4])
    mixed_weights = mix(weights)
    targets = mix(ONE_HOT * weights[:, np.newaxis]) / mixed_weights[:, np.newaxis]
    check(found, expected_step(mix(CLIPS), targets, mixed_weights))


@pytest.mark.parametrize("num_real", [4, 6, 0])
def test_step_that_augments_real_clips_alone_leaves_the_synthetic_ones_as_they_are(num_real):
    rules = BatchRules(lambda clips, y, _: (2.0 * clips, y[:, ::-1]), augments_synthetic=False)
    changed, targets = CLIPS.copy(), ONE_HOT.copy()
    changed[:num_real] *= 2.0
    targets[:num_real] = targets[:num_real, ::-1]
    check(after_one_step(rules, linear_network(), num_real), expected_step(changed, targets, np.ones(BATCH)))


@pytest.mark.parametrize("name", ["spectrogram", "mixup_image_pool"])
def test_policy_takes_a_batch_without_a_clip(name):
    policy = make_policy(name, 0.5, 0.2, seed=0)
    clips, targets = tf.function(policy)(tf.zeros((0, 4, 8, 1)), tf.zeros((0, 2)), tf.constant(3))
    assert clips.shape == (0, 4, 8, 1) and targets.shape == (0, 2)


def normalised(clips):
    """By the mean and variance of the only channel, as batch normalisation does; its constant is 0.001."""
    return (clips - clips.mean()) / np.sqrt(clips.var() + 1e-3)


def test_step_with_statistics_apart_normalises_each_part_alone_and_keeps_the_statistics_of_the_real_one():
    network = linear_network(normalised=True)
    loss, _ = after_one_step(BatchRules(statistics_apart=True), network)
    real, synthetic = CLIPS[:NUM_REAL], CLIPS[NUM_REAL:]
    apart = np.concatenate([normalised(real), normalised(synthetic)])
    assert loss == pytest.approx(expected_step(apart, ONE_HOT, np.ones(BATCH))[0], rel=1e-4)
    layer = network.layers[1]
    np.testing.assert_allclose(layer.moving_mean, [(1 - MOMENTUM) * real.mean()], rtol=1e-4)
    np.testing.assert_allclose(layer.moving_variance, [MOMENTUM + (1 - MOMENTUM) * real.var()], rtol=1e-4)


def test_step_with_joint_statistics_normalises_the_whole_batch():
    network = linear_network(normalised=True)
    loss, _ = after_one_step(BatchRules(), network)
    assert loss == pytest.approx(expected_step(normalised(CLIPS), ONE_HOT, np.ones(BATCH))[0], rel=1e-4)
