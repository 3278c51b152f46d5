import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, precision_score

from gansynth_isa.classifiers.scores import (
    confusion_matrix,
    mean_per_file,
    mean_recall,
    precision_per_class,
    recall_per_class,
    score,
)

# Two files of class a (three clips and one), one of class b (two clips); none of class c.
PROBABILITIES = np.array(
    [[0.9, 0.1, 0.0], [0.4, 0.6, 0.0], [0.4, 0.6, 0.0], [0.2, 0.8, 0.0], [0.3, 0.7, 0.0], [0.6, 0.4, 0.0]]
)
LABELS = np.array([0, 0, 0, 0, 1, 1])
FILES = ("a1", "a1", "a1", "a2", "b1", "b1")


def test_score_of_a_hand_made_case_equals_the_hand_computation():
    result = score(PROBABILITIES, LABELS, FILES, ("a", "b", "c"))
    assert result["accuracy_per_clip"] == pytest.approx(2 / 6)
    # a1: mean 0.567 for a, right although two of three clips say b; a2 wrong; b1: mean 0.55 for b, right.
    assert result["accuracy_per_file"] == pytest.approx(2 / 3)
    assert result["confusion_matrix"] == [[1, 3, 0], [1, 1, 0], [0, 0, 0]]
    assert result["recall"] == {"a": 0.25, "b": 0.5, "c": None}
    assert result["precision"] == {"a": 1 / 2, "b": 1 / 4, "c": None}
    assert result["mean_recall"] == pytest.approx((0.25 + 0.5) / 2)


def test_score_of_an_empty_test_side_has_no_accuracy():
    result = score(np.zeros((0, 2)), np.zeros(0, int), (), ("a", "b"))
    assert result["accuracy_per_clip"] is None and result["accuracy_per_file"] is None
    assert result["confusion_matrix"] == [[0, 0], [0, 0]]
    assert result["mean_recall"] is None and result["precision"] == {"a": None, "b": None}


def test_mean_per_file_does_not_depend_on_the_order_of_clips():
    order = np.array([5, 2, 0, 3, 1, 4])
    shuffled = mean_per_file(PROBABILITIES[order], LABELS[order], [FILES[index] for index in order])
    for left, right in zip(shuffled, mean_per_file(PROBABILITIES, LABELS, FILES), strict=True):
        np.testing.assert_allclose(left, right)


def test_confusion_matrix_has_true_classes_as_rows():
    assert confusion_matrix(np.array([0, 0]), np.array([1, 1]), 2).tolist() == [[0, 2], [0, 0]]


def test_recall_of_a_class_without_clips_is_none():
    assert recall_per_class(np.array([[3, 1], [0, 0]]), ("a", "b")) == {"a": 0.75, "b": None}


def test_mean_recall_equals_scikit_learns_balanced_accuracy_and_precision_its_precision():
    rng = np.random.default_rng(0)
    labels, guesses = rng.choice(4, 200, p=[0.7, 0.2, 0.05, 0.05]), rng.integers(0, 4, 200)
    matrix = confusion_matrix(labels, guesses, 4)
    assert mean_recall(matrix) == pytest.approx(balanced_accuracy_score(labels, guesses))
    expected = precision_score(labels, guesses, average=None)
    np.testing.assert_allclose(list(precision_per_class(matrix, "abcd").values()), expected)
