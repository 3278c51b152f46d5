"""What each learner makes of unlabelled clips, and the loss of a whole step."""

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.classifiers.batches import ClassifierBatches
from gansynth_isa.classifiers.steps import BatchRules
from gansynth_isa.classifiers.supervised import Training
from gansynth_isa.classifiers.unlabelled.augmentations import (
    STUDENT_STREAM,
    strong_augmentation,
    weak_augmentation,
)
from gansynth_isa.classifiers.unlabelled.guesses import Alignment, WeightAverage
from gansynth_isa.classifiers.unlabelled.parts import FixMatch, MeanTeacher, PseudoLabels
from gansynth_isa.classifiers.unlabelled.steps import make_run_both
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.spectral.standardisation import Standardisation

SHAPE = (1, 2, 1)
STEP = tf.constant(0)


def linear(weights):
    """A network whose logits are values @ weights."""
    network = keras.Sequential([keras.Input(SHAPE), keras.layers.Flatten(), keras.layers.Dense(2, use_bias=False)])
    model = keras.Model(network.inputs, keras.layers.Softmax()(network.outputs[0]))
    model.set_weights([np.array(weights, np.float32)])
    return model


def clips_of(*values):
    return np.array(values, np.float32).reshape(-1, *SHAPE)


def softmax(logits):
    shares = np.exp(np.asarray(logits, float))
    return shares / shares.sum(axis=-1, keepdims=True)


def same(clips, step):
    return clips


def negated(clips, step):
    return -clips


def test_fixmatch_labels_the_strong_view_by_the_guess_for_the_weak_one():
    part = FixMatch(linear([[2, 0], [0, 2]]), same, negated, threshold=0.8, alignment=None)
    # Probabilities of (1, 0) are 1 / (1 + e^-2) = 0.88 for the first class, of (0.5, 0) 1 / (1 + e^-1) = 0.73.
    seen, targets = part.lessons(tf.constant(clips_of([1, 0], [0.5, 0], [0, 3])), tf.constant([-1, -1, -1]), STEP)
    np.testing.assert_array_equal(np.reshape(seen, (3, 2)), [[-1, 0], [-0.5, 0], [0, -3]])
    np.testing.assert_array_equal(targets, [[1, 0], [0, 0], [0, 1]])


def test_fixmatch_guesses_by_the_aligned_probabilities():
    alignment = Alignment(np.array([0.2, 0.8]), decay=0.0)
    part = FixMatch(linear([[0, 0], [0, 0]]), same, same, threshold=0.75, alignment=alignment)
    # All guesses are (0.5, 0.5), their mean too: aligned they are (0.2, 0.8).
    _, targets = part.lessons(tf.constant(clips_of([1, 1])), tf.constant([-1]), STEP)
    np.testing.assert_array_equal(targets, [[0, 1]])


def test_mean_teacher_asks_for_the_teacher_s_probabilities_of_another_view():
    part = MeanTeacher(linear([[1, 0], [0, 1]]), weak=negated, students=same)
    seen, targets = part.lessons(tf.constant(clips_of([1, 0])), tf.constant([-1]), STEP)
    np.testing.assert_array_equal(np.reshape(seen, (1, 2)), [[1, 0]])
    np.testing.assert_allclose(targets, [softmax([-1, 0])], rtol=1e-6)


def test_pseudo_labels_are_those_that_were_guessed_and_none_elsewhere():
    part = PseudoLabels(2, None)
    _, targets = part.lessons(tf.constant(clips_of([1, 0], [0, 0])), tf.constant([1, -1]), STEP)
    np.testing.assert_array_equal(targets, [[0, 1], [0, 0]])


def test_step_adds_the_weighted_loss_of_unlabelled_clips_and_moves_the_average():
    weights = [[1.0, 0.0], [0.0, 0.5]]
    network, teacher = linear(weights), linear(weights)
    clips, others = clips_of([1, 0], [0, 1]), clips_of([3, 0], [0.1, 0.0])
    batches = ClassifierBatches(clips, np.array([0, 1]), None, None, batch_size=2, seed=0)
    optimizer = keras.optimizers.SGD(0.5)
    standardise = Standardisation(np.zeros((2, 1)), np.ones((2, 1)))
    training = Training(
        ClassifierConfig(), standardise, network, optimizer, batches, BatchRules(), 10, None, ("a", "b")
    )
    average = WeightAverage(network, teacher, half_life_steps=1.0)
    part = FixMatch(teacher, same, negated, threshold=0.9, alignment=None)
    # Rise over four steps, the second of which is step 1: exp(-5 (3/4)^2).
    run = make_run_both(training, part, average, 2.0, (0, 4))
    labels, guesses = np.array([[0, 1]]), np.full((1, 2), -1, np.int32)
    losses, shares = run(clips[np.newaxis], labels, np.array([2]), others[np.newaxis], guesses, tf.constant(1))
    probabilities = softmax([[1, 0], [0, 0.5]])
    labelled = -(np.log(probabilities[0, 0]) + np.log(probabilities[1, 1])) / 2
    # Of the others the first is sure of class 0 (0.95); its strong view has logits (-3, 0).
    unlabelled = -np.log(softmax([-3, 0])[0]) / 2
    expected = labelled + 2.0 * np.exp(-5 * 0.75**2) * unlabelled
    np.testing.assert_allclose(losses, [expected], rtol=1e-5)
    np.testing.assert_allclose(shares, [0.5])
    (moved,), (mean,) = network.get_weights(), teacher.get_weights()
    assert not np.allclose(moved, weights)
    np.testing.assert_allclose(mean, (moved + np.array(weights)) / 2, rtol=1e-6)


def noise(count=200):
    return tf.constant(np.random.default_rng(0).normal(size=(count, 8, 4, 1)).astype(np.float32))


def test_weak_augmentation_shifts_in_time_and_changes_the_level_within_its_strength():
    config = ClassifierConfig(unlabelled_weak_strength=0.5)
    clips = noise()
    changed = weak_augmentation(config)(clips, tf.constant(3)).numpy()
    # A quarter of 8 frames to either side at most, a gain of 0.25 at most.
    shifts = [np.roll(clips, shift, axis=1) for shift in range(-2, 3)]
    gains = np.stack([(changed - shifted).mean(axis=(1, 2, 3)) for shifted in shifts])
    misfits = np.stack([(changed - shifted).std(axis=(1, 2, 3)) for shifted in shifts])
    best = misfits.argmin(axis=0)
    assert (misfits.min(axis=0) < 1e-5).all() and set(best) == {0, 1, 2, 3, 4}
    chosen = gains[best, np.arange(len(best))]
    assert np.abs(chosen).max() <= 0.25 and np.abs(chosen).max() > 0.2


def test_weak_augmentation_without_strength_leaves_clips_alone():
    clips = noise(4)
    np.testing.assert_array_equal(weak_augmentation(ClassifierConfig(unlabelled_weak_strength=0.0))(clips, STEP), clips)


def test_augmentations_repeat_by_seed_and_step_and_throw_dice_of_their_own():
    config, clips = ClassifierConfig(), noise(8)
    weak, students = weak_augmentation(config), weak_augmentation(config, STUDENT_STREAM)
    np.testing.assert_array_equal(weak(clips, tf.constant(1)), weak(clips, tf.constant(1)))
    assert (weak(clips, tf.constant(1)).numpy() != weak(clips, tf.constant(2)).numpy()).any()
    assert (weak(clips, tf.constant(1)).numpy() != students(clips, tf.constant(1)).numpy()).any()


def test_strong_augmentation_with_a_pool_of_image_operations_does_not_mix_clips():
    config = ClassifierConfig(augmentation="mixup_image_pool")
    clips = noise(16)
    np.testing.assert_array_equal(strong_augmentation(config, 0.0)(clips, STEP), clips)
    assert (strong_augmentation(config, 1.0)(clips, STEP).numpy() != clips.numpy()).any()
